import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { reverb } from "../../../nodes/delays/reverb.ts";
import { reverbMono } from "../../../nodes/delays/reverb_mono.ts";
import { noise } from "../../../nodes/noise/noise.ts";
import { decibels, peak } from "../../support/fft.ts";
import { impulse, render } from "../../support/render_node.ts";

/** Freeverb in doubles, with ring buffers and running indices, as its author wrote it. */
function freeverbSide(x: ArrayLike<number>, feedback: number, damp: number, spread: number) {
  const ring = (length: number) => ({ data: new Float64Array(length + spread), at: 0, store: 0 });
  const combs = [1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617].map(ring);
  const passes = [556, 441, 341, 225].map(ring);
  return Float64Array.from({ length: x.length }, (_, t) => {
    let out = 0;
    for (const c of combs) {
      const output = c.data[c.at];
      c.store = output * (1 - damp) + c.store * damp;
      c.data[c.at] = x[t] + c.store * feedback;
      c.at = (c.at + 1) % c.data.length;
      out += output;
    }
    for (const a of passes) {
      const stored = a.data[a.at];
      a.data[a.at] = out + stored * 0.5;
      out = stored - out;
      a.at = (a.at + 1) % a.data.length;
    }
    return out;
  });
}

const FRAMES = 24_000;

Deno.test("reverbMono() has the impulse response of Freeverb, within -120 dB", () => {
  const [y] = render(reverbMono, { frames: FRAMES, inputs: [impulse], params: { feedback: 0.84 } });
  const x = new Float64Array(FRAMES);
  x[0] = 1;
  const want = freeverbSide(x, Math.fround(0.84), Math.fround(0.2), 0);
  for (let t = 0; t < FRAMES; t++) assertAlmostEquals(y[t], want[t], 1e-6, `frame ${t}`);
  assertEquals(y.findIndex((v) => v !== 0), 1116);
});

Deno.test("reverb() is two sides of Freeverb, 23 frames apart, at 0.015 of the inputs' mean", () => {
  const [x] = render(noise, { frames: FRAMES });
  const [left, right] = render(reverb, { frames: FRAMES, inputs: [x, (t) => -0.5 * x[t]] });
  const mean = x.map((v) => 0.25 * v * 0.015);
  const wantLeft = freeverbSide(mean, Math.fround(0.84), Math.fround(0.2), 0);
  const wantRight = freeverbSide(mean, Math.fround(0.84), Math.fround(0.2), 23);
  for (let t = 0; t < FRAMES; t++) {
    assertAlmostEquals(left[t], wantLeft[t], 1e-6, `left ${t}`);
    assertAlmostEquals(right[t], wantRight[t], 1e-6, `right ${t}`);
  }
});

Deno.test("reverb() at width 0 is the same on both sides, and dry passes the input", () => {
  const [left, right] = render(reverb, { frames: 9000, inputs: [impulse], params: { width: 0 } });
  for (let t = 0; t < 9000; t++) assertAlmostEquals(left[t], right[t], 1e-9);
  const params = { wet: 0, dry: 1 };
  const dry = render(reverb, { frames: 10, inputs: [(t) => t, (t) => -t], params });
  assertEquals([...dry[0]], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals([...dry[1]], [...dry[0]].map((v) => 0 - v));
});

Deno.test("reverb() decays by 60 dB in the 1.6 s that the longest comb takes without damping", () => {
  const params = { damping: 0 };
  const [y] = render(reverb, { frames: 96_000, inputs: [impulse], params });
  const level = (from: number) => {
    let sum = 0;
    for (let t = from; t < from + 9600; t++) sum += y[t] ** 2;
    return 10 * Math.log10(sum);
  };
  const slope = (level(80_000) - level(20_000)) / (60_000 / 48_000);
  // The longest comb: 1617 frames at 48 kHz for a factor of 0.84.
  const longest = decibels(0.84) / (1617 / 48_000);
  assertAlmostEquals(slope, longest, 3);
  assertAlmostEquals(60 / -slope, 1.3, 0.15);
});

Deno.test("reverbMono() grows its lines with sample rates above 48 kHz only", () => {
  for (
    const [sampleRate, first] of [[44_100, 1116], [48_000, 1116], [96_000, 2232], [192_000, 4464]]
  ) {
    const [y] = render(reverbMono, { frames: 6000, sampleRate, inputs: [impulse] });
    assertEquals(y.findIndex((v) => v !== 0), first);
  }
});

Deno.test("reverb() is silent below -120 dB in twice its decay", () => {
  const [y] = render(reverb, { frames: 180_000, inputs: [impulse] });
  assert(peak(y.subarray(160_000)) < 1e-6 * peak(y), `${decibels(peak(y.subarray(160_000)))}`);
});
