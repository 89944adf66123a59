import { assert, assertEquals, assertThrows } from "@std/assert";
import { array, defineNode, delayLine, i32, KernelError, type NodeDefinition } from "@aether/dsp";
import { lowerHop } from "../../../core/kernel/language/lower_hop.ts";
import { Reference } from "../../support/reference.ts";
import { HopRig } from "./hop_rig.ts";

const any = (definition: unknown) => definition as NodeDefinition;

/** Loops of all kinds, branches, a table, a helper, integers, a phase. */
const mixture = any(defineNode({
  name: "mixture",
  outputs: ["out"],
  params: { gain: { min: 0, max: 2, default: 1 }, count: { min: 0, max: 100, default: 20 } },
  state: {
    a: array(64),
    b: array(33),
    at: i32(3),
    seed: i32(1),
    sum: 0,
    rounds: 0,
    turn: "phase",
    pair: [0, 0],
  },
  uses: {
    weights: Float32Array.from({ length: 16 }, (_, k) => Math.fround(0.1 * k - 0.7)),
    stages: [2, 4, 8, 16],
    smallest(x: ArrayLike<number>, count: number) {
      let low = 1e9;
      let place = -1;
      for (let i = 0; i < count; i++) {
        if (x[i] < low) {
          low = x[i];
          place = i;
        }
      }
      return { low, place };
    },
  },
  hop: {
    frames: 128,
    run(s, { gain, count }, { min, max, sin, weights, stages, smallest }) {
      let sum = 0;
      let peak = 0;
      let loud = 0;
      let where = 0;
      for (let i = 0; i < 64; i++) {
        const x = s.a[i] * gain + weights[i & 15];
        s.a[i] = x;
        sum += x;
        peak = max(peak, x > 0 ? x : -x);
        if (x > 0.5) {
          loud++;
          s.b[i >> 1] = x;
        } else if (x < -2) break;
        where = i;
      }
      // Stages are unrolled, what is inside them runs.
      for (const size of stages) {
        for (let i = 0; i < 64; i += size) {
          for (let j = 0; j < size / 2; j++) {
            const x = s.a[i + j];
            const y = s.a[i + j + size / 2];
            s.a[i + j] = 0.5 * (x + y);
            s.a[i + j + size / 2] = 0.5 * (x - y);
          }
        }
      }
      const limit = min(count | 0, 48);
      for (let i = 0; i < limit && peak < 100; i++) {
        s.seed = Math.imul(s.seed, 1664525) + 1013904223 | 0;
        if ((s.seed & 7) === 0) continue;
        peak += s.a[s.seed & 63] * 0.25;
        s.b[(s.seed >> 8) & 127] = peak;
      }
      const { low, place } = smallest(s.a, 64);
      s.pair[0] = low;
      s.pair[1] = place;
      for (let i = 63; i >= 8; i -= 3) s.a[i] = s.a[i - 1] + sin(0.1 * i);
      s.sum = sum + loud;
      s.rounds++;
      s.turn += 0.3;
      s.at = (where + s.at) & 63;
      if (s.at > 40) return;
      for (let i = 0; i < 20; i++) s.a[i] *= 0.5;
    },
  },
  tick: (_inputs, _params, s) => s.sum,
}));

Deno.test("a procedure computes the same bits compiled and as its plainest reading", () => {
  for (let seed = 1; seed < 20; seed++) {
    const rig = new HopRig(mixture, { seed, params: [0.5 + seed / 15, 4 * seed] });
    for (let k = 0; k < 12; k++) {
      if (k % 4 === 3) rig.setArray("a", Array.from(rig.array("b"), (x) => 3 * x));
      assertEquals(rig.step(128 * k), "", `seed ${seed}, run ${k}`);
    }
  }
});

Deno.test("a procedure computes what its function says", () => {
  const rig = new HopRig(mixture, { params: [0.75, 30] });
  const reference = new Reference(mixture, 48_000);
  rig.array("a").fill(0);
  rig.array("b").fill(0);
  for (let run = 0; run < 6; run++) {
    rig.call(128 * run);
    let sum = 0;
    for (let t = 0; t < 128; t++) sum = reference.step([], [0.75, 30])[0];
    assert(Math.abs(rig.scalar("sum") - sum) < 1e-4, `run ${run}: ${rig.scalar("sum")}, ${sum}`);
  }
});

