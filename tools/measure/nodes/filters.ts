/** Measurements of filters. @module */
import * as nodes from "../../../nodes/mod.ts";
import { cents, measurePitch } from "../../../tests/support/spectrum_of_oscillator.ts";
import { response, type ResponsePoint } from "../../../measure/response.ts";
import type { Entries, Figure } from "../entry.ts";
import { responsePicture } from "../pictures.ts";
import { type AnyDefinition, play, spread, type Values } from "../play.ts";
import { shapedSpectrum } from "../spectra.ts";

/** The largest difference to a formula in dB, where that is above -60 dB. */
function worst(
  node: AnyDefinition,
  params: Values,
  formula: (hertz: number) => number,
  options: { from?: number; level?: number; output?: string } = {},
): number {
  const { from = 20, level, output } = options;
  const points = response(node, spread(from, 20_000, 60, true), { params, level, output });
  return Math.max(...points.map(({ frequency, gainDb }: ResponsePoint) => {
    const want = 20 * Math.log10(formula(frequency));
    return want < -60 ? 0 : Math.abs(gainDb - want);
  }));
}

/** tan(pi f / rate) of a frequency over that of the cutoff: the warped axis of the bilinear transform. */
const warped = (hertz: number, cutoff: number) =>
  Math.tan(Math.PI * hertz / 48_000) / Math.tan(Math.PI * cutoff / 48_000);
const secondOrder = (w: number, q: number) => 1 / Math.hypot(1 - w * w, w / q);

const formulaError = (what: string, atMost: number, measure: () => number): Figure => ({
  what: `error of the response against ${what}`,
  unit: "dB",
  digits: 4,
  limit: { atMost },
  measure,
});
const gainAt = (node: AnyDefinition, hertz: number, params: Values, level?: number) =>
  response(node, [hertz], { params, level })[0].gainDb;

const modes = ["lowpass", "bandpass", "highpass", "notch", "peak"];

