import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { noise } from "../../../nodes/noise/noise.ts";
import { decibels, spectrum } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";

const FRAMES = 2 ** 18;
const [wave] = render(noise, { frames: FRAMES });

Deno.test("noise() has mean 0, variance 1/3 and is even over [-1, 1)", () => {
  const mean = wave.reduce((s, x) => s + x, 0) / FRAMES;
  const variance = wave.reduce((s, x) => s + x * x, 0) / FRAMES;
  // Four standard errors.
  assertAlmostEquals(mean, 0, 4 * Math.sqrt(1 / 3 / FRAMES));
  assertAlmostEquals(variance, 1 / 3, 4 * Math.sqrt(4 / 45 / FRAMES));
  const counts = new Array<number>(64).fill(0);
  for (const x of wave) {
    assert(x >= -1 && x < 1.0000001);
    counts[Math.min(63, Math.floor((x + 1) * 32))]++;
  }
  const expected = FRAMES / 64;
  const chi2 = counts.reduce((s, n) => s + (n - expected) ** 2 / expected, 0);
  assert(chi2 > 30 && chi2 < 110, `chi squared of 63 degrees is ${chi2}`);
});

Deno.test("noise() is white: flat within 0.3 dB in sixteen bands, no two neighbours related", () => {
  const power = new Array<number>(16).fill(0);
  const bins = spectrum(wave);
  const width = FRAMES / 2 / 16;
  for (let k = 0; k < FRAMES / 2; k++) {
    power[Math.floor(k / width)] += bins[k] ** 2 / width / FRAMES;
  }
  for (const p of power) assertAlmostEquals(decibels(Math.sqrt(p * 3)), 0, 0.15);
  for (const lag of [1, 2, 3, 64, 1000]) {
    let sum = 0;
    for (let t = lag; t < FRAMES; t++) sum += wave[t] * wave[t - lag];
    assertAlmostEquals(3 * sum / FRAMES, 0, 5 / Math.sqrt(FRAMES), `lag ${lag}`);
  }
});

Deno.test("noise() repeats for a seed and differs between seeds", () => {
  assertEquals(render(noise, { frames: 100 })[0], wave.slice(0, 100));
  const [other] = render(noise, { frames: FRAMES, params: { seed: 2 } });
  assertNotEquals(other.slice(0, 100), wave.slice(0, 100));
  let sum = 0;
  for (let t = 0; t < FRAMES; t++) sum += wave[t] * other[t];
  assertAlmostEquals(3 * sum / FRAMES, 0, 5 / Math.sqrt(FRAMES));
});
