import { assertAlmostEquals, assertEquals } from "@std/assert";
import { loudnessMeter } from "../../../nodes/utility/loudness_meter.ts";
import { render } from "../../support/render_node.ts";

const sine = (hertz: number, level: number, rate = 48_000) => (t: number) =>
  level * Math.sin(2 * Math.PI * hertz * t / rate);

Deno.test("loudnessMeter() reads -3.01 LUFS for a full-scale sine of 997 Hz on one side, at all rates", () => {
  for (const sampleRate of [44_100, 48_000, 96_000, 192_000]) {
    const inputs = [sine(997, 1, sampleRate)];
    const [lufs] = render(loudnessMeter, { frames: sampleRate, sampleRate, inputs });
    assertAlmostEquals(lufs[sampleRate - 1], -3.01, 0.03, `${sampleRate} Hz`);
  }
  const inputs = [sine(997, 1), sine(997, 1)];
  assertAlmostEquals(render(loudnessMeter, { frames: 48_000, inputs })[0][47_999], 0, 0.02);
});

Deno.test("loudnessMeter() weights frequencies as the recommendation's filters at 48 kHz do", () => {
  // Table 1 and 2 of BS.1770-4.
  const gain = (hertz: number) => {
    const z = (b: number[], a: number[]) => {
      const w = 2 * Math.PI * hertz / 48_000;
      const size = (c: number[]) =>
        Math.hypot(
          c.reduce((s, v, k) => s + v * Math.cos(k * w), 0),
          c.reduce((s, v, k) => s + v * Math.sin(k * w), 0),
        );
      return size(b) / size(a);
    };
    return z([1.53512485958697, -2.69169618940638, 1.19839281085285], [
      1,
      -1.69065929318241,
      0.73248077421585,
    ]) * z([1, -2, 1], [1, -1.99004745483398, 0.99007225036621]);
  };
  for (const hertz of [40, 100, 500, 1500, 3000, 10_000]) {
    const [lufs] = render(loudnessMeter, { frames: 72_000, inputs: [sine(hertz, 0.5)] });
    const want = -0.691 + 20 * Math.log10(0.5 * Math.SQRT1_2 * gain(hertz));
    assertAlmostEquals(lufs[71_999], want, 0.05, `${hertz} Hz`);
  }
});

Deno.test("loudnessMeter() looks 400 ms back in steps of 100 ms, and reads the peak of each step", () => {
  const burst = (t: number) => t < 4800 * 4 ? sine(997, 0.5)(t) : 0;
  const [lufs, peakDb] = render(loudnessMeter, { frames: 48_000, inputs: [burst] });
  const at = (step: number) => lufs[4800 * step + 10];
  assertEquals(at(0), -120);
  assertAlmostEquals(at(4), -9.03, 0.03);
  assertAlmostEquals(at(6), -9.03 + 10 * Math.log10(0.5), 0.05);
  assertAlmostEquals(at(9), -119.9, 0.2);
  assertAlmostEquals(peakDb[4800 * 2 + 10], -6.02, 0.02);
  assertAlmostEquals(peakDb[4800 * 6 + 10], -120, 0.1);
});
