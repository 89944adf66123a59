/**
 * Tells what a patch is made of and what it costs: `deno task inspect --help`.
 *
 * @module
 */
import type { GraphSnapshot, Samples } from "../../core/snapshot/mod.ts";
import { restore } from "../../core/snapshot/mod.ts";
import type { CostProfile, Engine } from "../../mod.ts";
import { layout } from "../../core/layout.ts";
import { render } from "../../drivers/offline.ts";
import { libraryWith, TYPES } from "./library.ts";
import { onlyFile, readCommandLine } from "./options.ts";
import { OwnNodes } from "./own_nodes.ts";
import { readPatch } from "./read_patch.ts";
import { readSamples } from "./read_samples.ts";
import { runCommand } from "./usage_error.ts";

const HELP = `Tells whether a patch is valid, what it is made of and what it costs.

  deno task inspect patch.json

  --nodes FILE   a module whose nodes the patch may use (again for another module)
  -h, --help     show this`;

/** Seconds of sound that are rendered first, while the machine code of the kernels settles. */
const WARM_UP = 0.25;
/** The cost is measured in so many turns of so many seconds each. */
const [TURNS, TURN] = [40, 0.05];
/** Node types that are named as the dearest. */
const DEAREST = 3;

/** Carries out a command line; the answer is the exit code. */
async function inspect(args: readonly string[]): Promise<number> {
  const line = readCommandLine(args, {});
  if (line.help) {
    console.log(HELP);
    return 0;
  }
  const file = onlyFile(line);
  const { types, codec } = libraryWith((await OwnNodes.open(line.nodes)).types);
  const graph = await readPatch(file, codec);
  console.log(await describe(graph, await readSamples(file, graph), types));
  return 0;
}

/** A few lines about a patch. @throws {SchemaError} If no engine can be made of it */
export async function describe(
  graph: GraphSnapshot,
  samples?: Samples,
  types = TYPES,
): Promise<string> {
  const engine = restore(graph, { types, samples });
  const { capacity } = engine.shared;
  const heap = capacity.heapBytes - engine.freeMemory.heapBytes;
  const { share, profile } = await costOf(engine);
  const rows: [name: string, value: string][] = [
    ["valid", "yes"],
    ["nodes", `${graph.nodes.length}: ${counts(graph)}`],
    ["connections", `${graph.edges.length} between nodes, ${graph.outputs.length} to the output`],
    ["modulations", String(graph.modulations.length)],
    ["engine", `${engine.sampleRate} Hz, ${capacity.outputs} out, ${capacity.inputs} in`],
    ["memory", `${layout(capacity).bytes} bytes; of its heap ${heap} of ${capacity.heapBytes}`],
    ["CPU", `about ${(100 * share).toPrecision(2)} % of one core, measured on this machine`],
    ["dearest", dearest(profile)],
  ];
  const head = [graph.title, graph.about].filter((text) => text !== undefined);
  return [...head, ...rows.map(([name, value]) => name.padEnd(13) + value)].join("\n");
}

/** Types by how often they appear, the most frequent first. */
function counts({ nodes }: GraphSnapshot): string {
  const byType = [...Map.groupBy(nodes, ({ type }) => type)];
  return byType
    .sort(([a, { length: m }], [b, { length: n }]) => n - m || (a < b ? -1 : 1))
    .map(([type, { length }]) => length === 1 ? type : `${length} ${type}`)
    .join(", ");
}

/** What it takes to render: share of real time, the median of many short turns, and who takes it. */
async function costOf(engine: Engine): Promise<{ share: number; profile: CostProfile }> {
  const shares: number[] = [];
  const length = TURN * engine.sampleRate * engine.output.channels;
  let [samples, start] = [0, performance.now()];
  for await (const block of render(engine, { seconds: WARM_UP + TURNS * TURN })) {
    samples += block.length;
    if (samples < length) continue;
    const now = performance.now();
    shares.push((now - start) / 1000 / TURN);
    [samples, start] = [0, now];
  }
  const settled = shares.slice(-TURNS).sort((a, b) => a - b);
  const profile = engine.profile();
  for await (const _ of render(engine, { seconds: 1 }));
  return { share: settled[settled.length >> 1], profile: profile.stop() };
}

/** The types that take most of the time of all nodes. */
function dearest({ types }: CostProfile): string {
  const all = types.reduce((sum, { share }) => sum + share, 0);
  return types.slice(0, DEAREST).map(({ type, share }) =>
    `${type} ${Math.round(100 * share / all)} %`
  ).join(", ");
}

if (import.meta.main) await runCommand(inspect);
