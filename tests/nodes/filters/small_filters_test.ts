import { assert, assertAlmostEquals } from "@std/assert";
import { allpass } from "../../../nodes/filters/allpass.ts";
import { comb } from "../../../nodes/filters/comb.ts";
import { dcBlocker } from "../../../nodes/filters/dc_blocker.ts";
import { formant } from "../../../nodes/filters/formant.ts";
import { onePole } from "../../../nodes/filters/one_pole.ts";
import { svf } from "../../../nodes/filters/svf.ts";
import { svfAll } from "../../../nodes/filters/svf_all.ts";
import { noise } from "../../../nodes/noise/noise.ts";
import { decibels, peak } from "../../support/fft.ts";
import { impulse, render } from "../../support/render_node.ts";
import { abs, assertResponse, complex, measureResponse } from "../../support/response.ts";
import { cents, measurePitch } from "../../support/spectrum_of_oscillator.ts";

Deno.test("svfAll() has the outputs of svf's modes at once", () => {
  const [x] = render(noise, { frames: 2000 });
  const params = { cutoff: (t: number) => 300 + t, q: 3 };
  const outputs = render(svfAll, { frames: 2000, inputs: [x], params });
  for (const [k, mode] of ["lowpass", "bandpass", "highpass", "notch"].entries()) {
    const [want] = render(svf, { frames: 2000, inputs: [x], params: { ...params, mode } });
    for (let t = 0; t < 2000; t++) assertAlmostEquals(outputs[k][t], want[t], 2e-5, mode);
  }
});

Deno.test("onePole() has the one-pole's response within 0.01 dB in its modes", () => {
  for (const cutoff of [1, 100, 5000, 20_000]) {
    const warp = (f: number) => Math.tan(Math.PI * f) / Math.tan(Math.PI * cutoff / 48_000);
    const low = (f: number) => 1 / Math.hypot(1, warp(f));
    const run = (mode: string) => measureResponse(onePole, { cutoff, mode });
    if (cutoff > 10) assertResponse(run("lowpass"), low);
    assertResponse(run("highpass"), (f) => warp(f) * low(f));
    assertResponse(run("allpass"), () => 1);
  }
});

Deno.test("dcBlocker() takes a constant below -120 dB and leaves 40 Hz within 0.3 dB", () => {
  const [y] = render(dcBlocker, { frames: 12_000, inputs: [() => 1] });
  assert(Math.abs(y[10_560]) < 1.1e-6, `${y[10_560]}`);
  const gain = abs(measureResponse(dcBlocker, {})[Math.round(40 / 48_000 * 65536)]);
  assertAlmostEquals(decibels(gain), decibels(1 / Math.hypot(1, 10 / 40)), 0.01);
  assert(decibels(gain) > -0.3);
});

Deno.test("allpass() passes every frequency with gain 1, and echoes after its time", () => {
  for (const gain of [0.7, -0.5]) {
    const measured = measureResponse(allpass, { time: 100 / 48_000, gain });
    assertResponse(measured, () => 1, { tolerance: 1e-3 });
  }
  const [y] = render(allpass, { frames: 300, inputs: [impulse], params: { time: 100 / 48_000 } });
  const g = Math.fround(0.7);
  for (const [t, want] of [[0, -g], [100, 1 - g * g], [200, g * (1 - g * g)], [50, 0]]) {
    assertAlmostEquals(y[t], want, 1e-5);
  }
});

Deno.test("comb() has the response 1 / (1 - g z^-N) within 0.01 dB when it is open", () => {
  for (const feedback of [0.9, -0.7]) {
    const measured = measureResponse(comb, { frequency: 480, feedback });
    assertResponse(measured, (f) => {
      const angle = 2 * Math.PI * f * 100;
      return 1 / abs(complex(1 - feedback * Math.cos(angle), feedback * Math.sin(angle)));
    });
  }
});

Deno.test("comb() rings within 2 cents of its frequency, damped or not", () => {
  for (const damping of [20_000, 5000]) {
    for (const frequency of [55, 220, 440]) {
      const params = { frequency, feedback: 0.999, damping };
      const [y] = render(comb, { frames: 2 * 65536, inputs: [impulse], params });
      const pitch = measurePitch(y.subarray(65536), frequency, 48_000);
      assertAlmostEquals(cents(pitch, frequency), 0, 2, `${frequency} Hz, ${damping} Hz`);
    }
  }
});

Deno.test("formant() stands at its table's levels within 2 dB at each vowel's formants", () => {
  const table: [vowel: number, frequency: number, level: number][] = [
    [0, 650, 0],
    [0, 1080, -6],
    [0, 2650, -7],
    [1, 400, 0],
    [1, 1700, -14],
    [2, 290, 0],
    [2, 1870, -15],
    [3, 400, 0],
    [3, 800, -10],
    [4, 350, 0],
    [4, 2700, -17],
  ];
  for (const [vowel, frequency, level] of table) {
    const gain = measureResponse(formant, { vowel })[Math.round(frequency / 48_000 * 65536)];
    assertAlmostEquals(decibels(abs(gain)), level, 2, `vowel ${vowel} at ${frequency} Hz`);
  }
});

Deno.test("formant() moves its formants between vowels and by shift", () => {
  const top = (params: Record<string, number>) => {
    const gains = measureResponse(formant, params).slice(0, 1200).map(abs);
    return gains.indexOf(Math.max(...gains)) / 65536 * 48_000;
  };
  assertAlmostEquals(top({ vowel: 0.5 }), Math.sqrt(650 * 400), 15);
  assertAlmostEquals(top({ vowel: 0, shift: 1.2 }), 650 * 1.2, 15);
});

Deno.test("formant() is silent below -120 dB after 0.12 s", () => {
  for (const vowel of [0, 1, 2, 3, 4]) {
    const [y] = render(formant, { frames: 9600, inputs: [impulse], params: { vowel } });
    assert(
      peak(y.subarray(5760)) < 1e-6 * peak(y),
      `${decibels(peak(y.subarray(5760)) / peak(y))}`,
    );
  }
});
