import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Loudness } from "@aether/dsp/taps";
import { KWeighting } from "../../../core/taps/k_weighting.ts";
import { TruePeak } from "../../../core/taps/true_peak.ts";

/** A stretch of a tone: its level in dBFS on each channel, and its length in seconds. */
type Stretch = readonly [seconds: number, ...levels: number[]];

/** Measures stretches of a 1 kHz tone, as EBU Tech 3341 and 3342 give them; `watch` sees each 100 ms. */
function measure(
  stretches: readonly Stretch[],
  { rate = 48_000, channels = 2, watch = (_: Loudness) => {} } = {},
): Loudness {
  const meter = new Loudness(rate, channels);
  let frame = 0;
  const step = rate / 10;
  const block = Array.from({ length: channels }, () => new Float32Array(step));
  let filled = 0;
  for (const [seconds, ...levels] of stretches) {
    const gains = block.map((_, c) => 10 ** ((levels[c] ?? levels[0]) / 20));
    for (let t = 0; t < Math.round(seconds * rate); t++) {
      const x = Math.sin(2 * Math.PI * 1000 * frame++ / rate);
      for (let c = 0; c < channels; c++) block[c][filled] = gains[c] * x;
      if (++filled === step) {
        meter.push(block);
        watch(meter);
        filled = 0;
      }
    }
  }
  meter.push(block, filled);
  return meter;
}

Deno.test("Loudness reads Tech 3341's cases 1 and 2: steady tones on both sides, at all rates", () => {
  for (const rate of [44_100, 48_000, 96_000, 192_000]) {
    for (const level of [-23, -33]) {
      const meter = measure([[rate > 48_000 ? 4 : 10, level]], { rate });
      assertAlmostEquals(meter.momentary, level, 0.1);
      assertAlmostEquals(meter.shortTerm, level, 0.1);
      assertAlmostEquals(meter.integrated, level, 0.1, `${rate} Hz`);
    }
  }
});

Deno.test("Loudness reads Tech 3341's cases 3 to 6: both gates, and five channels", () => {
  const integrated = (stretches: readonly Stretch[], channels = 2) =>
    measure(stretches, { channels, rate: 16_000 }).integrated;
  assertAlmostEquals(integrated([[10, -36], [60, -23], [10, -36]]), -23, 0.1);
  assertAlmostEquals(
    integrated([[10, -72], [10, -36], [60, -23], [10, -36], [10, -72]]),
    -23,
    0.1,
  );
  assertAlmostEquals(integrated([[20, -26], [20.1, -20], [20, -26]]), -23, 0.1);
  assertAlmostEquals(integrated([[20, -28, -28, -24, -30, -30]], 5), -23, 0.1);
  // What lies below -70 LUFS does not count, however long.
  assertAlmostEquals(integrated([[8, -69], [80, -71.5]]), -69, 0.1);
  assertEquals(integrated([[4, -71]]), -Infinity);
  // 5.1: what is in the channel of low frequencies does not count.
  assertAlmostEquals(integrated([[20, -28, -28, -24, 0, -30, -30]], 6), -23, 0.1);
});

Deno.test("Loudness reads Tech 3341's case 9: short-term loudness of a tone that comes and goes", () => {
  const pairs = Array.from({ length: 5 }, () => [[1.34, -20], [1.66, -30]] as Stretch[]).flat();
  let count = 0;
  const watch = ({ shortTerm }: Loudness) => {
    if (++count > 30) assertAlmostEquals(shortTerm, -23, 0.1, `after ${count / 10} s`);
  };
  measure(pairs, { watch });
  assertEquals(count, 150);
});

Deno.test("Loudness reads Tech 3341's case 12: momentary loudness of a tone that comes and goes", () => {
  const pairs = Array.from({ length: 25 }, () => [[0.18, -20], [0.22, -30]] as Stretch[]).flat();
  let count = 0;
  const watch = ({ momentary }: Loudness) => {
    if (++count > 10) assertAlmostEquals(momentary, -23, 0.1, `after ${count / 10} s`);
  };
  measure(pairs, { watch });
  assertEquals(count, 100);
});

