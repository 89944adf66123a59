/**
 * Measures rendering ahead in stems: `deno run -A bench/stems_bench.ts [--rounds N]`.
 *
 * One thread, two that share out each block, two that render stems ahead, and two engines that have
 * nothing to do with each other take turns of a tenth of a second, so that what else the machine does
 * meets all alike. Two engines are what can be had from the machine.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { Engine } from "../core/control/engine.ts";
import { type GraphSnapshot, restore, type Samples, snapshot } from "../core/snapshot/mod.ts";
import { type Playable, render } from "../drivers/offline.ts";
import { Engine as ParallelEngine } from "../drivers/parallel.ts";
import { splitIntoStems } from "../drivers/stems.ts";
import { StemAhead } from "../drivers/stems/stem.ts";
import { CODEC, TYPES } from "../tools/patch/library.ts";
import { readPatch } from "../tools/patch/read_patch.ts";
import { readSamples } from "../tools/patch/read_samples.ts";
import { HEAVY } from "./heavy.ts";
import { describe } from "./machine.ts";
import { figure, table } from "./table.ts";
import { median } from "./timing.ts";

const PATCHES = new URL("../examples/patches/", import.meta.url).pathname;
/** Frames rendered at once, as `deno task render` does. */
const BLOCK = 512;
const TURN_MS = 100;
const WARM_MS = 700;
/** What has been rendered ahead during the turns of others is rendered before a turn is measured. */
const LEAD_MS = 60;

/** What is rendered. */
interface Piece {
  readonly name: string;
  readonly graph: GraphSnapshot;
  readonly samples?: Samples;
}

/** Who takes turns. */
const WAYS = ["one", "blocks", "stems", "pair"] as const;
type Way = typeof WAYS[number];

async function* pieces(): AsyncGenerator<Piece> {
  for (const workload of HEAVY) {
    const engine = new Engine({ capacity: workload.capacity });
    workload.build(engine, 3600);
    yield { name: workload.name, graph: snapshot(engine) };
  }
  const files = [...Deno.readDirSync(PATCHES)].filter(({ isFile }) => isFile);
  for (const { name } of files.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = PATCHES + name;
    const graph = await readPatch(path, CODEC);
    yield { name, graph, samples: await readSamples(path, graph) };
  }
}

/** Measures one piece; a row of the table. */
async function measure({ name, graph, samples }: Piece, rounds: number): Promise<string[]> {
  const options = { types: TYPES, samples, blockFrames: BLOCK };
  const make = (own: object) => new ParallelEngine({ ...own, workers: 1 });
  const helped = restore(graph, { ...options, make });
  using stems = await splitIntoStems(graph, { ...options, workers: 1, speedUp: 1 });
  if (!stems) return [name, "undivided"];
  const rival = new StemAhead(restore(graph, { ...options, blockFrames: 64 }), BLOCK);
  await rival.start();
  const blocksOf = (engine: Playable) => render(engine)[Symbol.asyncIterator]();
  const one = blocksOf(restore(graph, options));
  const renders = { one, blocks: blocksOf(helped), stems: blocksOf(stems), pair: one };

  /** Microseconds for 64 frames. */
  const turn = async (way: Way, ms: number = TURN_MS): Promise<number> => {
    if (ms > LEAD_MS) await turn(way, LEAD_MS);
    const start = performance.now();
    let now = start;
    let blocks = 0;
    for (; now < start + ms; blocks++, now = performance.now()) {
      await renders[way].next();
      if (way !== "pair") continue;
      rival.waitFor(BLOCK, null);
      rival.ring.free(BLOCK);
    }
    return 1000 * (now - start) / (blocks * BLOCK / 64);
  };

  for (const way of WAYS) await turn(way, WARM_MS);
  const times: Record<Way, number[]> = { one: [], blocks: [], stems: [], pair: [] };
  for (let k = 0; k < rounds; k++) for (const way of WAYS) times[way].push(await turn(way));
  for (const blocks of Object.values(renders)) await blocks.return(undefined);
  rival.ring.stop();
  const factor = (way: Way, engines = 1) =>
    `${median(times[way].map((us, k) => engines * times.one[k] / us)).toFixed(2)} x`;
  return [
    name,
    figure(median(times.one)),
    factor("blocks"),
    factor("stems"),
    factor("pair", 2),
    `${stems.speedUp.toFixed(2)} x`,
  ];
}

const { values } = parseArgs({ options: { rounds: { type: "string", default: "20" } } });
const rows: string[][] = [];
for await (const piece of pieces()) rows.push(await measure(piece, Number(values.rounds)));
console.log(`${describe()}; medians of ${values.rounds} rounds\n`);
console.log(
  table(["piece", "us for 64 frames", "in blocks", "in stems", "two engines", "expected"], rows),
);
Deno.exit();
