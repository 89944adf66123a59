import { assert, assertAlmostEquals } from "@std/assert";
import { operator } from "../../../nodes/oscillators/operator.ts";
import { amplitudes } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";

/** Bessel function of the first kind, by its integral. */
function bessel(n: number, x: number): number {
  const points = 2000;
  let sum = 0;
  for (let k = 0; k < points; k++) {
    const t = Math.PI * (k + 0.5) / points;
    sum += Math.cos(n * t - x * Math.sin(t)) / points;
  }
  return sum;
}

Deno.test("operator() has Chowning's sidebands: Bessel functions of the index", () => {
  const [frames, carrier, modulator] = [16384, 2049, 301];
  for (const index of [0.5, 2, 5]) {
    const sine = (t: number) => Math.sin(2 * Math.PI * modulator * t / frames);
    const params = { frequency: carrier / frames * 48_000, index: index / (2 * Math.PI) };
    const [y] = render(operator, { frames, inputs: [sine], params });
    const bins = amplitudes(y);
    for (let n = -6; n <= 6; n++) {
      const want = Math.abs(bessel(n, index));
      assertAlmostEquals(bins[carrier + n * modulator], want, 2e-4, `J${n}(${index})`);
    }
  }
});

Deno.test("operator() multiplies its frequency by its ratio and its wave by its level", () => {
  const [y] = render(operator, { frames: 480, params: { frequency: 100, ratio: 3, level: 0.5 } });
  for (let t = 0; t < 480; t++) {
    assertAlmostEquals(y[t], 0.5 * Math.sin(2 * Math.PI * 300 * t / 48_000), 2e-6);
  }
});

Deno.test("operator() with feedback tilts its sine towards a sawtooth", () => {
  const frames = 16384;
  const params = { frequency: 65 / frames * 48_000, feedback: 0.15 };
  const bins = amplitudes(render(operator, { frames: 2 * frames, params })[0].subarray(frames));
  for (let n = 2; n < 8; n++) {
    assert(bins[65 * n] > 0.3 * bins[65] / n && bins[65 * n] < bins[65] / n, `harmonic ${n}`);
  }
});
