import { assert, assertAlmostEquals } from "@std/assert";
import { ladder } from "../../../nodes/filters/ladder.ts";
import { noise } from "../../../nodes/noise/noise.ts";
import { amplitudes, peak } from "../../support/fft.ts";
import { impulse, render } from "../../support/render_node.ts";
import {
  abs,
  add,
  assertResponse,
  complex,
  div,
  measureResponse,
  scale,
} from "../../support/response.ts";
import { cents, measurePitch } from "../../support/spectrum_of_oscillator.ts";

/** One stage at the warped frequency w, 1 / (1 + jw), to a power. */
const stages = (w: number, n: number) => {
  let product = complex(1);
  for (let k = 0; k < n; k++) product = div(product, complex(1, w));
  return product;
};
/** Each mode as stages: a high-pass is jw / (1 + jw). */
const MODES: Record<string, (w: number) => number> = {
  lowpass24: () => 1,
  lowpass12: (w) => abs(complex(1, w)) ** 2,
  bandpass24: (w) => 4 * w * w,
  bandpass12: (w) => 2 * w * abs(complex(1, w)) ** 2,
  highpass24: (w) => w ** 4,
  highpass12: (w) => w * w * abs(complex(1, w)) ** 2,
};

for (const [mode, numerator] of Object.entries(MODES)) {
  Deno.test(`ladder() has the linear ladder's response for small signals in ${mode} mode`, () => {
    for (const [cutoff, resonance] of [[1000, 0], [500, 0.5], [8000, 0.9]]) {
      const measured = measureResponse(ladder, { cutoff, resonance, mode }, { level: 1e-3 });
      assertResponse(measured, (f) => {
        const w = Math.tan(Math.PI * f) / Math.tan(Math.PI * cutoff / 48_000);
        const fourth = stages(w, 4);
        return numerator(w) * abs(div(fourth, add(complex(1), scale(fourth, 4 * resonance))));
      }, { tolerance: 0.05 });
    }
  });
}

Deno.test("ladder() oscillates in tune within 1 cent from 50 Hz to 10 kHz", () => {
  for (const cutoff of [50, 220, 440, 1000, 3520, 10_000]) {
    const [y] = render(ladder, {
      frames: 3 * 65536,
      inputs: [impulse],
      params: { cutoff, resonance: 1.1 },
    });
    const steady = y.subarray(2 * 65536);
    assert(peak(steady) > 0.1 && peak(steady) < 1, `amplitude ${peak(steady)} at ${cutoff} Hz`);
    const off = cents(measurePitch(steady, cutoff, 48_000), cutoff);
    assertAlmostEquals(off, 0, 1, `${cutoff} Hz`);
  }
});

Deno.test("ladder() dies away below resonance 1", () => {
  const params = { cutoff: 1000, resonance: 0.98 };
  const [y] = render(ladder, { frames: 96_000, inputs: [impulse], params });
  assert(peak(y.subarray(90_000)) < 1e-6);
});

Deno.test("ladder() keeps its bass when it is told to", () => {
  const level = (bass: number) =>
    render(ladder, {
      frames: 9600,
      inputs: [() => 1e-3],
      params: { resonance: 0.8, bass },
    })[0][9599];
  assertAlmostEquals(level(0), 1e-3 / (1 + 4 * 0.8), 1e-6);
  assertAlmostEquals(level(1), 1e-3, 1e-6);
});

Deno.test("ladder() distorts a signal of 0.1 by 0.08 %, as tanh does, and never sounds louder than 1.5", () => {
  const frames = 65536;
  const sine = (t: number) => 0.1 * Math.sin(2 * Math.PI * 137 * t / frames);
  const params = { cutoff: 20_000, resonance: 0 };
  const [y] = render(ladder, { frames: 2 * frames, inputs: [sine], params });
  const bins = amplitudes(y.subarray(frames));
  // tanh(x) = x - x^3 / 3 ..., and sin^3 has a quarter of its amplitude in the third harmonic.
  assertAlmostEquals(bins[3 * 137] / bins[137], 0.1 ** 2 / 12, 2e-5);
  const [x] = render(noise, { frames });
  const [loud] = render(ladder, {
    frames,
    inputs: [x],
    params: { drive: 20, resonance: 1.25, cutoff: (t: number) => 20 + t / 4 },
  });
  assert(peak(loud) < 1.5, `${peak(loud)}`);
});
