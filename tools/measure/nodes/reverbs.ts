/** Measurements of reverberators. @module */
import * as nodes from "../../../nodes/mod.ts";
import { rms } from "../../../tests/support/fft.ts";
import { BANDS, decayTime, energyDecay, inBand } from "../decays.ts";
import type { Entries, Figure, Picture } from "../entry.ts";
import { type AnyDefinition, impulseInput, play } from "../play.ts";
import type { Point } from "../plot/plot.ts";

const heard = new Map<AnyDefinition, Float32Array>();

/** The left impulse response at the defaults, rendered once. */
function room(node: AnyDefinition, seconds: number): Float32Array {
  let wave = heard.get(node);
  if (!wave) heard.set(node, wave = play(node, seconds * 48_000, { input: impulseInput })[0]);
  return wave;
}
const bands = new Map<string, number>();

function bandTime(node: AnyDefinition, seconds: number, band: number): number {
  const key = `${node.name} ${band}`;
  let time = bands.get(key);
  if (time === undefined) bands.set(key, time = decayTime(inBand(room(node, seconds), band)));
  return time;
}

/** The decay that the hall's design asks for in a band. */
function hallDesign(band: number, decay = 2.5, highs = 0.4, crossover = 2000): number {
  const low = 1 / (1 + (band / crossover) ** 2);
  return 1 / (low / decay + (1 - low) / (decay * highs));
}

function bandPicture(
  node: AnyDefinition,
  seconds: number,
  most: number,
  design?: (band: number) => number,
): Picture {
  const caption = `${node.name}: RT60 in octave bands, at the defaults`;
  return {
    name: "rt60",
    caption,
    draw: () => ({
      title: caption,
      x: {
        label: "octave band (Hz)",
        min: -0.5,
        max: BANDS.length - 0.5,
        ticks: BANDS.map((_, k) => k),
        names: BANDS.map((band) => band < 1000 ? `${band}` : `${band / 1000}k`),
      },
      y: { label: "RT60 (s)", min: 0, max: most },
      curves: [
        {
          label: "measured",
          style: "bars",
          points: BANDS.map((band, k): Point => [k, bandTime(node, seconds, band)]),
        },
        ...(design
          ? [{
            label: "design",
            style: "bars" as const,
            points: BANDS.map((band, k): Point => [k, design(band)]),
          }]
          : []),
      ],
    }),
  };
}

function decayPicture(node: AnyDefinition, seconds: number): Picture {
  const caption = `${node.name}: energy still to come, at the defaults`;
  return {
    name: "decay",
    caption,
    draw: () => ({
      title: caption,
      x: { label: "time (s)", min: 0, max: seconds },
      y: { label: "level (dB)", min: -80, max: 0 },
      curves: [{
        points: [...energyDecay(room(node, seconds))].filter((_, t) => t % 96 === 0)
          .map((level, k): Point => [k / 500, level]),
      }],
    }),
  };
}

/** Correlation of the tails of two sides. */
function correlation(node: AnyDefinition): number {
  const [left, right] = play(node, 48_000, { input: impulseInput });
  let cross = 0;
  for (let t = 4800; t < 48_000; t++) cross += left[t] * right[t];
  return Math.abs(cross / (43_200 * rms(left.subarray(4800)) * rms(right.subarray(4800))));
}

const rt60 = (
  node: AnyDefinition,
  seconds: number,
  band: number,
  from: number,
  to: number,
): Figure => ({
  what: `RT60 in the octave at ${band} Hz, at the defaults`,
  unit: "s",
  limit: { from, to },
  measure: () => bandTime(node, seconds, band),
});

export const reverbs: Entries = {
  reverb: {
    example: `const space = engine.add(reverb, { feedback: 0.9, damping: 0.3, wet: 1, dry: 0.5 });
engine.add(impulse, { frequency: 0.5 }).connect(space).connect(engine.output);`,
    figures: [
      rt60(nodes.reverb, 3, 500, 1, 1.6),
      rt60(nodes.reverb, 3, 8000, 0.4, 1.2),
      {
        what: "correlation of the sides' tails",
        unit: "",
        digits: 3,
        limit: { atMost: 0.1 },
        measure: () => correlation(nodes.reverb),
      },
    ],
    pictures: [bandPicture(nodes.reverb, 3, 2), decayPicture(nodes.reverb, 3)],
  },
  reverbMono: {
    example: `const room = engine.add(reverbMono, { feedback: 0.7, wet: 0.1 });
engine.add(impulse, { frequency: 1 }).connect(room).connect(engine.output);`,
    figures: [rt60(nodes.reverbMono, 3, 500, 1, 1.6)],
    pictures: [bandPicture(nodes.reverbMono, 3, 2)],
  },
  hall: {
    example: `const church = engine.add(hall, { decay: 6, highs: 0.3, wet: 0.6, dry: 0.7 });
engine.add(impulse, { frequency: 0.2 }).connect(church).connect(engine.output);`,
    figures: [
      ...[125, 500, 2000, 8000].map((band) => {
        const want = hallDesign(band);
        const within = band === 2000 ? 0.12 : 0.07;
        return {
          ...rt60(nodes.hall, 4, band, (1 - within) * want, (1 + within) * want),
          what: `RT60 in the octave at ${band} Hz, at the defaults (design: ${want.toFixed(2)} s)`,
        };
      }),
      {
        what: "correlation of the sides' tails",
        unit: "",
        digits: 3,
        limit: { atMost: 0.1 },
        measure: () => correlation(nodes.hall),
      },
    ],
    pictures: [bandPicture(nodes.hall, 4, 3, hallDesign), decayPicture(nodes.hall, 4)],
  },
};
