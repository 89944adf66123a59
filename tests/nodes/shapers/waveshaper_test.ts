import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { oversample } from "../../../nodes/shapers/oversample.ts";
import { waveshaper } from "../../../nodes/shapers/waveshaper.ts";
import { noise } from "../../support/agree.ts";
import { amplitudes, decibels } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";

const CURVES: Readonly<Record<string, (x: number) => number>> = {
  tanh: Math.tanh,
  hard: (x) => Math.max(-1, Math.min(1, x)),
  fold: (x) => Math.sin(Math.PI / 2 * x),
  tube: (x) => x < 0 ? Math.tanh(2 * x) / 2 : Math.tanh(x),
};

for (const [shape, f] of Object.entries(CURVES)) {
  Deno.test(`waveshaper() without anti-aliasing is its curve, less that of silence (${shape})`, () => {
    const x = Array.from({ length: 400 }, (_, t) => (t - 200) / 100);
    for (const bias of [0, 0.6, -1.1]) {
      const params = { shape, drive: 2, bias, gain: 0.5, antialias: "none" };
      const [y] = render(waveshaper, { frames: x.length, inputs: [x], params });
      for (const [t, v] of x.entries()) {
        assertAlmostEquals(y[t], 0.5 * (f(2 * v + bias) - f(bias)), 6e-7);
      }
    }
  });

  Deno.test(`waveshaper() with anti-aliasing is the mean of its curve between two inputs (${shape})`, () => {
    const random = noise(3);
    const x: number[] = [0];
    // Ways of all lengths, through zero and far out.
    while (x.length < 3000) {
      const way = 10 ** (-6 + 7 * random()) * (random() < 0.5 ? -1 : 1);
      x.push(Math.fround(Math.max(-30, Math.min(30, x[x.length - 1] + way))));
    }
    const [y] = render(waveshaper, { frames: x.length, inputs: [x], params: { shape } });
    for (let t = 1; t < x.length; t++) {
      const [a, b] = [x[t - 1], x[t]];
      // Gauss's rule of two points in 500 pieces.
      let mean = 0;
      for (let k = 0; k < 500; k++) {
        for (const place of [0.5 - Math.sqrt(1 / 12), 0.5 + Math.sqrt(1 / 12)]) {
          mean += f(a + (b - a) * (k + place) / 500) / 1000;
        }
      }
      // A clipper's corner within a piece costs the rule itself 1e-5 at most here.
      const own = shape === "hard" ? 1e-5 : 0;
      assertAlmostEquals(y[t], mean, 3e-6 + own, `from ${a} to ${b}`);
    }
  });
}

Deno.test("waveshaper() aliases as stated, by itself, with anti-aliasing, and oversampled", () => {
  const frames = 16384;
  const bin = 341; // 999 Hz
  const sine = (t: number) => Math.sin(2 * Math.PI * bin * t / frames);
  const alias = (node: typeof waveshaper, shape: string, antialias: string) => {
    const params = { shape, antialias, drive: 10 };
    const [y] = render(node, { frames: 2 * frames, inputs: [sine], params });
    const bins = amplitudes(y.subarray(frames));
    let worst = 0;
    for (let k = 1; k / frames * 48_000 < 18_000; k++) {
      if (k % bin) worst = Math.max(worst, bins[k]);
    }
    return decibels(worst / bins[bin]);
  };
  const four = oversample(waveshaper, 4);
  const claims: Record<string, number[]> = {
    tanh: [-52, -59, -130],
    hard: [-46, -59, -90],
    tube: [-44, -51, -122],
    fold: [-123, -131, -139],
  };
  for (const [shape, [plain, mean, both]] of Object.entries(claims)) {
    assertAlmostEquals(alias(waveshaper, shape, "none"), plain, 1, shape);
    assertAlmostEquals(alias(waveshaper, shape, "antiderivative"), mean, 1, shape);
    assert(alias(four, shape, "antiderivative") < both + 1, shape);
  }
});

Deno.test("waveshaper() is silent for silence, whatever its bias, from the first frame on", () => {
  for (const shape of Object.keys(CURVES)) {
    for (const antialias of ["none", "antiderivative"]) {
      const params = { shape, antialias, bias: 0.7 };
      const [y] = render(waveshaper, { frames: 10, params });
      for (const v of y) assertAlmostEquals(v, 0, 1e-7);
    }
  }
});

Deno.test("waveshaper() with anti-aliasing takes highs away by cos(pi f / rate)", () => {
  for (const hertz of [100, 5000, 10_000]) {
    const x = (t: number) => 1e-3 * Math.sin(2 * Math.PI * hertz * t / 48_000);
    const [y] = render(waveshaper, { frames: 4800, inputs: [x] });
    const gain = Math.hypot(
      y.reduce((s, v, t) => s + v * Math.cos(2 * Math.PI * hertz * t / 48_000), 0),
      y.reduce((s, v, t) => s + v * Math.sin(2 * Math.PI * hertz * t / 48_000), 0),
    ) / 2400 / 1e-3;
    assertAlmostEquals(decibels(gain / Math.cos(Math.PI * hertz / 48_000)), 0, 0.01);
  }
  assertEquals(waveshaper.spec.latency ?? 0, 0);
});
