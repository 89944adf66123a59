import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { hall } from "../../../nodes/delays/hall.ts";
import { svf } from "../../../nodes/filters/svf.ts";
import { peak, rms } from "../../support/fft.ts";
import { impulse, render } from "../../support/render_node.ts";

const RATE = 48_000;

/** RT60 of an octave band, from the slope of Schroeder's integral between -5 and -35 dB. */
function decayTime(response: Float32Array, band: number, rate = RATE): number {
  let y = response;
  for (let k = 0; k < 2; k++) {
    const params = { mode: "bandpass", cutoff: band, q: 2 };
    [y] = render(svf, { frames: y.length, sampleRate: rate, inputs: [y], params });
  }
  const energy = new Float64Array(y.length + 1);
  for (let t = y.length - 1; t >= 0; t--) energy[t] = energy[t + 1] + y[t] ** 2;
  const level = (t: number) => 10 * Math.log10(energy[t] / energy[0]);
  const from = energy.findIndex((_, t) => level(t) < -5);
  const to = energy.findIndex((_, t) => level(t) < -35);
  return 60 / 30 * (to - from) / rate;
}

Deno.test("hall() decays in its stated time in each octave band", () => {
  for (const [decay, highs] of [[2.5, 0.4], [1, 0.5], [6, 0.2]]) {
    const params = { decay, highs };
    const frames = Math.round(1.2 * decay * RATE);
    const [left, right] = render(hall, { frames, inputs: [impulse], params });
    for (const y of [left, right]) {
      // A one-pole at 2 kHz: what it takes and leaves at f follows 1 / (1 + (f / 2000)^2).
      for (const band of [125, 250, 500, 8000]) {
        const low = 1 / (1 + (band / 2000) ** 2);
        const want = 1 / (low / decay + (1 - low) / (decay * highs));
        assertAlmostEquals(decayTime(y, band) / want, 1, 0.07, `${band} Hz at ${decay} s`);
      }
    }
  }
});

Deno.test("hall() keeps its decay at other sample rates", () => {
  for (const rate of [44_100, 96_000]) {
    const [y] = render(hall, {
      frames: 2 * rate,
      sampleRate: rate,
      inputs: [impulse],
      params: { decay: 1.5 },
    });
    assertAlmostEquals(decayTime(y, 250, rate) / 1.5, 1, 0.07);
  }
});

Deno.test("hall() has tails that are uncorrelated left and right, without a mean value", () => {
  const [left, right] = render(hall, { frames: RATE, inputs: [impulse, impulse] });
  let [cross, sum] = [0, 0];
  for (let t = 4800; t < RATE; t++) {
    cross += left[t] * right[t];
    sum += left[t];
  }
  const size = rms(left.subarray(4800)) * rms(right.subarray(4800)) * (RATE - 4800);
  assert(Math.abs(cross / size) < 0.1, `${cross / size}`);
  assert(Math.abs(sum) < 1);
});

Deno.test("hall() begins after its predelay and 33 ms, and is dense 100 ms later", () => {
  const params = { predelay: 0.05, motion: 0 };
  const [y] = render(hall, { frames: 24_000, inputs: [impulse], params });
  const first = y.findIndex((v) => Math.abs(v) > 1e-5);
  assertAlmostEquals(first, 2400 + 1433 * 48_000 / 44_100, 3);
  const late = y.subarray(first + 4800, first + 9600);
  const busy = late.filter((v) => Math.abs(v) > 0.1 * rms(late)).length;
  assert(busy > 0.4 * late.length, `${busy} of ${late.length} frames`);
});

Deno.test("hall() passes the dry signal, and stays bounded at its longest decay", () => {
  const params = { wet: 0, dry: 1 };
  const [dry] = render(hall, { frames: 5, inputs: [(t) => t, () => 0], params });
  assertEquals([...dry], [0, 1, 2, 3, 4]);
  const long = { decay: 60, highs: 1, motion: 1 };
  const noise = (t: number) => Math.sin(t * t);
  const [y] = render(hall, { frames: 5 * RATE, inputs: [noise, noise], params: long });
  assert(peak(y) < 40, `${peak(y)}`);
});
