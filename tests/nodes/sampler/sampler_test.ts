import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  sampleMap,
  sampler,
  samplerLinear,
  samplerNearest,
  samplerSinc,
  type SampleZone,
} from "@aether/dsp/nodes";
import type { NodeDefinition } from "../../../core/kernel/define_node.ts";
import { agree } from "../../support/agree.ts";
import { decibels, spectrum } from "../../support/fft.ts";
import { largestStep, Player } from "../../support/player.ts";
import { render, type RenderOptions } from "../../support/render_node.ts";
import { cents, measurePitch } from "../../support/spectrum_of_oscillator.ts";

const RATE = 48_000;
const ramp = (length: number, from = 1) => Float32Array.from({ length }, (_, k) => from + k);
const level = (value: number, length = 200) => new Float32Array(length).fill(value);

function play(
  zones: readonly SampleZone[],
  params: RenderOptions["params"],
  frames: number,
  node = sampler,
): Float32Array {
  const tables = [{ data: sampleMap(zones)[0] }];
  return render(node as unknown as NodeDefinition, {
    frames,
    tables,
    params: { gate: 1, ...params },
  })[0];
}

for (const node of [sampler, samplerNearest, samplerLinear, samplerSinc]) {
  Deno.test(`${node.name}() gives a recording's own frames, bit for bit, then silence`, () => {
    const data = Float32Array.from({ length: 300 }, (_, t) => Math.sin(t * t));
    const sound = play([{ data, sampleRate: RATE, root: 64 }], { key: 64 }, 320, node);
    assertEquals([...sound.subarray(0, 300)], [...data]);
    assertEquals([...sound.subarray(300)], new Array(20).fill(0));
  });
}

Deno.test("sampler() finds its zone by key and velocity", () => {
  const zones: SampleZone[] = [
    { data: level(1), sampleRate: RATE, keys: [0, 59] },
    { data: level(2), sampleRate: RATE, keys: [60, 71], velocities: [0, 0.5] },
    { data: level(3), sampleRate: RATE, keys: [60, 71], velocities: [0.5, 1] },
    { data: level(4), sampleRate: RATE, keys: [80, 80], gain: 0.5 },
  ];
  const at = (key: number, velocity: number) => play(zones, { key, velocity, dynamics: 0 }, 2)[0];
  assertEquals([at(0, 1), at(59, 0), at(60, 0), at(60, 0.49), at(71, 0.5)], [1, 1, 2, 2, 3]);
  assertEquals([at(71, 1), at(72, 1), at(80, 0.3), at(81, 1)], [3, 0, 2, 0]);
  assertAlmostEquals(play(zones, { key: 20, velocity: 0.5 }, 1)[0], 0.25, 1e-6);
});

Deno.test("sampler() plays recordings of one note in turn, or the one that is asked for", () => {
  const zones = [1, 2, 3].map((value): SampleZone => ({
    data: level(value, 20),
    sampleRate: RATE,
  }));
  const gate = (t: number) => t % 100 < 50 ? 1 : 0;
  const sound = play(zones, { gate }, 500);
  assertEquals([10, 110, 210, 310, 410].map((t) => Math.round(sound[t])), [1, 2, 3, 1, 2]);
  const asked = play(zones, { gate, take: 4 }, 300);
  assertEquals([10, 110, 210].map((t) => Math.round(asked[t])), [2, 2, 2]);
});

/** The frame that is heard at a place on a loop's way, written out step by step. */
function way(mode: string, start: number, end: number, frames: number): number[] {
  const order = Array.from({ length: end }, (_, k) => k);
  let [at, step] = [end - 1, 1];
  while (order.length < frames) {
    if (mode === "forward") at = at + 1 >= end ? start : at + 1;
    else {
      if (at + step >= end || at + step < start) step = -step;
      at += step;
    }
    order.push(at);
  }
  return order;
}

