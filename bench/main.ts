/**
 * Measures everything and prints it against its targets: `deno task bench [--quick] [NAME ...]`.
 *
 * Writes the figures as JSON to `bench/results/`.
 *
 * @module
 */
import { describe, machine, versions } from "./machine.ts";
import { measure, type Measurement, measurePlain } from "./measure.ts";
import { measureSeed, SEEDS } from "./seeds.ts";
import { figure, table } from "./table.ts";
import { SEED_TARGETS, TARGETS } from "./targets.ts";
import { median } from "./timing.ts";
import { ALL, type Workload } from "./workloads/mod.ts";

const quick = Deno.args.includes("--quick");
const names = Deno.args.filter((arg) => !arg.startsWith("--"));
const RUNS = quick ? 1 : 3;
/** Seconds of sound in a run: enough for the compilers of the machine to have done their work. */
const SECONDS = quick ? 4 : 8;
const PLAIN_SECONDS = quick ? 1 : 2;

/** What was measured of a workload; microseconds a block. */
interface Result {
  readonly name: string;
  readonly about: string;
  readonly median: number;
  readonly min: number;
  readonly plainMedian: number;
  readonly plainMin: number;
  /** How many times as fast as plain JavaScript, by minima. */
  readonly ratio: number;
  readonly rmsDbfs: number;
  readonly signChangesPerSecond: number;
}

/** Runs take turns, so that what else the machine does meets both alike. */
async function compare(workload: Workload): Promise<Result> {
  const ours: Measurement[] = [];
  const plain: Measurement[] = [];
  for (let run = 0; run < RUNS; run++) {
    ours.push(await measure(workload, { seconds: SECONDS }));
    plain.push(measurePlain(workload, { seconds: PLAIN_SECONDS }));
  }
  const medians = (runs: readonly Measurement[]) => median(runs.map((r) => r.usPerBlock.median));
  const minimum = (runs: readonly Measurement[]) => Math.min(...runs.map((r) => r.usPerBlock.min));
  const { rmsDbfs, signChangesPerSecond } = ours[0];
  return {
    name: workload.name,
    about: workload.about,
    median: medians(ours),
    min: minimum(ours),
    plainMedian: medians(plain),
    plainMin: minimum(plain),
    ratio: minimum(plain) / minimum(ours),
    rmsDbfs,
    signChangesPerSecond,
  };
}

console.log(`${describe()}\n`);

const seeds = SEEDS
  .filter(({ name }) => names.length === 0 || names.includes(name))
  .map((seed) => ({ name: seed.name, unit: seed.unit, ...measureSeed(seed) }));
if (seeds.length) {
  console.log(table(
    ["operation", "median", "min", "target"],
    seeds.map(({ name, unit, median, min }) => [
      name,
      `${figure(median)} ${unit}`,
      `${figure(min)} ${unit}`,
      SEED_TARGETS[name] ? `${SEED_TARGETS[name]} ${unit}` : "",
    ]),
  ));
}

const results: Result[] = [];
for (const workload of ALL) {
  if (names.length === 0 || names.includes(workload.name)) results.push(await compare(workload));
}
if (results.length) {
  console.log("\nMicroseconds of a block of 64 frames at 48 kHz (deadline 1333), one thread:\n");
  console.log(table(
    [
      "workload",
      "median",
      "min",
      "target",
      "native",
      "plain JS",
      "ratio",
      "wanted",
      "dBFS",
      "signs/s",
    ],
    results.map((r) => {
      const { ours, native, overPlain } = TARGETS[r.name];
      return [
        r.name,
        figure(r.median),
        figure(r.min),
        String(ours),
        native ? String(native) : "",
        figure(r.plainMin),
        `${r.ratio.toFixed(1)} x`,
        overPlain ? `${overPlain} x` : "",
        r.rmsDbfs.toFixed(1),
        r.signChangesPerSecond.toFixed(0),
      ];
    }),
  ));
  console.log();
  for (const { name, about } of results) console.log(`${name.padEnd(6)}${about}`);
}

const folder = new URL("./results/", import.meta.url);
await Deno.mkdir(folder, { recursive: true });
const date = new Date().toISOString();
const file = new URL(`${date.replace(/[:.]/g, "-")}.json`, folder);
const all = { date, machine: machine(), versions: versions(), seeds, workloads: results };
await Deno.writeTextFile(file, JSON.stringify(all, null, 2) + "\n");
console.log(`\nWrote ${file.pathname.slice(new URL("../", import.meta.url).pathname.length)}`);