Deno.test("a procedure runs on multiples of its frames, beyond 2^32 too", () => {
  const rig = new HopRig(mixture, { params: [1, 0] });
  const frames = [0, 64, 128, 130, 2 ** 32 + 128, 2 ** 32 + 192, 2 ** 40 - 128];
  const runs = frames.map((frame) => {
    const before = rig.scalar("rounds");
    rig.call(frame);
    return rig.scalar("rounds") - before;
  });
  assertEquals(runs, [1, 0, 1, 0, 1, 0, 1]);
});

/** A node whose procedure is `run`. */
// deno-lint-ignore no-explicit-any
function running(run: (s: any, p: any, c: any) => void, uses = {}): NodeDefinition {
  return any(defineNode({
    name: "refused",
    outputs: ["out"],
    params: { size: { min: 0, max: 1e6, default: 1 } },
    state: { x: array(8), n: i32(), y: 0, line: delayLine({ frames: 4 }) },
    uses,
    hop: { frames: 64, run },
    tick(_inputs, _params, s) {
      s.line.write(s.y);
      return s.y;
    },
  }));
}

const REFUSED: [string, string, NodeDefinition][] = [
  [
    "`size`: how many rounds the loop makes at most is not known",
    "hop.run line 2:",
    running((s, { size }) => {
      for (let i = 0; i < size; i++) s.y += i;
    }),
  ],
  [
    "`s.n`: how many rounds the loop makes at most is not known",
    "hop.run line 2:",
    running((s) => {
      for (let i = 0; i < s.n; i++) s.y += i;
    }),
  ],
  [
    "more than 1048576",
    "hop.run line 3:",
    running((s) => {
      for (let i = 0; i < 2000; i++) {
        for (let k = 0; k < 1000; k++) s.y += k;
      }
    }),
  ],
  [
    "only `for` loops whose bounds are known",
    "hop.run line 2:",
    running((s) => {
      while (s.n > 0) s.n = s.n - 1 | 0;
    }),
  ],
  [
    "a `return` may not stand in a loop that runs",
    "hop.run line 3:",
    running((s) => {
      for (let i = 0; i < 8; i++) {
        if (s.x[i] > 0) return;
      }
    }),
  ],
  [
    "`line` is a delay line, which belongs to `tick`",
    "hop.run line 1:",
    running((s) => s.y = s.line.read(1)),
  ],
  [
    "`n` is an i32 and the value is not",
    "hop.run line 1:",
    running((s) => s.n = s.y),
  ],
  [
    "`outside` is not defined inside the function",
    "hop.run line 1:",
    running((s) => s.y = outside),
  ],
  [
    "a kernel may not allocate",
    "hop.run line 1:",
    running((s) => s.y = new Float32Array(4)[0]),
  ],
];
const outside = 1;

for (const [text, place, definition] of REFUSED) {
  Deno.test(`a procedure is refused with its line: ${text}`, () => {
    const error = assertThrows(() => lowerHop(definition, 48_000), KernelError, text);
    assert(error.message.includes(place), error.message);
  });
}

Deno.test("frames of a hop must be a multiple of 64", () => {
  for (const frames of [0, 32, 100, 1 << 19, NaN]) {
    const node = any(defineNode({
      name: "uneven",
      outputs: ["out"],
      state: { y: 0 },
      hop: { frames: () => frames, run: (s) => s.y = 1 },
      tick: (_inputs, _params, s) => s.y,
    }));
    assertThrows(
      () => lowerHop(node, 48_000),
      RangeError,
      "frames of hop must be a multiple of 64",
    );
  }
  const bad = any(defineNode({ name: "bad", hop: 5 as never, tick: () => ({}) }));
  assertThrows(() => lowerHop(bad, 48_000), TypeError, "hop must be an object with frames and run");
});
