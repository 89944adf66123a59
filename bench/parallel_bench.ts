/**
 * Measures several threads: `deno run -A bench/parallel_bench.ts [--rounds N] [--workers N]`.
 *
 * Prints the speed-up of heavy workloads beside what the machine gives to two engines that have nothing
 * to do with each other, what a small graph pays, the size from which on helpers gain, and what 2 to
 * 16 cores would make of the measured costs of tasks.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { forecast } from "../core/control/plan/forecast.ts";
import { gain, noise, svf } from "../nodes/mod.ts";
import { HEAVY } from "./heavy.ts";
import { describe, machine } from "./machine.ts";
import { capacity, type Round, rounds, speedUp } from "./rounds.ts";
import { figure, table } from "./table.ts";
import { median } from "./timing.ts";
import { filters } from "./workloads/filters.ts";
import { range, type Workload } from "./workloads/workload.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    workers: { type: "string", default: "1" },
  },
});
const COUNT = Number(values.rounds);
const WORKERS = Number(values.workers);

const times = (factor: number) => Number.isFinite(factor) ? `${factor.toFixed(2)} x` : "";
const middle = (list: readonly Round[], of: (round: Round) => number) => median(list.map(of));

console.log(`${describe()}; ${WORKERS} helper(s), ${COUNT} rounds\n`);
const measured: string[][] = [];
const simulated: string[][] = [];
for (const workload of HEAVY) {
  const { rounds: list, engine } = await rounds(workload, {
    workers: WORKERS,
    count: COUNT,
    threshold: 1,
    rival: workload.name,
  });
  const expected = forecast(engine.parallelTasks, 1 + WORKERS);
  const ideal = expected.sequential / expected.parallel;
  for (const kind of ["fast", "median"] as const) {
    const room = middle(list, (round) => capacity(round, kind));
    measured.push([
      workload.name,
      kind,
      figure(middle(list, ({ one }) => one[kind])),
      figure(middle(list, ({ several }) => several[kind])),
      times(middle(list, (round) => speedUp(round, kind))),
      times(room),
      times(ideal * room / 2),
    ]);
  }
  simulated.push([
    workload.name,
    ...[2, 4, 8, 16].map((cores) => {
      const { sequential, parallel } = forecast(engine.parallelTasks, cores);
      return times(sequential / parallel);
    }),
    times(expected.sequential / expected.critical),
  ]);
}
console.log(
  `Microseconds of a block of 64 frames, medians of rounds: of the blocks that a tenth are faster than, which
nothing has disturbed, and of median blocks. "Two engines" is how many times as fast two engines on two
threads are as one after the other: more cannot be had from the machine. The forecast for two whole
cores is made smaller by what is missing there.\n`,
);
console.log(table(
  ["workload", "blocks", "one", "several", "speed-up", "two engines", "forecast"],
  measured,
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
const tiny = await rounds(small, { workers: WORKERS, count: COUNT });
console.log(
  `\nA graph of 10 nodes: ${
    middle(tiny.rounds, ({ one }) => one.fast).toFixed(2)
  } us on one thread, ` +
    `${
      middle(tiny.rounds, ({ several }) => several.fast).toFixed(2)
    } us with helpers that have nothing to do`,
);

console.log("\nWith helpers always asked, by number of filters:\n");
const sizes: string[][] = [];
for (const count of [100, 200, 400, 800, 1600, 3200]) {
  const { rounds: list } = await rounds(filters("W2", count), {
    workers: WORKERS,
    count: Math.ceil(COUNT / 2),
    threshold: 0,
  });
  sizes.push([
    String(count),
    figure(middle(list, ({ one }) => one.fast)),
    figure(middle(list, ({ several }) => several.fast)),
    times(middle(list, (round) => speedUp(round, "fast"))),
  ]);
}
console.log(table(["filters", "one", "several", "speed-up"], sizes));
console.log(JSON.stringify({ machine: machine() }));
