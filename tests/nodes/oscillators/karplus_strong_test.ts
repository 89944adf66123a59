import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { karplusStrong } from "../../../nodes/oscillators/karplus_strong.ts";
import { decibels, peak } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";
import { cents, measurePitch } from "../../support/spectrum_of_oscillator.ts";

const pluck = (t: number) => t < 10 ? 1 : 0;

Deno.test("karplusStrong() is in tune within 0.01 cent over the keyboard, at all rates", () => {
  for (const sampleRate of [44_100, 48_000, 96_000]) {
    for (let key = 0; key < 88; key += 7) {
      const frequency = Math.fround(27.5 * 2 ** (key / 12));
      for (const brightness of [0, 0.6, 1]) {
        // Dark high notes are too short to be measured.
        if (frequency > 1600 && brightness < 1) continue;
        const params = { trigger: pluck, frequency, decay: 20, brightness };
        const frames = (frequency > 500 ? 0.7 : 2) * sampleRate;
        const [y] = render(karplusStrong, { frames, sampleRate, params });
        const pitch = measurePitch(y.subarray(4800), frequency, sampleRate);
        assertAlmostEquals(cents(pitch, frequency), 0, 0.01, `${frequency} Hz at ${sampleRate}`);
      }
    }
  }
});

/** Amplitude of the sine of so many Hz in a stretch of the wave. */
function partial(wave: Float32Array, hertz: number, from: number, frames: number): number {
  let [re, im, weight] = [0, 0, 0];
  for (let t = 0; t < frames; t++) {
    const window = Math.sin(Math.PI * (t + 0.5) / frames) ** 2;
    re += window * wave[from + t] * Math.cos(2 * Math.PI * hertz * t / 48_000);
    im += window * wave[from + t] * Math.sin(2 * Math.PI * hertz * t / 48_000);
    weight += window;
  }
  return 2 * Math.hypot(re, im) / weight;
}

Deno.test("karplusStrong() falls by 60 dB in its decay, highs faster when it is dark", () => {
  const fall = (brightness: number, harmonic: number) => {
    const params = { trigger: pluck, frequency: 220, decay: 2, brightness };
    const [y] = render(karplusStrong, { frames: 96_000, params });
    const level = (t: number) => decibels(partial(y, 220 * harmonic, t, 9600));
    return level(4800) - level(4800 + 48_000);
  };
  assertAlmostEquals(fall(0.3, 1), 30, 0.3);
  assertAlmostEquals(fall(1, 9), 30, 1);
  // The loop filter's gains at 220 and 1980 Hz, once a period for a second.
  const gain = (hertz: number) =>
    Math.hypot(
      0.65 + 0.35 * Math.cos(hertz * 2 * Math.PI / 48_000),
      0.35 * Math.sin(hertz * 2 * Math.PI / 48_000),
    );
  assertAlmostEquals(fall(0.3, 9), 30 + 220 * decibels(gain(220) / gain(1980)), 1);
});

Deno.test("karplusStrong() is silent until it is plucked, and rings for what comes in", () => {
  const [silent] = render(karplusStrong, { frames: 1000 });
  assertEquals(peak(silent), 0);
  const inputs = [(t: number) => t === 0 ? 1 : 0];
  const [y] = render(karplusStrong, { frames: 2000, inputs, params: { frequency: 480 } });
  assertEquals(y[0], 1);
  assert(peak(y.subarray(95, 105)) > 0.4 && peak(y.subarray(20, 90)) < 1e-3);
});

Deno.test("karplusStrong() stays bounded when it is plucked again and again at the longest decay", () => {
  const trigger = (t: number) => t % 2400 < 10 ? 1 : 0;
  const params = { trigger, decay: 60, brightness: 1, frequency: (t: number) => 100 + t / 100 };
  const [y] = render(karplusStrong, { frames: 240_000, params });
  assert(peak(y) < 60, `${peak(y)}`);
});
