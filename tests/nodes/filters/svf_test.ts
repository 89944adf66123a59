import { assert, assertAlmostEquals } from "@std/assert";
import { svf } from "../../../nodes/filters/svf.ts";
import { svfAll } from "../../../nodes/filters/svf_all.ts";
import { noise } from "../../../nodes/noise/noise.ts";
import { decibels, peak, spectrum } from "../../support/fft.ts";
import { impulse, render } from "../../support/render_node.ts";

/** Gain of the analog prototype at w = f / cutoff (both warped). */
const PROTOTYPE: Record<string, (w: number, q: number) => number> = {
  lowpass: (w, q) => 1 / Math.hypot(1 - w * w, w / q),
  bandpass: (w, q) => w / Math.hypot(1 - w * w, w / q),
  highpass: (w, q) => w * w / Math.hypot(1 - w * w, w / q),
  notch: (w, q) => Math.abs(1 - w * w) / Math.hypot(1 - w * w, w / q),
  peak: (w, q) => (1 + w * w) / Math.hypot(1 - w * w, w / q),
  allpass: () => 1,
};

for (const [mode, gain] of Object.entries(PROTOTYPE)) {
  Deno.test(`svf() has the analog filter's response within 0.01 dB in ${mode} mode`, () => {
    for (
      const [cutoff, q, rate] of [[1000, 0.7071, 48_000], [200, 8, 44_100], [15_000, 2, 96_000]]
    ) {
      const frames = 65536;
      const [h] = render(svf, {
        frames,
        sampleRate: rate,
        inputs: [impulse],
        params: { cutoff, q, mode },
      });
      const bins = spectrum(h);
      for (let k = 20; k < frames / 2 - 100; k += 37) {
        const warp = (f: number) => Math.tan(Math.PI * f);
        const want = gain(warp(k / frames) / warp(cutoff / rate), q);
        if (want < 1e-3) continue;
        assertAlmostEquals(decibels(bins[k] / want), 0, 0.01, `${k * rate / frames} Hz`);
      }
    }
  });
}

Deno.test("svf() has gain q at the cutoff, and 1 at 0 Hz, in lowpass mode", () => {
  for (const cutoff of [10, 100, 1000, 10_000]) {
    const q = 5;
    const [y] = render(svf, { frames: 200_000, inputs: [() => 1], params: { cutoff, q } });
    assertAlmostEquals(y[199_999], 1, 1e-6, `${cutoff} Hz`);
    const sine = (t: number) => Math.sin(2 * Math.PI * cutoff * t / 48_000);
    const [z] = render(svf, { frames: 200_000, inputs: [sine], params: { cutoff, q } });
    assertAlmostEquals(peak(z.subarray(150_000)), q, 0.01 * q, `${cutoff} Hz`);
  }
});

Deno.test("svf() passes a constant below -106 dB only in highpass and bandpass mode", () => {
  for (const mode of ["highpass", "bandpass"]) {
    const [y] = render(svf, { frames: 96_000, inputs: [() => 1], params: { cutoff: 100, mode } });
    assert(Math.abs(y[95_999]) < 5e-6, `${y[95_999]}`);
  }
});

Deno.test("svf() stays bounded while cutoff jumps every sample at the largest q", () => {
  const frames = 96_000;
  const [x] = render(noise, { frames });
  const [c] = render(noise, { frames, params: { seed: 2 } });
  const cutoff = (t: number) => 10 * 2000 ** (0.5 + 0.5 * c[t]);
  const [y] = render(svf, { frames, inputs: [x], params: { cutoff, q: 40 } });
  assert(peak(y) < 60, `${peak(y)}`);
});

Deno.test("svf() falls below -120 dB within its stated tail", () => {
  const [cutoff, q] = [200, 40];
  const tail = Math.ceil(14 * q / (Math.PI * cutoff) * 48_000);
  const [h] = render(svf, { frames: tail + 4800, inputs: [impulse], params: { cutoff, q } });
  assert(peak(h.subarray(tail)) < 1e-6 * peak(h), `${peak(h.subarray(tail)) / peak(h)}`);
});

Deno.test("svf() and svfAll() follow a cutoff that moves at audio rate, as the trapezoidal rule has it", () => {
  const rate = 48_000;
  const x = (t: number) => Math.sin(2 * Math.PI * 523 * t / rate);
  // Four octaves up and down at 377 Hz: the g of each frame is that frame's.
  const cutoff = (t: number) =>
    Math.fround(2000 * 2 ** (2 * Math.sin(2 * Math.PI * 377 * t / rate)));
  const q = 4;
  const params = { cutoff, q };
  const [low, band, high, notch] = render(svfAll, { frames: 4800, inputs: [x], params });
  const [single] = render(svf, { frames: 4800, inputs: [x], params });
  // The circuit's equations, band' = w (x - low - band / q) and low' = w band, each integrated by the
  // trapezoidal rule of the integrator's input, solved for the frame by Cramer's rule in doubles.
  let [s1, s2] = [0, 0];
  for (let t = 0; t < 4800; t++) {
    const g = Math.tan(Math.PI * cutoff(t) / rate);
    // band = s1 + g (x - low - band / q), low = s2 + g band
    const a = 1 + g / q;
    const determinant = a + g * g;
    const b = (s1 + g * Math.fround(x(t)) - g * s2) / determinant;
    const l = (a * s2 + g * (s1 + g * Math.fround(x(t)))) / determinant;
    s1 = 2 * b - s1;
    s2 = 2 * l - s2;
    assertAlmostEquals(low[t], l, 2e-5, `low at ${t}`);
    assertAlmostEquals(band[t], b, 2e-5);
    assertAlmostEquals(high[t], Math.fround(x(t)) - l - b / q, 4e-5);
    assertAlmostEquals(notch[t], Math.fround(x(t)) - b / q, 4e-5);
    assertAlmostEquals(single[t], l, 2e-5);
  }
});
