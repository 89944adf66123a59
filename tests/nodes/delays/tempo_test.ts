import { assert, assertAlmostEquals } from "@std/assert";
import { delay } from "../../../nodes/delays/delay.ts";
import { pingPong } from "../../../nodes/delays/ping_pong.ts";
import { impulse, render } from "../../support/render_node.ts";

/** Beats of note values, a quarter note being one. */
const NOTES: Readonly<Record<string, number>> = {
  "1/1": 4,
  "1/2.": 3,
  "1/2": 2,
  "1/2T": 4 / 3,
  "1/4.": 1.5,
  "1/4": 1,
  "1/4T": 2 / 3,
  "1/8.": 0.75,
  "1/8": 0.5,
  "1/8T": 1 / 3,
  "1/16.": 0.375,
  "1/16": 0.25,
  "1/16T": 1 / 6,
  "1/32": 0.125,
};
const WIDE = { feedback: 0, mix: 1, cutoff: 20_000 };

/** Frames after which an impulse comes out: its centre of gravity, less the open filter's delay. */
function lag(wave: Float32Array, rate: number, from = 0): number {
  let [sum, moment] = [0, 0];
  for (let t = from; t < wave.length; t++) {
    sum += wave[t];
    moment += wave[t] * (t - from);
  }
  assertAlmostEquals(sum, 1, 1e-3);
  return moment / sum - 1 / (2 * Math.tan(Math.PI * Math.min(20_000 / rate, 0.49)));
}

Deno.test("delay() waits for its note value at the tempo, within 0.02 frames", () => {
  for (const [note, beats] of Object.entries(NOTES)) {
    for (const [bpm, rate] of [[120, 48_000], [133, 44_100], [174, 96_000]]) {
      const params = { ...WIDE, note, bpm };
      const frames = Math.ceil(60 * beats / bpm * rate) + 100;
      const [y] = render(delay, { frames, sampleRate: rate, inputs: [impulse], params });
      assertAlmostEquals(lag(y, rate), 60 * beats / bpm * rate, 0.02, `${note} at ${bpm}`);
    }
  }
});

Deno.test("delay() halves a note that is longer than 2 s until it fits", () => {
  for (
    const [note, bpm, seconds] of [["1/1", 60, 2], ["4/1", 60, 2], ["1/2.", 80, 1.125], [
      "4/1",
      20,
      1.5,
    ]] as const
  ) {
    const params = { ...WIDE, note, bpm };
    const [y] = render(delay, { frames: 100_000, inputs: [impulse], params });
    assertAlmostEquals(lag(y, 48_000), seconds * 48_000, 0.02, `${note} at ${bpm}`);
  }
});

Deno.test("pingPong() jumps after its note value at the tempo", () => {
  const params = { ...WIDE, feedback: 0.5, note: "1/8.", bpm: 120 };
  const [left, right] = render(pingPong, { frames: 40_000, inputs: [impulse], params });
  assertAlmostEquals(lag(left.subarray(0, 20_000), 48_000), 18_000, 0.02);
  const second = right.map((x) => 2 * x);
  // The second echo has passed two filters.
  assertAlmostEquals(lag(second, 48_000), 36_000, 0.2);
});

Deno.test("delay() reaches a new note, tempo, or none at all without a click, and exactly", () => {
  const hertz = 101.3; // no jump is of whole periods
  const sine = (t: number) => Math.sin(2 * Math.PI * hertz * t / 48_000);
  const change = 60_000;
  // What changes at a frame, and by how many seconds the time moves in 50 ms.
  const cases: [Record<string, unknown>, (after: boolean) => Record<string, unknown>, number][] = [
    [{ bpm: 120 }, (after) => ({ note: after ? 10 : 8 }), 0.25],
    [{ bpm: 120, time: 0.3 }, (after) => ({ note: after ? 8 : 0 }), 0.2],
    [{ bpm: 120, time: 0.3 }, (after) => ({ note: after ? 0 : 8 }), 0.2],
    // Across the border from which a half note is halved.
    [{ bpm: 61 }, (after) => ({ note: after ? 3 : 5 }), 60 / 61],
  ];
  for (const [still, moving, way] of cases) {
    const names = Object.keys(moving(false));
    const params = {
      ...WIDE,
      ...still,
      ...Object.fromEntries(names.map((name) => [
        name,
        (t: number) => moving(t >= change)[name] as number,
      ])),
    } as Record<string, number>;
    const [y] = render(delay, { frames: 160_000, inputs: [sine], params });
    let step = 0;
    for (let t = 110; t < y.length; t++) {
      if (t > change - 100) step = Math.max(step, Math.abs(y[t] - y[t - 1]));
    }
    const fastest = (1 + way / 0.05) * 2 * Math.PI * hertz / 48_000;
    assert(step < 1.12 * fastest, `a step of ${step} at ${JSON.stringify(still)}`);
    // Where it has arrived it is as exact as if it had always been there.
    const from = 120_000;
    const fixed = {
      ...WIDE,
      ...still,
      ...Object.fromEntries(names.map((name) => [name, moving(true)[name] as number])),
    } as Record<string, number>;
    const [z] = render(delay, { frames: 160_000, inputs: [sine], params: fixed });
    for (let t = from; t < y.length; t += 97) assertAlmostEquals(y[t], z[t], 1e-6);
  }
});

Deno.test("delay() follows a tempo that moves, without a click", () => {
  const sine = (t: number) => Math.sin(2 * Math.PI * 101.3 * t / 48_000);
  // Through the tempo at which a whole note begins to fit into 2 s, and back.
  const bpm = (t: number) => 120 + 20 * Math.sin(2 * Math.PI * t / 96_000);
  const params = { ...WIDE, note: "1/1", bpm };
  const [y] = render(delay, { frames: 480_000, inputs: [sine], params });
  let step = 0;
  for (let t = 200_000; t < y.length; t++) step = Math.max(step, Math.abs(y[t] - y[t - 1]));
  // The jump of a second takes 50 ms.
  assert(step < 1.1 * (1 + 1.2 / 0.05) * 2 * Math.PI * 101.3 / 48_000, `${step}`);
});
