import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { clock } from "../../../nodes/utility/clock.ts";
import { clockDivider } from "../../../nodes/utility/clock_divider.ts";
import { comparator } from "../../../nodes/utility/comparator.ts";
import { crossfade } from "../../../nodes/utility/crossfade.ts";
import { euclidean } from "../../../nodes/utility/euclidean.ts";
import { impulse } from "../../../nodes/utility/impulse.ts";
import { sampleAndHold } from "../../../nodes/utility/sample_and_hold.ts";
import { scaleOffset } from "../../../nodes/utility/scale_offset.ts";
import { stepSequencer } from "../../../nodes/utility/step_sequencer.ts";
import { render } from "../../support/render_node.ts";

/** Frames on which a signal rises above 0.5. */
function rises(y: ArrayLike<number>): number[] {
  const list: number[] = [];
  for (let t = 0; t < y.length; t++) if (y[t] > 0.5 && !(y[t - 1] > 0.5)) list.push(t);
  return list;
}
/** A clock of 10 frames a step, high for 4. */
const ticks = (t: number) => t % 10 < 4 ? 1 : 0;

Deno.test("sampleAndHold() takes its input on the frame of the trigger and holds it", () => {
  const inputs = [(t: number) => t];
  const [y] = render(sampleAndHold, { frames: 30, inputs, params: { trigger: ticks } });
  assertEquals([...y], Array.from({ length: 30 }, (_, t) => t - t % 10));
  const params = { trigger: ticks, mode: "track" };
  const [z] = render(sampleAndHold, { frames: 30, inputs, params });
  assertEquals([...z], Array.from({ length: 30 }, (_, t) => t - Math.max(0, t % 10 - 3)));
});

Deno.test("impulse() stands on the first whole frame of each period", () => {
  for (const frequency of [1, 7.3, 440, 12_000]) {
    const [y] = render(impulse, { frames: 96_000, params: { frequency } });
    const at = [...y.keys()].filter((t) => y[t] === 1);
    assertEquals(y.reduce((s, v) => s + v), at.length);
    const period = 48_000 / Math.fround(frequency);
    for (const [n, t] of at.entries()) {
      assert(
        t - n * period >= -0.01 && t - n * period < 1.01,
        `${t} for impulse ${n} of ${frequency}`,
      );
    }
  }
});

Deno.test("clock() keeps time with the frame count, for a long time", () => {
  const frames = 48_000 * 60;
  const [, trigger] = render(clock, { frames, params: { bpm: 133, division: 4 } });
  const at = rises(trigger);
  const step = 48_000 * 60 / (133 * 4);
  assertEquals(at.length, 133 * 4);
  for (const [n, t] of at.entries()) assertAlmostEquals(t, n * step, 1.1, `step ${n}`);
});

Deno.test("clock() swings every second step and gates for its width", () => {
  const params = { bpm: 120, division: 2, swing: 1 / 3, width: 0.25 };
  const [gate, trigger] = render(clock, { frames: 96_000, params });
  const at = rises(trigger);
  for (const [n, t] of at.entries()) {
    assertAlmostEquals(t, Math.floor(n / 2) * 24_000 + (n % 2) * 16_000, 1.1);
  }
  assertEquals(rises(gate), at);
  const high = gate.subarray(0, 24_000).reduce((s, v) => s + v);
  assertAlmostEquals(high, 0.25 * 24_000, 3);
});

Deno.test("clock() starts anew on reset, and stands still while it does not run", () => {
  const params = { bpm: 60, division: 10, reset: (t: number) => t >= 7000 ? 1 : 0 };
  const at = rises(render(clock, { frames: 20_000, params })[1]);
  assertEquals(at, [0, 4800, 7000, 11_800, 16_600]);
  const run = (t: number) => t >= 3000 && t < 9000 ? 0 : 1;
  const stopped = rises(
    render(clock, { frames: 20_000, params: { bpm: 60, division: 10, run } })[1],
  );
  assertEquals(stopped, [0, 10_800, 15_600]);
});

Deno.test("clockDivider() lets every n-th gate through, whole", () => {
  for (const [divide, offset] of [[1, 0], [3, 0], [4, 2]]) {
    const params = { clock: ticks, divide, offset };
    const [y] = render(clockDivider, { frames: 400, params });
    const want = Array.from({ length: 400 }, (_, t) => {
      return Math.floor(t / 10) % divide === offset ? ticks(t) : 0;
    });
    assertEquals([...y], want);
  }
  const params = { clock: ticks, divide: 4, reset: (t: number) => t >= 55 ? 1 : 0 };
  assertEquals(rises(render(clockDivider, { frames: 120, params })[0]), [0, 40, 60, 100]);
});

