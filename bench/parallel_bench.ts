/**
 * Measures several threads: `deno run -A bench/parallel_bench.ts [--seconds N] [--workers N]`.
 *
 * Prints the speed-up of heavy workloads, what a small graph pays, the size from which on helpers
 * gain, and what 2 to 16 cores would make of the measured costs of tasks.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { forecast } from "../core/control/plan/forecast.ts";
import type { Task } from "../core/control/plan/tasks.ts";
import { render } from "../drivers/offline.ts";
import { Engine } from "../drivers/parallel.ts";
import { gain, noise, svf } from "../nodes/mod.ts";
import { describe, machine } from "./machine.ts";
import { figure, table } from "./table.ts";
import { filters } from "./workloads/filters.ts";
import { W5 } from "./workloads/reverbs.ts";
import { voices } from "./workloads/voices.ts";
import { range, type Workload } from "./workloads/workload.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    workers: { type: "string", default: "1" },
  },
});
const SECONDS = Number(values.seconds);
const WORKERS = Number(values.workers);
/** Shares of blocks that count: the quickest and the middle one. */
const QUANTILES = [0.02, 0.5] as const;

interface Run {
  /** Microseconds of a block by quantile. */
  readonly us: readonly number[];
  readonly tasks: readonly Task[];
  readonly share: number;
}

/** Renders a workload; the first third of the time is for the compilers and for learning costs. */
async function run(workload: Workload, workers: number, threshold?: number): Promise<Run> {
  const engine = new Engine({ workers, threshold, capacity: workload.capacity });
  const perform = workload.build(engine, SECONDS);
  const times: number[] = [];
  let last = performance.now();
  let until = 0;
  for await (const _ of render(engine, { seconds: SECONDS })) {
    if (perform && engine.now >= until) perform(until = engine.now + 12_000);
    const now = performance.now();
    times.push(1000 * (now - last));
    last = performance.now();
  }
  const late = times.slice(times.length / 3).sort((a, b) => a - b);
  const us = QUANTILES.map((q) => late[Math.floor(q * late.length)]);
  const helped = engine.parallel.helpers.reduce((sum, { tasks }) => sum + tasks, 0);
  const all = times.length * Math.max(1, engine.parallel.plan.tasks);
  return { us, tasks: engine.parallelTasks, share: helped / all };
}

/** Runs take turns, so that what else the machine does meets both alike; the best of three counts. */
async function compare(workload: Workload, threshold?: number) {
  const ones: Run[] = [];
  const several: Run[] = [];
  for (let turn = 0; turn < 3; turn++) {
    ones.push(await run(workload, 0));
    several.push(await run(workload, WORKERS, threshold));
  }
  const least = (runs: readonly Run[]) =>
    QUANTILES.map((_, k) => Math.min(...runs.map(({ us }) => us[k])));
  return { one: least(ones), many: least(several), last: several.at(-1)! };
}

console.log(`${describe()}; ${WORKERS} helper(s)\n`);
const heavy: readonly Workload[] = [filters("W2 x 10", 10_000), voices("W3 x 8", 512), W5];
const rows: string[][] = [];
const simulated: string[][] = [];
for (const workload of heavy) {
  const { one, many, last } = await compare(workload);
  const expected = forecast(last.tasks, 1 + WORKERS);
  rows.push([
    workload.name,
    ...one.map(figure),
    ...many.map(figure),
    ...one.map((us, k) => `${(us / many[k]).toFixed(2)} x`),
    `${(expected.sequential / expected.parallel).toFixed(2)} x`,
    `${(100 * last.share).toFixed(0)} %`,
  ]);
  simulated.push([
    workload.name,
    ...[2, 4, 8, 16].map((cores) => {
      const { sequential, parallel } = forecast(last.tasks, cores);
      return `${(sequential / parallel).toFixed(2)} x`;
    }),
    `${(expected.sequential / expected.critical).toFixed(2)} x`,
  ]);
}
console.log("Microseconds of a block of 64 frames: quickest fiftieth and median.\n");
console.log(table(
  [
    "workload",
    "one",
    "median",
    "several",
    "median",
    "speed-up",
    "median",
    "expected",
    "by helpers",
  ],
  rows,
));
console.log(
  "\nSpeed-up on so many cores, from the costs of the tasks (without memory's limits):\n",
);
console.log(table(["workload", "2", "4", "8", "16", "critical path"], simulated));

const small: Workload = {
  name: "10 nodes",
  about: "noise -> 8 filters -> gain",
  build(engine) {
    const source = engine.add(noise);
    const sum = engine.add(gain);
    for (const _ of range(8)) source.connect(engine.add(svf)).connect(sum);
    sum.connect(engine.output);
  },
};
const tiny = await compare(small);
console.log(
  `\nA graph of 10 nodes: ${tiny.one[1].toFixed(2)} us on one thread, ` +
    `${tiny.many[1].toFixed(2)} us with helpers that have nothing to do`,
);

console.log("\nWith helpers always asked, by number of filters:\n");
const sizes: string[][] = [];
for (const count of [100, 200, 400, 800, 1600, 3200]) {
  const { one, many } = await compare(filters("W2", count), 1);
  sizes.push([
    String(count),
    figure(one[1]),
    figure(many[1]),
    `${(one[1] / many[1]).toFixed(2)} x`,
  ]);
}
console.log(table(["filters", "one", "several", "speed-up"], sizes));
console.log(JSON.stringify({ machine: machine() }));
