import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { brownNoise } from "../../../nodes/noise/brown_noise.ts";
import { pinkNoise } from "../../../nodes/noise/pink_noise.ts";
import { decibels, peak, rms, spectrum } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";

const FRAMES = 2 ** 21;

/** Power density in bands of a third of an octave, in dB, with the bands' middle frequencies. */
function bands(wave: Float32Array, sampleRate: number): [hertz: number, level: number][] {
  const bins = spectrum(wave);
  const list: [number, number][] = [];
  for (let f = 25; f < 0.43 * sampleRate; f *= 2 ** (1 / 3)) {
    const from = Math.ceil(f * 2 ** (-1 / 6) / sampleRate * FRAMES);
    const to = Math.floor(f * 2 ** (1 / 6) / sampleRate * FRAMES);
    if (to - from < 150) continue; // chance would rule
    let sum = 0;
    for (let k = from; k <= to; k++) sum += bins[k] ** 2 * (k / FRAMES * sampleRate) / f;
    list.push([f, 10 * Math.log10(sum / (to - from + 1) / FRAMES)]);
  }
  return list;
}

for (const sampleRate of [44_100, 192_000]) {
  Deno.test(`pinkNoise() falls by 3 dB per octave within 0.5 dB at ${sampleRate} Hz`, () => {
    const [wave] = render(pinkNoise, { frames: FRAMES, sampleRate });
    const levels = bands(wave, sampleRate).map(([f, level]) => level + 10 * Math.log10(f));
    const upper = levels.slice(9);
    const middle = upper.reduce((s, x) => s + x) / upper.length;
    // 0.25 dB of the filter, the rest is chance.
    for (const level of upper) assertAlmostEquals(level, middle, 0.5);
    for (const level of levels) assertAlmostEquals(level, middle, 1.2);
  });
}

Deno.test("pinkNoise() has an RMS of about 0.33, and repeats for a seed", () => {
  const [wave] = render(pinkNoise, { frames: FRAMES });
  assertAlmostEquals(rms(wave), 0.335, 0.02);
  assert(peak(wave) < 2);
  assertEquals(render(pinkNoise, { frames: 50 })[0], wave.slice(0, 50));
  assertNotEquals(render(pinkNoise, { frames: 50, params: { seed: 2 } })[0], wave.slice(0, 50));
});

Deno.test("brownNoise() falls by 6 dB per octave above 10 Hz, at an RMS of 0.33 at any rate", () => {
  for (const sampleRate of [44_100, 96_000]) {
    const [wave] = render(brownNoise, { frames: FRAMES, sampleRate });
    assertAlmostEquals(rms(wave), 1 / 3, 0.03);
    const levels = bands(wave, sampleRate).filter(([f]) => f > 100 && f < 5000);
    const [first, last] = [levels[0], levels[levels.length - 1]];
    const slope = (last[1] - first[1]) / Math.log2(last[0] / first[0]);
    assertAlmostEquals(slope, decibels(0.5), 0.15);
  }
});
