import { assertEquals } from "@std/assert";
import { FLUSH_THRESHOLD, HEADER } from "../../../core/layout.ts";
import { BUILTIN, OP_BYTES, PLAN } from "../../../core/rt/plan_format.ts";
import { ParamModel } from "./model.ts";
import { type OpText, Patch } from "./patch.ts";
import { Random } from "./random.ts";
import { bitsOf } from "./rig.ts";

const f = Math.fround;

/** A plan with one LOOP, whose ops stand behind the plan's own. */
function loopPlan(
  patch: Patch,
  inside: readonly OpText[],
  inputs: readonly (readonly [number, number])[],
  outputs: readonly (readonly [number, number])[],
  out: number,
): number {
  const words = [inputs.length, ...inputs.flat(), outputs.length, ...outputs.flat()];
  const loop: OpText = { still: BUILTIN.LOOP, desc: [inside.length, 0, ...words] };
  const plan = patch.plan([loop, ...inside], [out, out]);
  const ops = patch.u32[(plan + PLAN.OPS) / 4];
  patch.u32[(plan + PLAN.OP_COUNT) / 4] = 1;
  patch.u32[patch.u32[(ops + 8) / 4] / 4 + 1] = ops + OP_BYTES;
  return plan;
}

Deno.test("LOOP makes feedback of one sample, with parameters that move frame by frame", () => {
  const random = new Random(3);
  const x = Array.from({ length: 64 }, () => random.sample());
  for (const start of [0, 2 ** 31 + 128, 2 ** 32 - 192]) {
    for (const block of [1, 7, 48, 64, 100, 256]) {
      const patch = new Patch({ start });
      const node = patch.node({ target: 0.5 });
      const input = patch.signal(x);
      const [in1, y, fed, out] = [0, 1, 2, 3].map(() => patch.buffer());
      const plan = loopPlan(
        patch,
        [patch.gain(node, y, fed), { still: BUILTIN.SUM, desc: [y, 2, in1, fed] }],
        [[input, in1]],
        [[y, out]],
        out,
      );
      patch.use(plan);
      const model = new ParamModel(0.5);
      for (
        const [at, target, over] of [[20, 0.9, 30], [30, -0.5, 0], [33, 0.25, 70], [130, 0.75, 5]]
      ) {
        patch.set(node, target, { at: start + at, over });
        model.change(start + at, target, over);
      }
      // The input stands still in its buffer, which each segment reads from the start.
      const wanted: number[] = [];
      let last = 0;
      let segment = 0;
      for (let t = 0; t < 256; t++) {
        if (t % block === 0 || t % 64 === 0) segment = t;
        last = f(f(x[t - segment] + f(last * model.at(start + t))) + 0);
        wanted.push(last);
      }
      assertEquals(bitsOf(patch.render(256, block)), bitsOf(wanted));
      assertEquals(patch.time, start + 256);
    }
  }
});

Deno.test("LOOP flushes states once a segment, after its last frame", () => {
  const patch = new Patch();
  const [flush, out] = [patch.buffer(), patch.buffer()];
  const copy: OpText = { still: BUILTIN.COPY, desc: [flush, HEADER.FLUSH] };
  patch.use(loopPlan(patch, [copy], [], [[flush, out]], out));
  const wanted = Array.from({ length: 128 }, (_, t) => t % 64 === 63 ? f(FLUSH_THRESHOLD) : 0);
  assertEquals(patch.render(128, 48), wanted);
});
