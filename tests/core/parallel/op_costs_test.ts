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

/** A plan of four calls of one kernel that took 6 us each, 0.5 us for reading the clock included. */
function measured(least: number): OpCosts {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const words = new Int32Array(memory.buffer);
  const numbers = new Float64Array(memory.buffer);
  const [plan, ops, profile] = [64, 1024, 4096];
  words[(plan + PLAN.OPS) >> 2] = ops;
  words[(plan + PLAN.OP_COUNT) >> 2] = 4;
  words[(plan + PLAN.PROFILE) >> 2] = profile;
  numbers[(profile + PROFILE.CLOCK) / 8] = 0.0005;
  numbers[(profile + PROFILE.LEAST) / 8] = least;
  for (let op = 0; op < 4; op++) {
    words[(ops + op * OP_BYTES + OP.STILL) >> 2] = FIRST_KERNEL;
    const entry = (profile + PROFILE_BYTES + op * PROFILED_OP_BYTES) / 8;
    numbers[entry + PROFILED_OP.TIME / 8] = 10 * 0.006;
    numbers[entry + PROFILED_OP.CALLS / 8] = 10;
  }
  const costs = new OpCosts(memory);
  assertEquals(costs.learn(plan, 1), true);
  return costs;
}

Deno.test("OpCosts are the times of ops without those of the clock", () => {
  assertAlmostEquals(measured(Infinity).of(FIRST_KERNEL), 5500, 1e-6);
});

Deno.test("OpCosts add up to what the ops take together, when that has been timed", () => {
  assertAlmostEquals(4 * measured(0.0085).of(FIRST_KERNEL), 8000, 1e-6);
  // What takes longer together was disturbed.
  assertAlmostEquals(measured(1).of(FIRST_KERNEL), 5500, 1e-6);
});