Deno.test("comparator() does not chatter within its hysteresis", () => {
  const x = [0, 0.4, 0.6, 0.55, 0.45, 0.41, 0.39, 0.45, 0.51];
  const run = (hysteresis: number) => [
    ...render(comparator, { frames: 9, inputs: [x], params: { threshold: 0.5, hysteresis } })[0],
  ];
  assertEquals(run(0), [0, 0, 1, 1, 0, 0, 0, 0, 1]);
  assertEquals(run(0.1), [0, 0, 1, 1, 1, 1, 0, 0, 1]);
});

Deno.test("scaleOffset() is x * scale + offset", () => {
  const params = { scale: -2, offset: 0.5 };
  assertEquals(render(scaleOffset, { frames: 2, inputs: [[1, 3]], params })[0][1], -5.5);
});

Deno.test("crossfade() keeps the power, or the amplitude", () => {
  for (let position = 0; position <= 1; position += 0.125) {
    const gains = (curve: string) =>
      [[1, 0], [0, 1]].map(([a, b]) =>
        render(crossfade, {
          frames: 1,
          inputs: [() => a, () => b],
          params: { position, curve },
        })[0][0]
      );
    const [a, b] = gains("equalPower");
    assertAlmostEquals(a * a + b * b, 1, 5e-7);
    assertAlmostEquals(b, Math.sin(position * Math.PI / 2), 3e-7);
    assertEquals(gains("linear"), [1 - position, position]);
  }
});

Deno.test("stepSequencer() plays its steps in turn, with rests, and starts anew on reset", () => {
  const steps = Object.fromEntries(Array.from({ length: 16 }, (_, k) => [`step${k + 1}`, k + 1]));
  const params = { ...steps, clock: ticks, length: 5, rest: 2 };
  const [value, gate, first] = render(stepSequencer, { frames: 200, params });
  for (let t = 0; t < 200; t++) {
    const step = Math.floor(t / 10) % 5 + 1;
    assertEquals(value[t], step);
    assertEquals(gate[t], step > 2 ? ticks(t) : 0);
    assertEquals(first[t], step === 1 ? 1 : 0);
  }
  const [all] = render(stepSequencer, { frames: 160, params: { ...steps, clock: ticks } });
  assertEquals(all.filter((_, t) => t % 10 === 0).join(), "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16");
  const reset = (t: number) => t === 33 ? 1 : 0;
  const [again] = render(stepSequencer, { frames: 80, params: { ...params, reset } });
  assertEquals(
    again.filter((_, t) => t % 10 === 5).join(),
    "1,2,3,1,1,2,3,4",
  );
});

/** Bjorklund's algorithm as Toussaint describes it: pairs of lists, until one kind of rest is left. */
function bjorklund(pulses: number, steps: number): string {
  let left = Array.from({ length: pulses }, () => "x");
  let right = Array.from({ length: steps - pulses }, () => ".");
  while (right.length > 1) {
    const count = Math.min(left.length, right.length);
    const pairs = left.slice(0, count).map((x, k) => x + right[k]);
    const rest = left.length > count ? left.slice(count) : right.slice(count);
    [left, right] = [pairs, rest];
  }
  return [...left, ...right].join("");
}
const rotations = (s: string) => Array.from(s, (_, k) => s.slice(k) + s.slice(0, k));

Deno.test("euclidean() gives the necklaces of Bjorklund's algorithm, beginning with a pulse", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 32 }), fc.nat(31), (steps, extra) => {
    const pulses = 1 + extra % steps;
    const params = { clock: ticks, steps, pulses };
    const [y] = render(euclidean, { frames: 20 * steps, params });
    const pattern = Array.from({ length: 2 * steps }, (_, k) => y[10 * k] ? "x" : ".").join("");
    assertEquals(pattern.slice(0, steps), pattern.slice(steps));
    assertEquals(pattern[0], "x");
    assert(rotations(pattern.slice(0, steps)).includes(bjorklund(pulses, steps)), pattern);
  }));
});

Deno.test("euclidean() plays the tresillo, rotated when told", () => {
  const play = (rotation: number) => {
    const params = { clock: ticks, steps: 8, pulses: 3, rotation };
    const [y] = render(euclidean, { frames: 80, params });
    return Array.from({ length: 8 }, (_, k) => y[10 * k] ? "x" : ".").join("");
  };
  assertEquals(play(0), "x..x..x.");
  assertEquals(play(3), "x..x.x..");
});