for (const mode of ["forward", "pingPong"] as const) {
  Deno.test(`sampler() goes round a ${mode} loop without a seam, at any speed`, () => {
    const data = Float32Array.from({ length: 400 }, (_, t) => Math.sin(t * 0.7) + Math.cos(t * t));
    const zone = { data, sampleRate: RATE, loop: { mode, start: 100, end: 180 } };
    const order = way(mode, 100, 180, 4000);
    const whole = play([zone], {}, 1000);
    assertEquals([...whole], order.slice(0, 1000).map((k) => data[k]));
    for (const [node, reach] of [[samplerLinear, 0], [sampler, 1]] as const) {
      const got = play([{ ...zone, root: 60 }], { key: 67.3 }, 900, node);
      const speed = 2 ** (7.3 / 12);
      for (let t = 2; t < 900; t++) {
        const x = t * speed;
        const k = Math.floor(x);
        const f = x - k;
        const [a, b, c, d] = [-1, 0, 1, 2].map((o) => data[order[k + o]]);
        const wanted = reach === 0 ? b + (c - b) * f : 0.5 *
          (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f ** 2 +
            (3 * b - a - 3 * c + d) * f ** 3);
        assertAlmostEquals(got[t], wanted, 0.02, `${node.name} frame ${t}`);
      }
    }
  });
}

Deno.test("sampler() leaves a release loop when the gate ends, and plays a one-shot whatever it does", () => {
  const data = ramp(300);
  const loop = { mode: "release", start: 100, end: 200 } as const;
  const gate = (t: number) => t < 350 ? 1 : 0;
  const sound = play([{ data, sampleRate: RATE, loop }], { gate, release: 20 }, 510);
  assertEquals([sound[199], sound[200], sound[299], sound[300]], [200, 101, 200, 101]);
  // In frame 350 it is at 150, and goes on to 299.
  assertAlmostEquals(sound[350 + 120] / 271, 1, 1e-3);
  assertAlmostEquals(sound[350 + 151], 0, 1e-3);
  const short = (t: number) => t < 5 ? 1 : 0;
  const whole = play([{ data, sampleRate: RATE, oneShot: true }], { gate: short }, 310);
  assertEquals([...whole.subarray(0, 300)], [...data]);
});

Deno.test("sampler() falls by 60 dB in its release", () => {
  const gate = (t: number) => t < 100 ? 1 : 0;
  const loop = { start: 0, end: 100 };
  const sound = play([{ data: level(1), sampleRate: RATE, loop }], { gate, release: 0.1 }, 10_000);
  assertAlmostEquals(decibels(sound[100 + 4800] / sound[100]), -60, 0.05);
  assertAlmostEquals(sound[99], 1, 1e-6);
});

Deno.test("sampler() keeps the pitch of a recording of any sample rate, within 0.002 cent", () => {
  for (const sampleRate of [44_100, 48_000, 22_050, 96_000]) {
    const hertz = 441;
    const data = Float32Array.from(
      { length: 4 * sampleRate },
      (_, t) => Math.sin(2 * Math.PI * hertz * t / sampleRate),
    );
    for (const [key, bend] of [[60, 0], [67, 0], [48, 0], [60, 350]]) {
      const sound = play([{ data, sampleRate, root: 60 }], { key, bend }, 60_000, samplerSinc);
      const wanted = hertz * 2 ** ((key - 60) / 12 + bend / 1200);
      const pitch = measurePitch(sound.subarray(1000), wanted, RATE);
      assertAlmostEquals(cents(pitch, wanted), 0, 0.002, `${sampleRate} ${key} ${bend}`);
    }
  }
});

