/** Measurements of distortion. @module */
import * as nodes from "../../../nodes/mod.ts";
import type { Entries, Figure } from "../entry.ts";
import { outputPicture, spectrumPicture, transferPicture } from "../pictures.ts";
import { type AnyDefinition, play, sineInput, type Values } from "../play.ts";
import { shapedSpectrum } from "../spectra.ts";

const aliases = (node: AnyDefinition, params: Values, atMost: number): Figure => ({
  what: `aliases of a 1 kHz sine below 18 kHz, drive ${params.drive}`,
  unit: "dB",
  digits: 1,
  limit: { atMost },
  measure: () => shapedSpectrum(node, 1000, params).alias(18_000),
});
const harmonic = (node: AnyDefinition, n: number, params: Values, want: number): Figure => ({
  what: `harmonic ${n} of a 1 kHz sine of amplitude 1, drive ${params.drive}`,
  unit: "dB",
  digits: 2,
  limit: { from: want - 0.1, to: want + 0.1 },
  measure: () => shapedSpectrum(node, 1000, params).harmonic(n),
});

/** Third harmonic of a tanh of drive times a sine, in dB of the first, by the sum over a period. */
function tanhThird(drive: number): number {
  let [first, third] = [0, 0];
  for (let k = 0; k < 4096; k++) {
    const angle = 2 * Math.PI * k / 4096;
    const y = Math.tanh(drive * Math.sin(angle));
    first += y * Math.sin(angle);
    third += y * Math.sin(3 * angle);
  }
  return 20 * Math.log10(Math.abs(third / first));
}

const drives = (values: readonly number[], more: Values = {}) =>
  values.map((drive) => ({ label: `drive ${drive}`, params: { drive, ...more } }));

export const shapers: Entries = {
  softClip: {
    example: `const warm = engine.add(softClip, { drive: 3, gain: 0.6 });
engine.add(sine, { frequency: 110 }).connect(warm).connect(engine.output);`,
    figures: [
      aliases(nodes.softClip, { drive: 4 }, -105),
      aliases(nodes.softClip, { drive: 20 }, -37),
      harmonic(nodes.softClip, 3, { drive: 2 }, tanhThird(2)),
    ],
    pictures: [
      transferPicture(nodes.softClip, drives([1, 4, 20]), "softClip, its curve"),
      spectrumPicture(
        "softClip, a 1 kHz sine at drive 20",
        () => shapedSpectrum(nodes.softClip, 1000, { drive: 20 }),
      ),
    ],
  },
  hardClip: {
    example: `const crunch = engine.add(hardClip, { drive: 5, gain: 0.5 });
engine.add(triangle, { frequency: 110 }).connect(crunch).connect(engine.output);`,
    figures: [
      aliases(nodes.hardClip, { drive: 4 }, -101),
      aliases(nodes.hardClip, { drive: 20 }, -88),
    ],
    pictures: [
      transferPicture(nodes.hardClip, drives([1, 4]), "hardClip, its curve for steady inputs", {
        settle: 100,
      }),
      spectrumPicture(
        "hardClip, a 1 kHz sine at drive 20",
        () => shapedSpectrum(nodes.hardClip, 1000, { drive: 20 }),
      ),
    ],
  },
  saturator: {
    example: `const tube = engine.add(saturator, { drive: 4, bias: 0.4, gain: 0.7 });
engine.add(sine, { frequency: 110 }).connect(tube).connect(engine.output);`,
    figures: [
      aliases(nodes.saturator, { drive: 20 }, -112),
      harmonic(nodes.saturator, 3, { drive: 2 }, tanhThird(2)),
    ],
    pictures: [
      transferPicture(
        nodes.saturator,
        [
          { label: "drive 2", params: { drive: 2 } },
          { label: "drive 2, bias 0.7", params: { drive: 2, bias: 0.7 } },
        ],
        "saturator, its curve for steady inputs",
        { settle: 100 },
      ),
      spectrumPicture(
        "saturator, a 1 kHz sine at drive 20, bias 0.5",
        () => shapedSpectrum(nodes.saturator, 1000, { drive: 20, bias: 0.5 }),
      ),
    ],
  },
  waveshaper: {
    example: `const shaper = engine.add(waveshaper, { shape: "tube", drive: 4, gain: 0.7 });
engine.add(sine, { frequency: 110 }).connect(shaper).connect(engine.output);`,
    figures: [
      aliases(nodes.waveshaper, { drive: 10 }, -58.5),
      aliases(nodes.waveshaper, { drive: 10, shape: "tube" }, -50.5),
      harmonic(nodes.waveshaper, 3, { drive: 2, antialias: "none" }, tanhThird(2)),
    ],
    pictures: [
      transferPicture(
        nodes.waveshaper,
        ["tanh", "hard", "fold", "tube"].map((shape) => ({
          label: shape,
          params: { drive: 2, shape },
        })),
        "waveshaper, its curves at drive 2",
        { settle: 2, range: 1.5 },
      ),
    ],
  },
  wavefolder: {
    example: `const metal = engine.add(wavefolder, { drive: 4, gain: 0.5 });
engine.add(sine, { frequency: 110 }).connect(metal).connect(engine.output);
engine.add(lfo, { frequency: 0.2 }).connect(metal.params.drive, { amount: 3 });`,
    figures: [
      aliases(nodes.wavefolder, { drive: 10 }, -135),
      aliases(nodes.wavefolder, { drive: 20 }, -73.5),
    ],
    pictures: [
      transferPicture(
        nodes.wavefolder,
        drives([1, 4]),
        "wavefolder, its curve for steady inputs",
        { settle: 100, range: 1 },
      ),
      spectrumPicture(
        "wavefolder, a 1 kHz sine at drive 10",
        () => shapedSpectrum(nodes.wavefolder, 1000, { drive: 10 }),
      ),
    ],
  },
  bitCrusher: {
    example: `const lofi = engine.add(bitCrusher, { bits: 6, rate: 8000 });
engine.add(sine, { frequency: 220 }).connect(lofi).connect(engine.output);`,
    figures: [{
      what: "noise of 8 bits below a full-scale 1 kHz sine (the rule: 6.02 bits + 1.76 = 49.9)",
      unit: "dB",
      digits: 1,
      limit: { from: 48, to: 52 },
      measure: () => {
        const input = sineInput(997.123);
        const [wave] = play(nodes.bitCrusher, 48_000, { params: { bits: 8 }, input });
        let noise = 0;
        for (const [t, y] of wave.entries()) noise += (y - Math.fround(input(t, 0))) ** 2;
        return 10 * Math.log10(0.5 / (noise / wave.length));
      },
    }],
    pictures: [
      outputPicture(
        nodes.bitCrusher,
        480,
        [
          { label: "3 bits", params: { bits: 3 } },
          { label: "8 bits at 4 kHz", params: { rate: 4000 } },
        ],
        { caption: "bitCrusher, a 200 Hz sine", input: sineInput(200) },
      ),
    ],
  },
};
