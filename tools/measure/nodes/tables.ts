/** Measurements of nodes that read tables: samplers, grains, tunings. @module */
import { Solo } from "../../../measure/solo.ts";
import * as nodes from "../../../nodes/mod.ts";
import { tuningByName, tuningValues } from "../../../tuning/mod.ts";
import type { Entries } from "../entry.ts";
import { type AnyDefinition, play, type Values } from "../play.ts";

/** The first output of a node by itself that has this data in its first table. */
function playTable(
  node: AnyDefinition,
  frames: number,
  params: Values,
  data: Float32Array | readonly Float32Array[],
): Float32Array {
  const solo = new Solo(node, { params });
  const [slot] = Object.values(solo.node.tables) as { set(table: unknown): void }[];
  slot.set(solo.engine.table(data));
  return solo.render(frames)[0];
}

/** A sampler that plays a sine of 1/16 of the sample rate on a key that is no octave away: its images. */
function image(node: AnyDefinition): number {
  const [size, speed] = [8192, 181 / 256];
  const bin = Math.round(size * speed / 16);
  const sound = Float32Array.from(
    { length: 3 * size },
    (_, t) => Math.sin(2 * Math.PI * (bin / speed * t / size % 1)),
  );
  const data = nodes.sampleMap([{ data: sound, sampleRate: 48_000 }]);
  const key = 60 + 12 * Math.log2(speed);
  const wave = playTable(node, size + 512, { gate: 1, key }, data).subarray(512);
  // What is left when the sine itself is taken away: all of it is on its images.
  let [re, im, sum] = [0, 0, 0];
  wave.forEach((x, t) => {
    re += x * Math.cos(2 * Math.PI * (bin * t / size % 1)) * 2 / size;
    im += x * Math.sin(2 * Math.PI * (bin * t / size % 1)) * 2 / size;
    sum += x * x * 2 / size;
  });
  const power = re * re + im * im;
  return 10 * Math.log10(Math.max(sum - power, 1e-12) / power);
}

const images = (atMost: number, node: AnyDefinition) => [{
  what: "all images together, a sine of 1/16 of the sample rate, played lower",
  unit: "dB",
  limit: { atMost },
  digits: 1,
  measure: () => image(node),
}];

const strike = (name: string) =>
  `const { sampleMap } = await import("@aether/dsp/nodes");
const data = Float32Array.from({ length: 24000 }, (_, t) => Math.sin(t * 0.06) * 0.9999 ** t);
const sound = engine.table(sampleMap([{ data, sampleRate: 48000, root: 57 }]));
const voice = engine.add(${name}, { key: 64, release: 0.5 }, { tables: { sound } });
voice.connect(engine.output);
voice.params.gate.set(1);`;

const cents = (a: number, b: number) => Math.abs(1200 * Math.log2(a / b));
const tuning = tuningByName("pythagorean");

/** How far grains of a steady value are from adding up to it. */
function unevenness(): number {
  const params = { density: 40, size: 0.1, spread: 0 };
  const wave = playTable(nodes.granular, 24_000, params, new Float32Array(4000).fill(1));
  return Math.max(...wave.subarray(6000).map((x) => Math.abs(x * Math.SQRT2 - 1)));
}

/** The same for grains of the input. */
function liveUnevenness(): number {
  const params = { density: 40, size: 0.1, spread: 0, time: 0 };
  const [wave] = play(nodes.granularDelay, 24_000, { params, input: () => 1 });
  return Math.max(...wave.subarray(12_000).map((x) => Math.abs(x * Math.SQRT2 - 1)));
}

export const tables: Entries = {
  sampler: { example: strike("sampler"), figures: images(-60, nodes.sampler) },
  samplerNearest: {
    example: strike("samplerNearest"),
    figures: images(-18, nodes.samplerNearest),
  },
  samplerLinear: { example: strike("samplerLinear"), figures: images(-44, nodes.samplerLinear) },
  samplerSinc: { example: strike("samplerSinc"), figures: images(-90, nodes.samplerSinc) },
  granular: {
    example: `const data = Float32Array.from({ length: 48000 }, (_, t) => Math.sin(t * t * 1e-6));
const sound = engine.table(data);
const cloud = engine.add(granular, { spray: 0.1, pitchSpread: 30 }, { tables: { sound } });
cloud.connect(engine.output);
cloud.params.position.rampTo(0.9, 2);`,
    figures: [{
      what: "unevenness of the sum of grains of a steady value, overlap 4",
      unit: "",
      limit: { atMost: 0.0002 },
      digits: 5,
      measure: unevenness,
    }],
  },
  granularDelay: {
    example: `const voice = engine.add(saw, { frequency: 110 });
const cloud = engine.add(granularDelay, { pitch: 1200, time: 0.2, spray: 0.2 });
voice.connect(cloud).connect(engine.output);`,
    figures: [{
      what: "unevenness of the sum of grains of a steady value, overlap 4",
      unit: "",
      limit: { atMost: 0.0002 },
      digits: 5,
      measure: liveUnevenness,
    }],
  },
  keyToFrequency: {
    example: `const key = engine.add(keyToFrequency, { key: 64 });
const voice = engine.add(sine, { frequency: 0.001 });
key.connect(voice.params.frequency);
voice.connect(engine.output);`,
    figures: [{
      what: "largest error of a key in Pythagorean tuning",
      unit: "cents",
      limit: { atMost: 0.00011 },
      digits: 6,
      measure: () => {
        const error = (key: number) =>
          cents(
            playTable(nodes.keyToFrequency, 64, { key }, tuningValues(tuning))[63],
            tuning.frequency(key),
          );
        return Math.max(...[0, 21, 48, 60, 64, 69, 77, 100, 127].map(error));
      },
    }],
  },
  tuningQuantizer: {
    example: `const slide = engine.add(lfo, { frequency: 0.5 });
const base = engine.add(scaleOffset, { scale: 200, offset: 400 });
const steps = engine.add(tuningQuantizer);
const voice = engine.add(sine, { frequency: 0.001 });
slide.connect(base).connect(steps).connect(voice.params.frequency);
voice.connect(engine.output);`,
    figures: [{
      what: "error of the A that 450 Hz is taken to, equal temperament",
      unit: "cents",
      limit: { atMost: 0.005 },
      digits: 4,
      measure: () => cents(play(nodes.tuningQuantizer, 64, { input: () => 450 })[0][63], 440),
    }],
  },
};
