/**
 * Tells what a patch is made of and what it costs: `deno task inspect --help`.
 *
 * @module
 */
import type { GraphSnapshot } from "../../core/snapshot/mod.ts";
import { restore } from "../../core/snapshot/mod.ts";
import { layout } from "../../core/layout.ts";
import { render } from "../../drivers/offline.ts";
import { TYPES } from "./library.ts";
import { onlyFile, readCommandLine } from "./options.ts";
import { readPatch } from "./read_patch.ts";
import { runCommand } from "./usage_error.ts";

const HELP = `Tells whether a patch is valid, what it is made of and what it costs.

  deno task inspect patch.json

  -h, --help   show this`;

/** Seconds of sound that are rendered first, while the machine code of the kernels settles. */
const WARM_UP = 0.25;

/** Carries out a command line; the answer is the exit code. */
async function inspect(args: readonly string[]): Promise<number> {
  const line = readCommandLine(args, {});
  if (line.help) console.log(HELP);
  else console.log(await describe(await readPatch(onlyFile(line))));
  return 0;
}

/** A few lines about a patch. @throws {SchemaError} If no engine can be made of it */
export async function describe(graph: GraphSnapshot): Promise<string> {
  const engine = restore(graph, { types: TYPES });
  const { capacity } = engine.shared;
  const heap = capacity.heapBytes - engine.freeMemory.heapBytes;
  const took = await secondOfSound(engine);
  const rows: [name: string, value: string][] = [
    ["valid", "yes"],
    ["nodes", `${graph.nodes.length}: ${counts(graph)}`],
    ["connections", `${graph.edges.length} between nodes, ${graph.outputs.length} to the output`],
    ["modulations", String(graph.modulations.length)],
    ["engine", `${engine.sampleRate} Hz, ${capacity.outputs} out, ${capacity.inputs} in`],
    ["memory", `${layout(capacity).bytes} bytes; of its heap ${heap} of ${capacity.heapBytes}`],
    ["CPU", `about ${(100 * took).toFixed(2)} % of one core, measured over a second of sound`],
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

/** Seconds that it takes to render the second that follows the warm-up. */
async function secondOfSound(engine: ReturnType<typeof restore>): Promise<number> {
  for await (const _ of render(engine, { seconds: WARM_UP }));
  const start = performance.now();
  for await (const _ of render(engine, { seconds: 1 }));
  return (performance.now() - start) / 1000;
}

if (import.meta.main) await runCommand(inspect);