Deno.test("sampler() is where it should be after two minutes of a loop, within 1.5 frames", () => {
  // A ramp of a period that the table's values hold exactly, looped; the place is read from it.
  const data = Float32Array.from({ length: 4097 }, (_, t) => t);
  const loop = { start: 0, end: 4096 };
  const table = { data: sampleMap([{ data, sampleRate: RATE, root: 60, loop }])[0] };
  const frames = 48_000 * 120;
  const key = 60 + 12 * Math.log2(1.25);
  const [sound] = render(samplerLinear as unknown as NodeDefinition, {
    frames,
    tables: [table],
    params: { gate: 1, key },
  });
  const speed = Math.fround(2 ** ((Math.fround(key) - 60) / 12));
  const far = (t: number) => {
    const wanted = (t * speed) % 4096;
    return Math.abs(wanted - sound[t]);
  };
  // Where the line between the last frame and the first is not in the way.
  // (The speed is an f32: after 5.7 million frames one rounding of it is a third of a frame.)
  const late = Array.from({ length: 100 }, (_, k) => far(frames - 3000 + k));
  assert(Math.max(...late.filter((d) => d < 4000)) < 1.5, `${Math.max(...late)}`);
});

/** The loudest thing beside the sine, in dB below it: a sine of so many cycles a frame, transposed. */
function image(node: typeof sampler, cycles: number): number {
  const size = 8192;
  // The sine falls on a bin, and so do its images: the speed is 128/181 of a frame.
  const speed = 181 / 256;
  const bin = Math.round(cycles * speed * size);
  const exact = bin / size / speed;
  const data = Float32Array.from({ length: 3 * size }, (_, t) => Math.sin(2 * Math.PI * exact * t));
  const key = 60 + 12 * Math.log2(speed);
  const sound = play([{ data, sampleRate: RATE, root: 60 }], { key }, size + 500, node);
  const windowed = sound.subarray(500).map((x, t) => {
    const c = (k: number) => Math.cos(2 * Math.PI * k * t / size);
    return x * (0.35875 - 0.48829 * c(1) + 0.14128 * c(2) - 0.01168 * c(3));
  });
  const bins = spectrum(windowed);
  const loudest = Math.max(...bins);
  return decibels(
    Math.max(...bins.filter((_, k) => Math.abs(k - bin) > 8)) / loudest,
  );
}

Deno.test("the images of a sine are as loud as stated, and as theory says for nearest and linear", () => {
  const figures: [typeof sampler, number, number][] = [
    [samplerNearest, -23.5, -9.5],
    [samplerLinear, -47, -19],
    [sampler, -64, -23.5],
    [samplerSinc, -99.3, -83.6],
  ];
  for (const [node, low, high] of figures) {
    assertAlmostEquals(image(node, 1 / 16), low, 0.15, node.name);
    assertAlmostEquals(image(node, 1 / 4), high, 0.15, node.name);
  }
  // A hold of n-th order divides images at 1 - f by ((1 - f) / f) to the n + 1.
  for (const f of [1 / 16, 1 / 4]) {
    assertAlmostEquals(image(samplerNearest, f), decibels(f / (1 - f)), 0.3);
    assertAlmostEquals(image(samplerLinear, f), decibels((f / (1 - f)) ** 2), 0.3);
  }
});

Deno.test("a note that is cut off by the next one does not click", () => {
  const p = new Player({ outputs: 1 });
  const data = Float32Array.from({ length: 48_000 }, (_, t) => Math.sin(t * 0.01));
  const sound = p.engine.table(sampleMap([{ data, sampleRate: RATE }]));
  const node = p.engine.add(sampler, { release: 10 }, { tables: { sound } });
  node.connect(p.engine.output);
  node.params.gate.set(1, { at: 10 });
  // The sound is at -1 then.
  const time = Math.round(1.5 * Math.PI / 0.01);
  node.params.gate.set(0, { at: 10 + time - 1 });
  node.params.gate.set(1, { at: 10 + time });
  const before = p.channel(10 + time);
  const after = p.channel(480);
  assert(before.at(-1)! < -0.99);
  assert(largestStep(after, before.at(-1)!) < 0.08, `${largestStep(after, before.at(-1)!)}`);
  assertAlmostEquals(after[470], Math.sin(4.7), 1e-3);
});

