// Renders under commands, events, plans, resets and faults; run with --trace-gc by no_garbage_test.ts.
import { HEADER } from "../../../core/layout.ts";
import { COMMAND } from "../../../core/rt/shared.ts";
import { Patch } from "./patch.ts";

const [warmUp, blocks] = Deno.args.map(Number);
// `performance.now()` makes a number in some runs, whenever V8 has not taken it into its caller; what
// is counted here is what process() makes. The soak counts both.
const clock = (into: Float64Array) => void (into[0] += 0.001);
const patch = new Patch({ start: 2 ** 32 - 100_000, clock });
const nodes = Array.from({ length: 8 }, (_, k) => patch.node({ target: k }));
const outs = nodes.map(() => patch.buffer());
const ops = nodes.map((n, k) => patch.counter(n, patch.layout.zeros, outs[k]));
const plans = [0, 1, 2].map((k) => patch.plan(ops, [outs[k], outs[k + 1]]));
const { record } = patch.commands;
const NaNBits = 0x7fc0_0000;
const { replies, u32, scheduler } = patch;

/** One block after some commands. Writes words, so that the test itself makes no garbage either. */
function block(k: number): void {
  for (let n = 0; n < 3; n++) {
    const slot = (k + n) & 7;
    record[0] = COMMAND.PARAM;
    record[1] = slot;
    record[2] = k % 11 === 0 ? 3 : 1;
    record[3] = 0;
    record[4] = n === 0 ? 0 : u32[HEADER.NOW / 4] + 20 * n;
    record[5] = n === 0 ? 0 : u32[HEADER.NOW / 4 + 1];
    record[6] = k % 97 === 0 ? NaNBits : 0x3f80_0000 + (k & 0xffff);
    record[7] = k & 127;
    patch.commands.pushRecord();
  }
  if (k % 5 === 0) {
    record[0] = COMMAND.USE_PLAN;
    record[1] = plans[k % 3];
    record[2] = k;
    record[4] = u32[HEADER.NOW / 4] + 17;
    record[5] = u32[HEADER.NOW / 4 + 1];
    patch.commands.pushRecord();
  }
  if (k % 13 === 0) {
    record[0] = COMMAND.RESET;
    record[1] = k & 7;
    record[2] = 1;
    patch.commands.pushRecord();
  }
  u32[HEADER.PROFILING / 4] = k >> 4 & 1;
  scheduler.process(k % 7 === 0 ? 100 : 64);
  while (replies.next());
}

for (let k = 0; k < warmUp; k++) block(k);
console.log(`warm after ${Math.ceil(performance.now())} ms`);
for (let k = 0; k < blocks; k++) block(k);
console.log("done");
