import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { granular, granularDelay } from "@aether/dsp/nodes";
import type { NodeDefinition } from "../../../core/kernel/define_node.ts";
import { agree } from "../../support/agree.ts";
import { largestStep, Player } from "../../support/player.ts";
import { render, type RenderOptions } from "../../support/render_node.ts";
import { cents, measurePitch } from "../../support/spectrum_of_oscillator.ts";

const RATE = 48_000;
const sine = (hertz: number, sampleRate: number, seconds: number) =>
  Float32Array.from(
    { length: seconds * sampleRate },
    (_, t) => Math.sin(2 * Math.PI * hertz * t / sampleRate),
  );

function cloud(
  data: Float32Array,
  params: RenderOptions["params"],
  frames: number,
  sampleRate = RATE,
): Float32Array[] {
  return render(granular as unknown as NodeDefinition, {
    frames,
    params,
    tables: [{ data, sampleRate }],
  });
}
const live = (
  input: (t: number) => number,
  params: RenderOptions["params"],
  frames: number,
) => render(granularDelay as unknown as NodeDefinition, { frames, params, inputs: [input] });

const FLAT = { spread: 0 };
/** Both channels at the middle have a power of one together. */
const MIDDLE = Math.SQRT1_2;

Deno.test("grains of a steady value add up to it, within 0.0002, at whole overlaps", () => {
  const ones = new Float32Array(5000).fill(1);
  let worst = 0;
  for (const overlap of [2, 3, 4, 5, 6, 7]) {
    for (const size of [0.02, 0.1, 0.3]) {
      const params = { ...FLAT, size, density: overlap / size };
      const from = Math.ceil(size * RATE) + 10;
      for (
        const wave of [
          ...cloud(ones, params, from + 5000),
          ...live(() => 1, { ...params, time: 0 }, 2 * from + 9000).map((w) => w.subarray(from)),
        ]
      ) {
        for (const x of wave.subarray(from)) worst = Math.max(worst, Math.abs(x / MIDDLE - 1));
      }
    }
  }
  assert(worst < 0.0002, `${worst}`);
});

Deno.test("granular() transposes a sine to the pitch that is asked for, within 0.002 cent", () => {
  for (const sampleRate of [48_000, 44_100]) {
    const data = sine(440, sampleRate, 2);
    for (const pitch of [0, 700, -1200, 33]) {
      // One grain after another would break the phase: one grain is long enough to measure.
      const params = { ...FLAT, pitch, size: 2, density: 0.1, shape: 0.02 };
      const [wave] = cloud(data, params, 60_000, sampleRate);
      const wanted = 440 * 2 ** (pitch / 1200);
      const pitchHeard = measurePitch(wave.subarray(5000), wanted, RATE);
      assertAlmostEquals(cents(pitchHeard, wanted), 0, 0.002, `${pitch} ${sampleRate}`);
    }
  }
});

Deno.test("granularDelay() transposes likewise, within 0.002 cent", () => {
  for (const pitch of [0, 700, -1200, 33]) {
    const params = { ...FLAT, pitch, size: 0.4, density: 0.1, shape: 0.02, time: 0.5 };
    const input = (t: number) => Math.sin(2 * Math.PI * 440 * t / RATE);
    // The second grain starts after ten seconds, on a full line.
    const [wave] = live(input, { ...params, gate: (t: number) => t > 60_000 ? 1 : 0 }, 80_000);
    const wanted = 440 * 2 ** (pitch / 1200);
    const heard = measurePitch(wave.subarray(61_500, 61_500 + 16_384), wanted, RATE);
    assertAlmostEquals(cents(heard, wanted), 0, 0.002, `${pitch}`);
  }
});

Deno.test("granular() plays a recording as it is when the position moves along with it", () => {
  const data = sine(100, RATE, 1);
  const params = { ...FLAT, scan: 1, density: 40, size: 0.1 };
  const [wave] = cloud(data, params, 20_000);
  for (let t = 6000; t < 20_000; t++) {
    assertAlmostEquals(wave[t] / MIDDLE, data[t], 0.003, `${t}`);
  }
  // At half the speed the pitch stays, and the envelope of the recording takes twice as long.
  const fading = data.map((x, t) => x * (1 - t / RATE));
  const [slow] = cloud(fading, { ...params, scan: 0.5 }, 40_000);
  const level = (from: number) => {
    let sum = 0;
    for (let t = from; t < from + 4800; t++) sum += slow[t] ** 2;
    return sum;
  };
  assertAlmostEquals(
    Math.sqrt(level(30_000) / level(6000)),
    (1 - 32_400 / 96_000) / (1 - 8400 / 96_000),
    0.1,
  );
});

Deno.test("grains start on the beats of density, the first with the gate, none after it", () => {
  const data = new Float32Array(1000).fill(1);
  const params = {
    ...FLAT,
    gate: (t: number) => t >= 50 && t < 950 ? 1 : 0,
    density: 480,
    size: 0.001,
  };
  const [wave] = cloud(data, params, 1200);
  const starts = [...wave.keys()].filter((t) => wave[t] > 0 && !(wave[t - 1] > 0));
  assertEquals(starts, Array.from({ length: 9 }, (_, k) => 50 + 100 * k));
});

