/** Measurements of filters that resonate, and of what is made of delays and all-passes. @module */
import * as nodes from "../../../nodes/mod.ts";
import { cents, measurePitch } from "../../../tests/support/spectrum_of_oscillator.ts";
import type { Entries, Figure } from "../entry.ts";
import { formulaError, gainAt, warped, worst } from "../formula.ts";
import { responsePicture } from "../pictures.ts";
import { play } from "../play.ts";
import { shapedSpectrum } from "../spectra.ts";

export const resonators: Entries = {
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
