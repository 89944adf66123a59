import { assertAlmostEquals, assertEquals } from "@std/assert";
import { OpCosts } from "../../../core/control/plan/op_costs.ts";
import {
  FIRST_KERNEL,
  OP,
  OP_BYTES,
  PLAN,
  PROFILE,
  PROFILE_BYTES,
  PROFILED_OP,
  PROFILED_OP_BYTES,
} from "../../../core/rt/plan_format.ts";

/** A plan of four ops of one kernel. */
function plan4() {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const words = new Int32Array(memory.buffer);
  const numbers = new Float64Array(memory.buffer);
  const plan = { address: 64, ops: 1024, profile: 4096 };
  words[(plan.address + PLAN.OPS) >> 2] = plan.ops;
  words[(plan.address + PLAN.OP_COUNT) >> 2] = 4;
  words[(plan.address + PLAN.PROFILE) >> 2] = plan.profile;
  numbers[(plan.profile + PROFILE.CLOCK) / 8] = 0.0005;
  numbers[(plan.profile + PROFILE.LEAST) / 8] = Infinity;
  for (let op = 0; op < 4; op++) words[(plan.ops + op * OP_BYTES + OP.STILL) >> 2] = FIRST_KERNEL;
  /** Notes calls of an op of so many milliseconds each. */
  const time = (op: number, calls: number, each: number) => {
    const entry = (plan.profile + PROFILE_BYTES + op * PROFILED_OP_BYTES) / 8;
    numbers[entry + PROFILED_OP.TIME / 8] = calls * each;
    numbers[entry + PROFILED_OP.CALLS / 8] = calls;
  };
  return { memory, words, numbers, plan, time };
}

/**
 * What is learned from four ops that took 6 us each, 0.5 us for reading the clock included.
 *
 * @param least What those from op `from` on took together, in milliseconds.
 */
function measured(least: number, from = 0): OpCosts {
  const { memory, words, numbers, plan, time } = plan4();
  numbers[(plan.profile + PROFILE.LEAST) / 8] = least;
  words[(plan.profile + PROFILE.FROM) >> 2] = plan.ops + from * OP_BYTES;
  words[(plan.profile + PROFILE.UNTIL) >> 2] = plan.ops + 4 * OP_BYTES;
  for (let op = 0; op < 4; op++) time(op, 10, 0.006);
  const costs = new OpCosts(memory);
  assertEquals(costs.learn(plan.address, 1), true);
  return costs;
}

Deno.test("OpCosts are the times of ops without those of the clock", () => {
  assertAlmostEquals(measured(Infinity).of(FIRST_KERNEL), 5500, 1e-6);
});

Deno.test("OpCosts add up to what the ops take together, when that has been timed", () => {
  assertAlmostEquals(4 * measured(0.0085).of(FIRST_KERNEL), 8000, 1e-6);
  assertAlmostEquals(2 * measured(0.0045, 2).of(FIRST_KERNEL), 4000, 1e-6);
  // What takes longer together was disturbed.
  assertAlmostEquals(measured(1).of(FIRST_KERNEL), 5500, 1e-6);
});

Deno.test("OpCosts of a fused op are those of the ops that run instead of it while something moves", () => {
  const { memory, plan, words, numbers, time } = plan4();
  words[(plan.ops + OP.SKIP) >> 2] = 2;
  words[(plan.ops + OP.STILL) >> 2] = FIRST_KERNEL + 1;
  // Nothing but the clock, then two ops of 5.5 us in half of its calls.
  time(0, 10, 0.0005);
  time(1, 5, 0.006);
  time(2, 5, 0.006);
  const costs = new OpCosts(memory);
  costs.learn(plan.address, 1);
  assertAlmostEquals(costs.of(FIRST_KERNEL + 1), 5500, 1e-6);
  assertAlmostEquals(costs.of(FIRST_KERNEL), 5500, 1e-6);
  numbers[(plan.profile + PROFILE.LEAST) / 8] = 0.00325;
  words[(plan.profile + PROFILE.FROM) >> 2] = plan.ops;
  words[(plan.profile + PROFILE.UNTIL) >> 2] = plan.ops + 3 * OP_BYTES;
  costs.learn(plan.address, 1);
  assertAlmostEquals(costs.of(FIRST_KERNEL + 1), 2750, 1e-6);
});