export const filters: Entries = {
  svf: {
    example: `const filter = engine.add(svf, { cutoff: 800, q: 4, mode: "lowpass" });
engine.add(saw, { frequency: 110 }).connect(filter).connect(engine.output);
engine.add(lfo, { frequency: 0.5 }).connect(filter.params.cutoff, { amount: 600 });`,
    figures: [
      formulaError(
        "the analog filter's, warped, 1 kHz and q 4",
        0.003,
        () => worst(nodes.svf, { cutoff: 1000, q: 4 }, (f) => secondOrder(warped(f, 1000), 4)),
      ),
      {
        what: "gain at the cutoff, q 10, in dB above 20 log10 q",
        unit: "dB",
        digits: 4,
        limit: { from: -0.003, to: 0.003 },
        measure: () => gainAt(nodes.svf, 1000, { cutoff: 1000, q: 10 }) - 20,
      },
    ],
    pictures: [
      responsePicture(
        nodes.svf,
        modes.map((mode) => ({ label: mode, params: { mode, cutoff: 1000, q: 2 } })),
        { caption: "svf, cutoff 1 kHz, q 2", min: -50 },
      ),
      responsePicture(
        nodes.svf,
        [0.5, 1, 4, 20].map((q) => ({ label: `q ${q}`, params: { q } })),
        { caption: "svf as a low-pass at 1 kHz", min: -50, max: 30, name: "q" },
      ),
    ],
  },
  svfAll: {
    example: `const split = engine.add(svfAll, { cutoff: 500 });
engine.add(noise).connect(split);
split.connect(engine.output.channel(0), { from: "low" });
split.connect(engine.output.channel(1), { from: "high" });`,
    figures: [
      formulaError(
        "the analog low-pass, warped, 1 kHz and q 4",
        0.003,
        () =>
          worst(nodes.svfAll, { cutoff: 1000, q: 4 }, (f) => secondOrder(warped(f, 1000), 4), {
            output: "low",
          }),
      ),
    ],
    pictures: [
      responsePicture(
        nodes.svfAll,
        ["low", "band", "high", "notch"].map((output) => ({
          label: output,
          output,
          params: { cutoff: 1000, q: 2 },
        })),
        { caption: "svfAll, its outputs at cutoff 1 kHz, q 2", min: -50 },
      ),
    ],
  },
  biquad: {
    example: `const eq = engine.add(biquad, { type: "peaking", frequency: 3000, gainDb: 4, q: 1 });
engine.add(pinkNoise).connect(eq).connect(engine.output);`,
    figures: [
      formulaError(
        "the cookbook's low-pass, 1 kHz and q 4",
        0.01,
        () => worst(nodes.biquad, { q: 4 }, (f) => secondOrder(warped(f, 1000), 4)),
      ),
      {
        what: "peaking at 1 kHz with 12 dB: gain there",
        unit: "dB",
        digits: 3,
        limit: { from: 11.99, to: 12.01 },
        measure: () => gainAt(nodes.biquad, 1000, { type: "peaking", gainDb: 12 }),
      },
      {
        what: "low shelf at 20 Hz with 12 dB: gain at 20 Hz",
        unit: "dB",
        digits: 3,
        limit: { from: 5.99, to: 6.01 },
        measure: () => gainAt(nodes.biquad, 20, { type: "lowShelf", frequency: 20, gainDb: 12 }),
      },
    ],
    pictures: [
      responsePicture(
        nodes.biquad,
        ["lowpass", "highpass", "bandpass", "notch"].map((type) => ({
          label: type,
          params: { type },
        })),
        { caption: "biquad, 1 kHz, q 0.71", min: -50, max: 10 },
      ),
      responsePicture(
        nodes.biquad,
        ["peaking", "lowShelf", "highShelf"].map((type) => ({
          label: type,
          params: { type, gainDb: 12 },
        })),
        { caption: "biquad, the equalisers, 1 kHz, +12 dB", min: -6, max: 18, name: "eq" },
      ),
    ],
  },
  onePole: {
    example: `const soft = engine.add(onePole, { cutoff: 2000 });
engine.add(noise).connect(soft).connect(engine.output);`,
    figures: [
      formulaError(
        "1 / sqrt(1 + w^2), 1 kHz",
        0.01,
        () => worst(nodes.onePole, {}, (f) => 1 / Math.hypot(1, warped(f, 1000))),
      ),
      {
        what: "gain at the cutoff",
        unit: "dB",
        digits: 3,
        limit: { from: -3.02, to: -3 },
        measure: () => gainAt(nodes.onePole, 1000, {}),
      },
    ],
    pictures: [
      responsePicture(
        nodes.onePole,
        ["lowpass", "highpass", "allpass"].map((mode) => ({ label: mode, params: { mode } })),
        { caption: "onePole, cutoff 1 kHz", min: -40, max: 6 },
      ),
    ],
  },
  dcBlocker: {
    example: `const clean = engine.add(dcBlocker);
engine.add(pulse, { width: 0.1 }).connect(clean).connect(engine.output);`,
    figures: [
      {
        what: "gain at 40 Hz, cutoff 10 Hz",
        unit: "dB",
        limit: { from: -0.3, to: 0 },
        measure: () => gainAt(nodes.dcBlocker, 40, {}),
      },
      {
        what: "what is left of a constant after 0.22 s",
        unit: "dB",
        digits: 1,
        limit: { atMost: -119 },
        measure: () => {
          const [wave] = play(nodes.dcBlocker, 10_561, { input: () => 1 });
          return 20 * Math.log10(Math.abs(wave[10_560]) + 1e-20);
        },
      },
    ],
    pictures: [
      responsePicture(
        nodes.dcBlocker,
        [2, 10, 50].map((cutoff) => ({
          label: `${cutoff} Hz`,
          params: { cutoff },
        })),
        { caption: "dcBlocker at three cutoffs", min: -24, max: 3, from: 1 },
      ),
    ],
  },
  ladder: {
    example: `const filter = engine.add(ladder, { cutoff: 300, resonance: 0.8, drive: 2 });
engine.add(saw, { frequency: 55 }).connect(filter).connect(engine.output);`,
    figures: [
      formulaError(
        "four poles, small signals, resonance 0",
        0.01,
        () =>
          worst(nodes.ladder, { resonance: 0 }, (f) => (1 + warped(f, 1000) ** 2) ** -2, {
            level: 1e-3,
          }),
      ),
      {
        what: "pitch error of the oscillation at 1 kHz, resonance 1.1",
        unit: "cents",
        digits: 3,
        limit: { atMost: 1 },
        measure: () => {
          const [wave] = play(nodes.ladder, 96_000, {
            params: { resonance: 1.1 },
            input: (t) => t === 0 ? 0.1 : 0,
          });
          return Math.abs(cents(measurePitch(wave.subarray(48_000), 1000, 48_000), 1000));
        },
      },
      {
        what: "distortion (third harmonic) of a 100 Hz sine of 0.1, resonance 0",
        unit: "%",
        digits: 3,
        limit: { atMost: 0.085 },
        measure: () => {
          const tone = shapedSpectrum(nodes.ladder, 100, { resonance: 0, cutoff: 20_000 }, 0.1);
          return 100 * 10 ** (tone.harmonic(3) / 20);
        },
      },
    ],
    pictures: [
      responsePicture(
        nodes.ladder,
        [0, 0.5, 0.9].map((resonance) => ({
          label: `resonance ${resonance}`,
          params: { resonance },
        })),
        { caption: "ladder, lowpass24 at 1 kHz, small signals", level: 1e-3, min: -60, max: 20 },
      ),
      responsePicture(
        nodes.ladder,
        ["lowpass12", "bandpass12", "bandpass24", "highpass24"].map((mode) => ({
          label: mode,
          params: { mode, resonance: 0.5 },
        })),
        {
          caption: "ladder, modes at resonance 0.5",
          level: 1e-3,
          min: -60,
          max: 20,
          name: "modes",
        },
      ),
    ],
  },
  formant: {
    example: `const mouth = engine.add(formant, { vowel: 0 });
engine.add(pulse, { frequency: 110, width: 0.1 }).connect(mouth).connect(engine.output);
mouth.params.vowel.rampTo(4, 3);`,
    figures: [
      ...[[650, 0], [1080, -6], [2650, -7]].map(([hertz, level]): Figure => ({
        what: `vowel A: level of the formant at ${hertz} Hz (table: ${level} dB)`,
        unit: "dB",
        digits: 1,
        limit: { from: level - 2, to: level + 2 },
        measure: () => gainAt(nodes.formant, hertz, { vowel: 0 }),
      })),
    ],
    pictures: [
      responsePicture(
        nodes.formant,
        ["A", "I", "U"].map((label, k) => ({ label, params: { vowel: 2 * k } })),
        { caption: "formant: the vowels A, I and U", min: -60, max: 10, points: 500 },
      ),
    ],
  },
  comb: {
    example: `const ring = engine.add(comb, { frequency: 220, feedback: 0.95, damping: 5000 });
engine.add(noise).connect(ring, { gain: 0.05 });
ring.connect(engine.output);`,
    figures: [
      formulaError(
        "1 / (1 - g z^-N), N = 100",
        0.01,
        () =>
          worst(nodes.comb, { frequency: 480, feedback: 0.9 }, (f) => {
            const angle = 2 * Math.PI * f / 480;
            return 1 / Math.hypot(1 - 0.9 * Math.cos(angle), 0.9 * Math.sin(angle));
          }),
      ),
    ],
    pictures: [
      responsePicture(nodes.comb, [
        { label: "feedback 0.9", params: { frequency: 440 } },
        { label: "feedback -0.7", params: { frequency: 440, feedback: -0.7 } },
      ], { caption: "comb at 440 Hz", min: -12, max: 24, points: 700, log: false }),
    ],
  },
  allpass: {
    example: `const smear = engine.add(allpass, { time: 0.02, gain: 0.6 });
engine.add(impulse, { frequency: 2 }).connect(smear).connect(engine.output);`,
    figures: [{
      what: "largest deviation of the gain from 1, 480 frames",
      unit: "dB",
      digits: 5,
      limit: { atMost: 0.001 },
      measure: () => worst(nodes.allpass, { time: 0.01 }, () => 1),
    }],
    pictures: [{
      name: "echoes",
      caption: "allpass, impulse response at 10 ms, gain 0.7",
      draw: () => {
        const [wave] = play(nodes.allpass, 4800, { input: (t) => t === 0 ? 1 : 0 });
        return {
          title: "impulse response of an all-pass",
          x: { label: "time (ms)", min: 0, max: 100 },
          y: { label: "output", min: -1, max: 1 },
          curves: [{
            points: [...wave].map((y, t) => [t / 48, y] as const),
          }],
        };
      },
    }],
  },
  phaser: {
    example: `const sweep = engine.add(phaser, { rate: 0.2, stages: "8", feedback: 0.5 });
engine.add(saw, { frequency: 110 }).connect(sweep).connect(engine.output);`,
    figures: [
      {
        what: "first notch of four stages, depth 0, cutoff 700 Hz: gain at 700 tan(pi/8) Hz",
        unit: "dB",
        digits: 1,
        limit: { atMost: -40 },
        measure: () => {
          const g = Math.tan(Math.PI * 700 / 48_000) * Math.tan(Math.PI / 8);
          const hertz = Math.atan(g) * 48_000 / Math.PI;
          return gainAt(nodes.phaser, hertz, { depth: 0, feedback: 0 });
        },
      },
    ],
    pictures: [
      responsePicture(
        nodes.phaser,
        ["4", "8"].map((stages) => ({ label: `${stages} stages`, params: { stages, depth: 0 } })),
        { caption: "phaser at rest, cutoff 700 Hz, feedback 0.3", min: -20, max: 6, points: 500 },
      ),
    ],
  },
};
