import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { latencyFrames } from "../../../core/kernel/latency.ts";
import { limiter } from "../../../nodes/dynamics/limiter.ts";
import { noise } from "../../../nodes/noise/noise.ts";
import { amplitudes, decibels, peak } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";

const FRAMES = 48_000;
const [wild] = render(noise, { frames: FRAMES });
/** Noise with bursts up to +30 dB, some a single frame long. */
const bursts = wild.map((x, t) => x * (t % 997 === 0 ? 30 : (t >> 9) % 5 === 0 ? 4 : 0.3));

Deno.test("limiter() lets no sample beyond its ceiling, on either side", () => {
  for (const ceilingDb of [0, -1, -20]) {
    const ceiling = Math.fround(10 ** (ceilingDb / 20));
    const inputs = [bursts, (t: number) => -bursts[(t * 7) % FRAMES]];
    const out = render(limiter, { frames: FRAMES, inputs, params: { ceilingDb, release: 0.001 } });
    for (const y of out) {
      assert(peak(y) <= ceiling * (1 + 1e-6), `${peak(y)} beyond ${ceiling}`);
      assert(peak(y) > 0.98 * ceiling, "and it goes up to there");
    }
  }
});

Deno.test("limiter() changes nothing below its ceiling but the time: 63 frames, or as much time", () => {
  const quiet = wild.map((x) => 0.8 * x);
  const inputs = [quiet, quiet];
  for (const [sampleRate, late] of [[44_100, 63], [48_000, 63], [96_000, 127], [192_000, 255]]) {
    const [y] = render(limiter, { frames: 5000, sampleRate, inputs, params: { ceilingDb: -1 } });
    assertEquals(y.slice(late), quiet.slice(0, 5000 - late));
    assertEquals(latencyFrames(limiter, sampleRate), late);
  }
});

Deno.test("limiter() lets no sample beyond its ceiling at high sample rates", () => {
  for (const sampleRate of [96_000, 192_000]) {
    const params = { ceilingDb: -3, release: 0.001 };
    const inputs = [bursts, bursts];
    const [y] = render(limiter, { frames: FRAMES, sampleRate, inputs, params });
    assert(peak(y) <= Math.fround(10 ** (-3 / 20)) * (1 + 1e-6), `${peak(y)}`);
    assert(peak(y) > 0.98 * 10 ** (-3 / 20));
  }
});

Deno.test("limiter() turns the gain down in a straight line over 64 frames, and up by its release", () => {
  const step = (t: number) => t >= 1000 && t < 1100 ? 2 : 1e-3;
  const params = { ceilingDb: 0, release: 0.05 };
  const inputs = [step, () => 0.5];
  const [, right] = render(limiter, { frames: 9600, inputs, params });
  const gain = right.map((v) => v / 0.5);
  assertEquals(gain[999], 1);
  for (let t = 1000; t < 1063; t++) assertAlmostEquals(gain[t + 1] - gain[t], -0.5 / 64, 1e-6);
  assertAlmostEquals(gain[1063], 0.5, 1e-6);
  // The release begins when the last loud frame has left the minimum, seen through the mean.
  const from = 1100 + 63 + 32;
  assertAlmostEquals(1 - gain[from + 2400], 0.5 * Math.exp(-1), 0.01);
});

Deno.test("limiter() distorts a steady sine of +6 dB by less than -60 dB", () => {
  const sine = (t: number) => 2 * Math.sin(2 * Math.PI * 341 * t / 16384);
  const params = { ceilingDb: 0, release: 0.2 };
  const [y] = render(limiter, { frames: 3 * 16384, inputs: [sine, sine], params });
  const bins = amplitudes(y.subarray(2 * 16384));
  const rest = Math.sqrt(bins.reduce((s, v, k) => k === 341 ? s : s + v * v, 0));
  assert(decibels(rest / bins[341]) < -60, `${decibels(rest / bins[341])} dB`);
});
