import { assert, assertAlmostEquals } from "@std/assert";
import { saw } from "../../../nodes/oscillators/saw.ts";
import { decibels, peak } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";
import { cents, measurePitch, oscillatorReport } from "../../support/spectrum_of_oscillator.ts";

Deno.test("saw() aliases at -91 dB below 10 kHz and -61 dB below 18 kHz for a 2 kHz note", () => {
  const { alias } = oscillatorReport(saw, 2000);
  assert(alias(10_000) < -91, `${alias(10_000)} dB`);
  assert(alias(18_000) < -61, `${alias(18_000)} dB`);
  assert(alias(10_000) > -95, "the promise is not far below the truth");
});

Deno.test("saw() aliases at -80 dB below 10 kHz up to 6 kHz, also at 44.1 and 96 kHz", () => {
  for (const [hertz, rate] of [[110, 44_100], [2000, 44_100], [6000, 48_000], [6000, 96_000]]) {
    const { alias } = oscillatorReport(saw, hertz, {}, rate);
    assert(alias(10_000) < -80, `${alias(10_000)} dB at ${hertz} Hz, ${rate} Hz`);
  }
});

Deno.test("saw() aliases at -56 dB below 10 kHz at 8 kHz, where its step is shortened", () => {
  const { alias } = oscillatorReport(saw, 8000);
  assert(alias(10_000) < -56 && alias(10_000) > -60, `${alias(10_000)} dB`);
});

Deno.test("saw() has harmonics 2 / (pi n) within 0.3 dB up to 15 kHz", () => {
  for (const hertz of [55, 1000, 2000]) {
    const { harmonics } = oscillatorReport(saw, hertz);
    for (let n = 1; n * hertz <= 15_000; n++) {
      assertAlmostEquals(decibels(harmonics[n] * Math.PI * n / 2), 0, 0.3, `${n} of ${hertz}`);
    }
    assertAlmostEquals(harmonics[0], 0, 2e-4, "no mean value");
  }
});

Deno.test("saw() rises from -1 to 1 and is in tune", () => {
  const [wave] = render(saw, { frames: 4800, params: { frequency: 100 } });
  assertAlmostEquals(wave[120], -0.5, 1e-5);
  assertAlmostEquals(wave[240], 0, 1e-5);
  assertAlmostEquals(wave[360], 0.5, 1e-5);
  assertAlmostEquals(peak(wave), 1.14, 0.01, "overshoot of a band-limited step");
  const [note] = render(saw, { frames: 65536, params: { frequency: 440 } });
  assertAlmostEquals(cents(measurePitch(note, 440, 48_000), 440), 0, 1e-3);
});

Deno.test("saw() falls when fm takes the frequency below zero, without more aliases", () => {
  const fall = oscillatorReport(saw, 2000, {
    fm: -2 * Math.round(2000 / 48_000 * 16384 | 1) / 16384 * 48_000,
  });
  assert(fall.alias(10_000) < -90, `${fall.alias(10_000)} dB`);
  const [wave] = render(saw, { frames: 480, params: { frequency: 100, fm: -200 } });
  assertAlmostEquals(wave[120], 0.5, 1e-5);
});
