import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { delay } from "../../../nodes/delays/delay.ts";
import { pingPong } from "../../../nodes/delays/ping_pong.ts";
import { type Note, noteBeats } from "../../../nodes/utility/note_values.ts";
import { impulse, render } from "../../support/render_node.ts";

/** Beats of note values, a quarter note being one. */
const NOTES: Readonly<Record<string, number>> = {
  "2/1": 8,
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
  "1/16T": 1 / 6,
  "1/32": 0.125,
  "3/8": 1.5,
};
const WIDE = { feedback: 0, mix: 1, cutoff: 20_000 };

/** Frames after which an impulse comes out: its centre of gravity, less the open filter's delay. */
function lag(wave: Float32Array, rate: number): number {
  let [sum, moment] = [0, 0];
  for (const [t, x] of wave.entries()) {
    sum += x;
    moment += x * t;
  }
  assertAlmostEquals(sum, 1, 1e-3);
  return moment / sum - 1 / (2 * Math.tan(Math.PI * Math.min(20_000 / rate, 0.49)));
}

Deno.test("noteBeats() counts quarter notes, dotted ones and triplets too, and refuses what is none", () => {
  for (const [note, beats] of Object.entries(NOTES)) {
    assertAlmostEquals(noteBeats(note as Note), beats, 1e-12, note);
  }
  for (const note of ["", "1/4x", "1/0", "0/4", "-1/4", "quarter"]) {
    const { message } = assertThrows(() => noteBeats(note as Note), RangeError);
    assertEquals(
      message,
      `Cannot read a note value: it must be like "1/4", "1/8." or "1/16T", current value is "${note}"`,
    );
  }
});

Deno.test("delay() waits for its beats at the tempo, within 0.02 frames, 2 s at most", () => {
  for (const beats of Object.values(NOTES)) {
    for (const [bpm, rate] of [[120, 48_000], [133, 44_100], [174, 96_000]]) {
      const seconds = Math.min(60 * beats / bpm, 2);
      const params = { ...WIDE, sync: 1, beats, bpm };
      const frames = Math.ceil(seconds * rate) + 100;
      const [y] = render(delay, { frames, sampleRate: rate, inputs: [impulse], params });
      assertAlmostEquals(lag(y, rate), seconds * rate, 0.02, `${beats} beats at ${bpm}`);
    }
  }
});

Deno.test("pingPong() jumps after its beats at the tempo", () => {
  const params = { ...WIDE, feedback: 0.5, sync: 1, beats: 0.75, bpm: 120 };
  const [left, right] = render(pingPong, { frames: 40_000, inputs: [impulse], params });
  assertAlmostEquals(lag(left.subarray(0, 20_000), 48_000), 18_000, 0.02);
  // The second echo has passed two filters.
  assertAlmostEquals(lag(right.map((x) => 2 * x), 48_000), 36_000, 0.2);
});

Deno.test("delay() moves to other beats, another tempo, or none without a click, in its ramps", () => {
  const hertz = 101.3; // no jump is of whole periods
  const sine = (t: number) => Math.sin(2 * Math.PI * hertz * t / 48_000);
  const at = 60_000;
  /** As the engine moves a parameter: in 50 ms on a straight line. */
  const ramp = (from: number, to: number) => (t: number) =>
    from + (to - from) * Math.min(1, Math.max(0, (t - at) / 2400));
  // What moves, and by how many seconds the time does.
  const cases = [
    [{ sync: 1, bpm: 120, beats: ramp(0.5, 1) }, 0.25],
    [{ sync: 1, bpm: ramp(120, 90), beats: 1 }, 1 / 6],
    [{ sync: ramp(0, 1), bpm: 120, beats: 1, time: 0.3 }, 0.2],
    [{ sync: ramp(1, 0), bpm: 120, beats: 1, time: 0.3 }, 0.2],
    [{ sync: 1, bpm: 120, beats: ramp(3, 6) }, 0.5 * 3],
  ] as const;
  for (const [params, way] of cases) {
    const y = render(delay, { frames: 200_000, inputs: [sine], params: { ...WIDE, ...params } })[0];
    let step = 0;
    for (let t = at - 100; t < y.length; t++) step = Math.max(step, Math.abs(y[t] - y[t - 1]));
    // While the time moves the pitch bends by so much; the filter overshoots a little.
    const fastest = (1 + way / 0.05) * 2 * Math.PI * hertz / 48_000;
    assert(step < Math.min(0.6, 1.15 * fastest), `a step of ${step}, ${JSON.stringify(params)}`);
    // Where it has arrived it is as exact as if it had always been there.
    const arrived = Object.fromEntries(
      Object.entries(params).map(([k, v]) => [k, typeof v === "number" ? v : v(1e9)]),
    );
    const z =
      render(delay, { frames: 200_000, inputs: [sine], params: { ...WIDE, ...arrived } })[0];
    for (let t = 165_000; t < y.length; t += 97) assertAlmostEquals(y[t], z[t], 1e-6);
  }
});