Deno.test("Loudness reads Tech 3341's cases 10 and 13: the maxima of tones of just the window", () => {
  for (let n = 0; n < 20; n += 3) {
    const short = measure([[n * 0.15, -150], [3, -23], [1, -150]], { rate: 16_000 });
    // Bursts between two steps of 100 ms lose the share that neither window has.
    const late = (n * 0.15) % 0.1 > 0.01;
    assertAlmostEquals(short.maxShortTerm, -23, late ? 0.2 : 0.1);
    const momentary = measure([[n * 0.02, -150], [0.4, -23], [1, -150]]);
    const share = Math.abs((n * 0.02 + 0.05) % 0.1 - 0.05) / 0.4;
    assertAlmostEquals(momentary.maxMomentary, -23 + 10 * Math.log10(1 - share), 0.1);
  }
});

Deno.test("Loudness reads the ranges of Tech 3342's cases 1 to 4", () => {
  const range = (...levels: number[]) =>
    measure(levels.map((level) => [20, level]), { rate: 8_000 }).range;
  assertAlmostEquals(range(-20, -30), 10, 0.1);
  assertAlmostEquals(range(-20, -15), 5, 0.1);
  assertAlmostEquals(range(-40, -20), 20, 0.1);
  assertAlmostEquals(range(-50, -35, -20, -35, -50), 15, 0.1);
});

Deno.test("Loudness reads the true peaks of Tech 3341's cases 15 to 19, +0.2 and -0.4 dB", () => {
  const cases = [
    [4, 0, 0.5, -6],
    [4, 45, 0.5, -6],
    [6, 60, 0.5, -6],
    [8, 67.5, 0.5, -6],
    [4, 45, 1.41, 3],
  ];
  for (const [divisor, degrees, amplitude, want] of cases) {
    const meter = new Loudness(48_000, 1);
    const wave = Float32Array.from({ length: 4800 }, (_, t) =>
      // Tapered, as the recommendation has it: a sudden beginning has peaks of its own.
      Math.min(1, t / 1000, (4800 - t) / 1000) * amplitude *
      Math.sin(2 * Math.PI * (t / divisor + degrees / 360)));
    meter.push([wave]);
    assert(meter.truePeakDb < want + 0.2 && meter.truePeakDb > want - 0.4, `${meter.truePeakDb}`);
  }
});

Deno.test("TruePeak interpolates within 0.02 dB up to 0.42 of the sample rate", () => {
  for (const f of [0.01, 0.1, 0.2, 0.3, 0.37, 0.42]) {
    // Of all phases the highest: one of the four points lies on the top of the wave.
    const peaks = [0, 0.25, 0.5, 0.75].map((late) => {
      const meter = new TruePeak();
      for (let t = -200; t <= 200; t++) {
        const fade = Math.cos(Math.PI * t / 400) ** 2;
        meter.next(fade * Math.cos(2 * Math.PI * f * (t + late)));
      }
      return 20 * Math.log10(meter.peak);
    });
    for (const peak of peaks) assertAlmostEquals(peak, 0, 0.02, `${f}`);
  }
});

Deno.test("KWeighting has the recommendation's coefficients at 48 kHz", () => {
  // The impulse response of tables 1 and 2 of BS.1770-4, against ours.
  const filter = new KWeighting(48_000);
  const [b, a] = [[1.53512485958697, -2.69169618940638, 1.19839281085285], [
    -1.69065929318241,
    0.73248077421585,
  ]];
  const h = [-1.99004745483398, 0.99007225036621];
  let [x1, x2, y1, y2, z1, z2] = [0, 0, 0, 0, 0, 0];
  for (let t = 0; t < 5000; t++) {
    const x = t === 0 ? 1 : 0;
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    const z = y - 2 * y1 + y2 - h[0] * z1 - h[1] * z2;
    [x2, x1, y2, y1, z2, z1] = [x1, x, y1, y, z1, z];
    assertAlmostEquals(filter.next(x), z, 1e-9);
  }
});

Deno.test("Loudness of silence is -Infinity, its range 0; channels without weights are refused", () => {
  const meter = measure([[4, -Infinity]]);
  assertEquals(
    [meter.momentary, meter.shortTerm, meter.integrated, meter.range],
    [-Infinity, -Infinity, -Infinity, 0],
  );
  assertEquals(meter.truePeakDb, -Infinity);
  assertThrows(() => new Loudness(48_000, 7), RangeError, "loudness of 7 channels");
  assertEquals(new Loudness(48_000, 7, [1, 1, 1, 1, 1, 1, 1]).momentary, -Infinity);
});