Deno.test("a sampler whose table is exchanged lets its note go, and plays the new one next", () => {
  const p = new Player({ outputs: 2 });
  const zone = (value: number) => ({ data: [level(value, 9000), level(2 * value, 9000)] });
  const [one, two] = [1, 3].map((value) =>
    p.engine.table(sampleMap([{ ...zone(value), sampleRate: RATE }]))
  );
  const node = p.engine.add(sampler, { gate: 1 }, { channels: 2, tables: { sound: one } });
  node.connect(p.engine.output);
  assertEquals([...p.play(64).subarray(126)], [1, 2]);
  node.tables.sound.set(two);
  const sound = p.play(640);
  assert(largestStep(sound.filter((_, k) => k % 2 === 0), 1) < 0.07);
  assertAlmostEquals(sound[1270], 0, 1e-6);
  node.params.gate.set(0);
  p.play(64);
  node.params.gate.set(1);
  assertEquals([...p.play(640).subarray(1278)], [3, 6]);
});

for (const node of [sampler, samplerNearest, samplerLinear, samplerSinc]) {
  Deno.test(`${node.name}() computes what its tick says, with sound`, () => {
    const data = Float32Array.from({ length: 900 }, (_, t) => Math.sin(t * 0.1));
    const map = sampleMap([
      { data, sampleRate: 44_100, loop: { start: 200, end: 700, mode: "pingPong" } },
      { data, sampleRate: 48_000, loop: { start: 100, end: 300, crossfade: 50 } },
    ]);
    const values = [0, 60, 0.7, 0, 0.05, 1, -1];
    agree(node as unknown as NodeDefinition, {
      frames: 3000,
      tables: [{ data: map[0] }],
      param: (t, k) => k === 0 ? (t % 700 < 600 ? 1 : 0) : values[k],
      tolerance: 1e-3,
    });
  });
}

Deno.test("sampler() stays finite and within its sound for any place, loop and table", () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -10, max: 10 }), {
        minLength: 1,
        maxLength: 200,
      }),
      fc.float({ min: 0, max: 127, noNaN: true }),
      (values, key) => {
        // Not a sample map: its numbers are any.
        const data = Float32Array.from(values);
        for (
          const table of [
            data,
            Float32Array.from({ length: 3000 }, (_, k) => values[k % values.length]),
          ]
        ) {
          const [sound] = render(sampler as unknown as NodeDefinition, {
            frames: 100,
            tables: [{ data: table }],
            params: { gate: 1, key },
          });
          for (const x of sound) assert(Number.isFinite(x));
        }
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("sampleMap() says what was wrong", () => {
  const data = level(0, 100);
  const zone = { data, sampleRate: RATE };
  const wrong: [SampleZone, string][] = [
    [{ ...zone, data: [] }, "all channels must have one length of 1 or more, current value is 0"],
    [{ ...zone, keys: [0, 128] }, "key must be in [0, 127], current value is 128"],
    [{ ...zone, velocities: [0, 2] }, "velocity must be in [0, 1], current value is 2"],
    [{ ...zone, sampleRate: NaN }, "sampleRate must be in [1, 1000000], current value is NaN"],
    [
      { ...zone, loop: { start: 0, end: 101 } },
      "loop.end must be in [64, 100], current value is 101",
    ],
    [
      { ...zone, loop: { start: 50, end: 100 } },
      "loop.start must be in [0, 36], current value is 50",
    ],
    [
      { ...zone, loop: { start: 10, end: 100, crossfade: 11 } },
      "loop.crossfade must be in [0, 10], current value is 11",
    ],
    [
      { ...zone, loop: { start: 0.5, end: 100 } },
      "loop.start must be a whole number, current value is 0.5",
    ],
  ];
  for (const [bad, message] of wrong) {
    const error = assertThrows(() => sampleMap([zone, bad]), RangeError);
    assertEquals(error.message, `Cannot make a sample map: ${message} (zone 1)`);
  }
});

Deno.test("a loop's crossfade leaves no step at its end", () => {
  const data = Float32Array.from({ length: 1000 }, (_, t) => t / 1000);
  const loop = { start: 300, end: 900, crossfade: 100 };
  const sound = play([{ data, sampleRate: RATE, loop }], {}, 2000);
  assert(largestStep(sound, 0) < 0.006);
});
