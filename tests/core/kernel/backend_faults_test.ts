import { assertEquals } from "@std/assert";
import { makeProgram } from "./backend_programs.ts";
import { Rig } from "./backend_rig.ts";

/** out = in + state; the state keeps the last output. */
const integrator = makeProgram({ inputs: 1, scalars: ["f32", "i32"] }, (b) => {
  const sum = b.emit("f32.add", [b.emit("input", [], 0), b.emit("state.f32", [], 0)]);
  return { outputs: [sum], next: [sum, b.emit("i32.add", [b.emit("state.i32", [], 1), b.i32(1)])] };
});
/** Two outputs: the input, and its square. */
const square = makeProgram({ inputs: 1 }, (b) => {
  const x = b.emit("input", [], 0);
  return { outputs: [x, b.emit("f32.mul", [x, x])] };
});
/** Nothing is heard of what the state does. */
const hidden = makeProgram({ inputs: 1, scalars: ["f32"] }, (b) => {
  return { outputs: [b.f32(0)], next: [b.emit("input", [], 0)] };
});
/** A line of eight frames, heard late. */
const late = makeProgram({ inputs: 1, blocks: [{ kind: "line", length: 8 }] }, (b) => {
  b.emit("line.write", [b.emit("input", [], 0)], 0);
  return { outputs: [b.emit("line.read", [b.i32(8)], 0)] };
});

for (const width of [1, 4, 8] as const) {
  const lanes = Array.from({ length: width }, (_, lane) => lane);
  const options = { width, sources: [] };

  Deno.test(`a kernel at width ${width} names the lane whose output was not finite`, () => {
    for (const program of [integrator, square, late]) {
      for (const bad of [NaN, Infinity, -Infinity]) {
        for (const lane of lanes) {
          const rig = new Rig(program, options, width);
          rig.feed((t, l) => l === lane && t === 5 ? bad : 0.5);
          assertEquals(rig.step(64), "");
          rig.feed((t, l) => l === lane && t === 5 ? bad : 0.5);
          assertEquals(rig.kernel(rig.descriptor, 64), 1 << lane);
        }
      }
    }
  });

  Deno.test(`a kernel at width ${width} names the lane whose state was not finite`, () => {
    for (const lane of lanes) {
      const rig = new Rig(hidden, options, width);
      rig.feed((t, l) => l === lane && t === 63 ? NaN : 1);
      assertEquals(rig.kernel(rig.descriptor, 64), 1 << lane);
      assertEquals(rig.kernel(rig.descriptor, 63), 0);
    }
  });

  Deno.test(`a kernel at width ${width} finds no fault in large numbers, nor in what is not a frame`, () => {
    for (const program of [integrator, square, late]) {
      for (const frames of [1, 2, 3, 5, 62]) {
        const rig = new Rig(program, options, width);
        rig.feed((t) => t < frames ? 1e19 : NaN);
        assertEquals(rig.kernel(rig.descriptor, frames), 0);
      }
    }
    const rig = new Rig(square, options, width);
    rig.feed((t) => t % 2 ? 1.8e19 : -1.8e19);
    assertEquals(rig.kernel(rig.descriptor, 64), 0, "3.2e38 on every frame is finite");
  });

  Deno.test(`a kernel at width ${width} sets small states to 0, and only those`, () => {
    for (
      const [value, flush, kept] of [[1e-21, 1e-20, 0], [1e-21, 0, 1e-21], [-1e-19, 1e-20, -1e-19]]
    ) {
      const rig = new Rig(integrator, options, width);
      rig.flush = flush;
      rig.feed((t) => t === 0 ? value : 0);
      assertEquals(rig.step(64), "");
      for (const state of rig.states) {
        assertEquals(rig.view.f32[state >> 2], Math.fround(kept));
        assertEquals(rig.view.i32[(state >> 2) + 1], 64, "an integer is not flushed");
      }
    }
  });
}
