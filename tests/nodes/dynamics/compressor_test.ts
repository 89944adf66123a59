import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { compressor } from "../../../nodes/dynamics/compressor.ts";
import { render } from "../../support/render_node.ts";

/** Equation 4 of the paper: level out over level in, in dB. */
function staticCurve(x: number, threshold: number, ratio: number, knee: number): number {
  const over = x - threshold;
  if (2 * over < -knee) return x;
  if (2 * Math.abs(over) <= knee) return x + (1 / ratio - 1) * (over + knee / 2) ** 2 / (2 * knee);
  return threshold + over / ratio;
}
const factor = (db: number) => 10 ** (db / 20);

Deno.test("compressor() has the paper's static curve within 0.02 dB", () => {
  for (const [threshold, ratio, knee] of [[-20, 4, 6], [-30, 20, 20], [-10, 2, 0]]) {
    for (let level = -60; level <= 0; level += 3) {
      const [y] = render(compressor, {
        frames: 24_000,
        inputs: [() => factor(level)],
        params: { thresholdDb: threshold, ratio, kneeDb: knee, attack: 0.001 },
      });
      const out = 20 * Math.log10(y[23_999]);
      assertAlmostEquals(out, staticCurve(level, threshold, ratio, knee), 0.02, `${level} dB`);
    }
  }
});

Deno.test("compressor() attacks and releases with its time constants, in dB", () => {
  const step = (t: number) => t < 48_000 ? 1 : 0.001;
  const params = { thresholdDb: -40, ratio: 2, kneeDb: 0, attack: 0.02, release: 0.2 };
  const [, reduction] = render(compressor, { frames: 96_000, inputs: [step], params });
  assertAlmostEquals(reduction[47_999], 20, 0.01);
  assertAlmostEquals(reduction[959], 20 * (1 - Math.exp(-1)), 0.05);
  assertAlmostEquals(reduction[48_000 + 9599], 20 * Math.exp(-1), 0.05);
});

Deno.test("compressor() reads a sine's RMS 3 dB below its peak", () => {
  const sine = (t: number) => Math.sin(2 * Math.PI * 1000 * t / 48_000);
  const run = (detector: string, attack: number, release: number) => {
    const params = { thresholdDb: -20, ratio: 100, kneeDb: 0, attack, release, detector };
    const [, reduction] = render(compressor, { frames: 48_000, inputs: [sine], params });
    return reduction[47_999];
  };
  assertAlmostEquals(run("rms", 0.05, 0.05), 0.99 * (20 - 3.01), 0.1);
  assertAlmostEquals(run("peak", 0.0001, 5), 0.99 * 20, 0.1);
});

Deno.test("compressor() listens to its side chain when told to", () => {
  const params = { detect: "sidechain", thresholdDb: -20, ratio: 100, attack: 0.001 };
  const [silent] = render(compressor, { frames: 4800, inputs: [() => 1], params });
  assertEquals(silent[4799], 1);
  const inputs = [() => 0.25, () => 1];
  const [ducked] = render(compressor, { frames: 4800, inputs, params });
  assertAlmostEquals(20 * Math.log10(ducked[4799] / 0.25), -19.8, 0.05);
});

Deno.test("compressor() delays by its look-ahead and so comes before the attack", () => {
  const step = (t: number) => t < 1000 ? 0 : 1;
  const params = { lookahead: 0.005, attack: 0.001, thresholdDb: -20, ratio: 100, kneeDb: 0 };
  const [y] = render(compressor, { frames: 2000, inputs: [step], params });
  assertEquals(y.findIndex((v) => v !== 0), 1000 + 240);
  assert(y[1240] < 0.12, `${y[1240]}`);
  const [none] = render(compressor, { frames: 2000, inputs: [step], params: { thresholdDb: 0 } });
  assertEquals(none.findIndex((v) => v !== 0), 1000);
});

Deno.test("compressor() adds its make-up gain", () => {
  const [y] = render(compressor, { frames: 10, inputs: [() => 0.01], params: { makeupDb: 20 } });
  assertAlmostEquals(y[9], 0.1, 1e-6);
});