Deno.test("spray, spread and pitchSpread reach as far as they say, and no farther", () => {
  const ramp = Float32Array.from({ length: 10_000 }, (_, t) => t / 10_000);
  const params = { position: 0.5, spray: 0.2, spread: 1, density: 100, size: 0.004, shape: 0.1 };
  const [left, right] = cloud(ramp, params, 96_000);
  const heard: number[] = [];
  const sides: number[] = [];
  for (let k = 0; k < 199; k++) {
    const t = 480 * k + 96;
    heard.push(Math.hypot(left[t], right[t]));
    sides.push(Math.atan2(right[t], left[t]) / (Math.PI / 2));
  }
  assert(Math.min(...heard) > 0.29 && Math.max(...heard) < 0.72, `${Math.min(...heard)}`);
  assert(Math.min(...heard) < 0.33 && Math.max(...heard) > 0.67);
  assert(Math.min(...sides) >= -1e-6 && Math.min(...sides) < 0.05);
  assert(Math.max(...sides) <= 1 + 1e-6 && Math.max(...sides) > 0.95);
  // Speeds, from the slope of the ramp within a grain.
  const [wave] = cloud(ramp, {
    ...FLAT,
    position: 0.2,
    density: 10,
    size: 0.05,
    shape: 0.1,
    pitchSpread: 1200,
  }, 480_000);
  const speeds = Array.from({ length: 99 }, (_, k) => {
    const t = 4800 * k + 1000;
    return Math.log2((wave[t + 400] - wave[t]) / MIDDLE / 400 * 10_000);
  });
  assert(Math.min(...speeds) > -1.01 && Math.min(...speeds) < -0.9, `${Math.min(...speeds)}`);
  assert(Math.max(...speeds) < 1.01 && Math.max(...speeds) > 0.9);
});

Deno.test("the same seed gives the same cloud, another one another", () => {
  const data = sine(300, RATE, 1);
  const params = { spray: 1, density: 90, pitchSpread: 100 };
  const [a, b, c] = [1, 1, 2].map((seed) => cloud(data, { ...params, seed }, 5000)[0]);
  assertEquals(a, b);
  assert(a.some((x, t) => x !== c[t]));
});

Deno.test("at most eight grains sound, none is cut off, whatever density and size", () => {
  const ones = new Float32Array(5000).fill(1);
  const random = (t: number) => 0.5 + 0.5 * Math.sin(t * t);
  const [wave] = cloud(ones, {
    ...FLAT,
    density: (t: number) => 0.1 + 200 * random(t >> 8),
    size: (t: number) => 0.01 + 0.2 * random((t >> 8) + 7),
  }, 48_000);
  // A window that is cut off would be a step.
  assert(largestStep(wave, 0) < 0.02, `${largestStep(wave, 0)}`);
});

Deno.test("granularDelay() hears what came `time` ago", () => {
  const params = { ...FLAT, density: 100, size: 0.04, time: 0.1 };
  const [wave] = live((t) => t >= 10_000 ? 1 : 0, params, 24_000);
  // The edge is spread over a grain's length, no wider.
  assertEquals(wave[10_000 + 4799], 0);
  assertAlmostEquals(wave[10_000 + 4800 + 10] / MIDDLE, 1, 0.01);
});

Deno.test("both granular nodes compute what their ticks say", () => {
  const data = sine(200, RATE, 0.2);
  const values = [1, 90, 0.03, 0.3, 0.1, 0.5, 300, 100, 0.8, 0.6, 3];
  agree(granular as unknown as NodeDefinition, {
    frames: 3000,
    tables: [{ data }],
    param: (_, k) => values[k],
    tolerance: 2e-3,
  });
  const timed = [1, 90, 0.03, 0.02, 0.01, 300, 100, 0.8, 0.6, 3];
  agree(granularDelay as unknown as NodeDefinition, {
    frames: 3000,
    input: (t) => Math.sin(t * 0.03),
    param: (_, k) => timed[k],
    tolerance: 2e-3,
  });
});

Deno.test("granular() stays within its table, however short", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: -2400, max: 2400 }),
      (length, pitch) => {
        const data = new Float32Array(length).fill(1);
        const waves = cloud(
          data,
          { ...FLAT, pitch, density: 400, size: 0.01, spray: 1 },
          2000,
          96_000,
        );
        for (const x of waves[0]) assert(x >= 0 && x <= 1, `${x}`);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("nodes of several seeds are computed side by side, and a table is exchanged without a fault", () => {
  const faults: string[] = [];
  const p = new Player({ outputs: 2, onFault: (name) => void faults.push(name) });
  const [one, two] = [p.engine.table(sine(200, RATE, 1)), p.engine.table(sine(300, RATE, 0.1))];
  const nodes = Array.from(
    { length: 5 },
    (_, seed) => p.engine.add(granular, { seed, spray: 1 }, { tables: { sound: one } }),
  );
  for (const node of nodes) node.connect(p.engine.output);
  p.play(4800);
  p.engine.edit(() => nodes.forEach((node) => node.tables.sound.set(two)));
  const sound = p.play(48_000);
  assert(sound.every((x) => Number.isFinite(x)));
  assertEquals(faults, []);
  p.engine.edit(() => nodes.forEach((node) => node.tables.sound.set(null)));
  p.play(4800);
  assert(p.play(640).every((x) => x === 0));
});
