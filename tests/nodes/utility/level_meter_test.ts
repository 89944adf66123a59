import { assertAlmostEquals } from "@std/assert";
import { levelMeter } from "../../../nodes/utility/level_meter.ts";
import { render } from "../../support/render_node.ts";

const sine = (hertz: number, level: number, rate: number) => (t: number) =>
  level * Math.sin(2 * Math.PI * hertz * t / rate);

Deno.test("levelMeter() reads a sine's peak and its RMS 3.01 dB below, at all rates", () => {
  for (const sampleRate of [44_100, 48_000, 96_000, 192_000]) {
    for (const [hertz, level] of [[50, 1], [997, 0.1], [5000, 1e-3]]) {
      const inputs = [sine(hertz, level, sampleRate)];
      const frames = 3 * sampleRate;
      const [peak, rms] = render(levelMeter, { frames, sampleRate, inputs });
      const db = 20 * Math.log10(level);
      // The peak falls between two crests of 50 Hz, which are 10 ms apart, by 0.12 dB.
      assertAlmostEquals(Math.max(...peak.subarray(-sampleRate / 10)), db, 0.05);
      assertAlmostEquals(rms[frames - 1], db - 3.01, 0.05, `${hertz} Hz at ${sampleRate}`);
    }
  }
});

Deno.test("levelMeter() falls by its dB a second, and rises to an impulse at once", () => {
  for (const fall of [11.8, 100]) {
    const inputs = [(t: number) => t === 100 ? 0.5 : 0];
    const [peak] = render(levelMeter, { frames: 48_101, inputs, params: { fall } });
    assertAlmostEquals(peak[99], -120, 1e-3);
    assertAlmostEquals(peak[100], -6.02, 0.001);
    assertAlmostEquals(peak[24_100], -6.02 - fall / 2, 0.02);
    assertAlmostEquals(peak[48_100], -6.02 - fall, 0.02);
  }
});

Deno.test("levelMeter() averages powers over its window: 63 % of the way in one", () => {
  for (const window of [0.01, 0.3]) {
    const params = { window };
    const [, rms] = render(levelMeter, { frames: 20_000, inputs: [() => 1], params });
    const at = Math.round(window * 48_000) - 1;
    assertAlmostEquals(10 ** (rms[at] / 10), 1 - Math.exp(-1), 1e-3);
  }
  const [, silent] = render(levelMeter, { frames: 10 });
  assertAlmostEquals(silent[9], -120, 1e-3);
});
