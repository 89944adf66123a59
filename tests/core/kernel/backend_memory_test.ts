import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { makeProgram } from "./backend_programs.ts";
import { Rig } from "./backend_rig.ts";

/** Indices that no program should compute and some will. */
const HOSTILE = [
  ...[NaN, Infinity, -Infinity, 1e30, -1e30, -1, -0.5, 0, 0.99, 1, 3, 4, 5, 6, 7, 8, 2147483647],
  ...[-2147483648, 536870912, 1073741824, 268435455, -536870912],
];

/** The index and the value to store are inputs; every kind of memory is read and written with them. */
function everywhere(length: number, fromBits: boolean) {
  const shape = {
    inputs: 2,
    tables: [new Float32Array(length).map((_, k) => k)],
    blocks: [
      { kind: "array" as const, length },
      { kind: "line" as const, length },
      { kind: "array" as const, length: 1 },
    ],
  };
  return makeProgram(shape, (b) => {
    const x = b.emit("input", [], 0);
    const index = b.emit(fromBits ? "i32.from_bits" : "i32.trunc_sat", [x]);
    const value = b.emit("input", [], 1);
    const reads = [
      b.emit("array.load", [index], 0),
      b.emit("line.read", [index], 1),
      b.emit("table.load", [index], 0),
      b.emit("array.load", [index], 2),
    ];
    b.emit("array.store", [index, value], 0);
    b.emit("array.store", [index, value], 2);
    b.emit("line.write", [value], 1);
    reads.push(b.emit("array.load", [index], 0), b.emit("array.load", [b.i32(-7)], 0));
    return { outputs: [reads.reduce((sum, read) => b.emit("f32.add", [sum, read]))] };
  });
}

for (const width of [1, 4, 8] as const) {
  Deno.test(`a kernel at width ${width} stays within its own memory whatever the index`, () => {
    for (const length of [1, 5, 64]) {
      const rig = new Rig(everywhere(length, false), { width, sources: [] }, width);
      for (const [shift] of HOSTILE.entries()) {
        rig.now = 1000 * shift;
        rig.feed((t, lane, k) => k ? t + lane / 8 : HOSTILE[(t + lane + shift) % HOSTILE.length]);
        assertEquals(rig.step(64), "");
      }
    }
  });

  Deno.test(`a kernel at width ${width} stays within its own memory for any bits as an index`, () => {
    const rig = new Rig(everywhere(7, true), { width, sources: [] }, width);
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 64, maxLength: 64 }),
        fc.nat(),
        (bits, now) => {
          rig.now = now;
          rig.feed((t, lane, k) => k ? Math.sin(t + lane) : 0);
          // A NaN loses its bits on the way through JavaScript, so the oracle is given none.
          const index = rig.view.i32.subarray(
            rig.inputs[0] >> 2,
            (rig.inputs[0] >> 2) + 64 * width,
          );
          index.forEach((_, k) =>
            index[k] = (bits[k % 64] & 0x7f800000) === 0x7f800000 ? k : bits[k % 64]
          );
          assertEquals(rig.step(64), "");
        },
      ),
      { numRuns: 100 },
    );
  });

  Deno.test(`a delay line at width ${width} gives what was written as many frames ago`, () => {
    const lines = [[1, 1], [3, 2], [8, 8], [50, 3], [50, 4], [50, 5], [100, 100], [100, 64]];
    for (const [length, delay] of lines) {
      const program = makeProgram({ inputs: 1, blocks: [{ kind: "line", length }] }, (b) => {
        b.emit("line.write", [b.emit("input", [], 0)], 0);
        return { outputs: [b.emit("line.read", [b.i32(delay)], 0)] };
      });
      const rig = new Rig(program, { width, sources: [] }, width);
      // Calls that start at every place of the line.
      for (let start = 0; start <= length; start++) {
        const heard: number[] = [];
        for (const frames of [64, 13, 64]) {
          rig.now = start + heard.length;
          rig.feed((t, lane) => heard.length + t + 1 + 1000 * lane);
          rig.kernel(rig.descriptor, frames);
          heard.push(...rig.output(width - 1, frames));
        }
        const wanted = heard.map((_, t) => t - delay + 1 + 1000 * (width - 1));
        assertEquals(heard.slice(delay), wanted.slice(delay), `length ${length}, delay ${delay}`);
      }
    }
  });

  Deno.test(`a delay line at width ${width} keeps its place past frame 2^32`, () => {
    const program = makeProgram({ inputs: 1, blocks: [{ kind: "line", length: 7 }] }, (b) => {
      b.emit("line.write", [b.emit("input", [], 0)], 0);
      return { outputs: [b.emit("line.read", [b.i32(5)], 0)] };
    });
    const rig = new Rig(program, { width, sources: [] }, width);
    for (const frame of [2 ** 32 - 64, 2 ** 32, 2 ** 32 + 64]) {
      rig.now = frame;
      rig.feed((t) => (frame + t) % 1009);
      assertEquals(rig.step(64), "");
    }
    assertEquals(rig.output(0, 1), [(2 ** 32 + 64 - 5) % 1009]);
  });
}
