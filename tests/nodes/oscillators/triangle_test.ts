import { assert, assertAlmostEquals } from "@std/assert";
import { triangle } from "../../../nodes/oscillators/triangle.ts";
import { decibels } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";
import { oscillatorReport } from "../../support/spectrum_of_oscillator.ts";

Deno.test("triangle() aliases at -115 dB below 10 kHz for a 2 kHz note", () => {
  const { alias } = oscillatorReport(triangle, 2000);
  assert(alias(10_000) < -115 && alias(10_000) > -125, `${alias(10_000)} dB`);
  assert(oscillatorReport(triangle, 4000).alias(10_000) < -80);
});

Deno.test("triangle() has harmonics 8 / (pi n)^2, odd ones only, within 0.3 dB up to 15 kHz", () => {
  const { harmonics } = oscillatorReport(triangle, 440);
  for (let n = 1; n * 440 <= 15_000; n += 2) {
    assertAlmostEquals(decibels(harmonics[n] * (Math.PI * n) ** 2 / 8), 0, 0.3, `${n}`);
    assert(decibels(harmonics[n + 1]) < -130, `${n + 1}`);
  }
});

Deno.test("triangle() is 0, 1, 0, -1 at the quarters, as a sine is", () => {
  const [wave] = render(triangle, { frames: 480, params: { frequency: 100 } });
  assertAlmostEquals(wave[0], 0, 1e-6);
  assertAlmostEquals(wave[60], 0.5, 1e-5);
  assertAlmostEquals(wave[120], 1, 0.02);
  assertAlmostEquals(wave[240], 0, 1e-5);
  assertAlmostEquals(wave[360], -1, 0.02);
});
