/** Measurements of compressors, limiters and envelopes. @module */
import * as nodes from "../../../nodes/mod.ts";
import { decibels, peak } from "../../../tests/support/fft.ts";
import type { Entries } from "../entry.ts";
import { curvePicture, outputPicture, wavePicture } from "../pictures.ts";
import { type Event, noiseInput, play, sineInput, type Values } from "../play.ts";
import { shapedSpectrum } from "../spectra.ts";

/** Level out in dB for a steady level in. */
function settled(params: Values, level: number): number {
  const [wave] = play(nodes.compressor, 24_000, {
    params: { attack: 0.001, ...params },
    input: () => 10 ** (level / 20),
  });
  return decibels(wave[23_999]);
}

/** Equation 4 of Giannoulis, Massberg and Reiss. */
function paper(x: number, threshold: number, ratio: number, knee: number): number {
  const over = x - threshold;
  if (2 * over < -knee) return x;
  if (2 * Math.abs(over) <= knee) return x + (1 / ratio - 1) * (over + knee / 2) ** 2 / (2 * knee);
  return threshold + over / ratio;
}

const NOTE: readonly Event[] = [[4800, "gate", 1], [33_600, "gate", 0]];
const adsrParams = { attack: 0.1, decay: 0.2, sustain: 0.5, release: 0.3 };

/** Frames from the gate until the level first reaches 1. */
function attackFrames(params: Values): number {
  const [wave] = play(nodes.adsr, 12_000, { params, events: [[480, "gate", 1]] });
  return wave.findIndex((y) => y >= 1) - 480 + 1;
}

export const dynamics: Entries = {
  compressor: {
    example:
      `const glue = engine.add(compressor, { thresholdDb: -18, ratio: 3, attack: 0.01, makeupDb: 4 });
engine.add(pinkNoise).connect(glue).connect(engine.output);`,
    figures: [
      {
        what: "error of the static curve against the paper's, ratio 4, knee 6 dB",
        unit: "dB",
        digits: 4,
        limit: { atMost: 0.02 },
        measure: () =>
          Math.max(
            ...[-60, -30, -22, -20, -18, -10, 0].map((level) =>
              Math.abs(settled({}, level) - paper(level, -20, 4, 6))
            ),
          ),
      },
      {
        what: "reduction after one attack of 20 ms, of 20 dB (63.2 %)",
        unit: "dB",
        limit: { from: 12.59, to: 12.69 },
        measure: () => {
          const params = { thresholdDb: -40, ratio: 2, kneeDb: 0, attack: 0.02 };
          return play(nodes.compressor, 960, { params, input: () => 1 })[1][959];
        },
      },
    ],
    pictures: [
      curvePicture({
        name: "curve",
        caption: "compressor, static curve at threshold -20 dB",
        x: { label: "level in (dB)", min: -60, max: 0 },
        y: { label: "level out (dB)", min: -60, max: 0 },
        curves: [
          { label: "ratio 2", at: (x) => settled({ ratio: 2 }, x) },
          { label: "ratio 4", at: (x) => settled({}, x) },
          { label: "ratio 20, knee 20 dB", at: (x) => settled({ ratio: 20, kneeDb: 20 }, x) },
        ],
      }),
      wavePicture({
        name: "reduction",
        caption:
          "compressor, reduction of a tone of 0 dB from 0.1 to 0.5 s, attack 5 ms, release 0.1 s",
        frames: 48_000,
        unit: "s",
        label: "reduction (dB)",
        min: 0,
        max: 20,
        curves: () => [{
          wave: play(nodes.compressor, 48_000, {
            params: { detector: "rms" },
            input: (t) => t > 4800 && t < 24_000 ? Math.SQRT2 * Math.sin(t * 0.3) : 0,
          })[1],
        }],
      }),
    ],
  },
  limiter: {
    example: `const master = engine.add(limiter, { ceilingDb: -1 });
engine.add(saw, { frequency: 55 }).connect(master, { gain: 2 });
master.connect(engine.output);`,
    figures: [
      {
        what: "largest sample of noise of +12 dB, ceiling -1 dB",
        unit: "dB",
        digits: 3,
        limit: { atMost: -1 + 1e-4 },
        measure: () => decibels(peak(play(nodes.limiter, 48_000, { input: noiseInput(4) })[0])),
      },
      {
        what: "distortion (third harmonic) of a steady 1 kHz sine of +6 dB",
        unit: "dB",
        digits: 1,
        limit: { atMost: -60 },
        measure: () => shapedSpectrum(nodes.limiter, 1000, {}, 2).harmonic(3),
      },
    ],
    pictures: [
      wavePicture({
        name: "gain",
        caption: "limiter, a 1 kHz sine of +6 dB between 10 and 30 ms, ceiling -1 dB",
        frames: 2400,
        min: -2.2,
        max: 2.2,
        curves: () => {
          const tone = sineInput(1000);
          const input = (t: number, c: number) => (t > 480 && t < 1440 ? 2 : 0.5) * tone(t, c);
          return [
            { label: "input", wave: Float32Array.from({ length: 2400 }, (_, t) => input(t, 0)) },
            { label: "output", wave: play(nodes.limiter, 2400, { input })[0] },
          ];
        },
      }),
    ],
  },
  adsr: {
    example: `const envelope = engine.add(adsr, { attack: 0.02, sustain: 0.6, release: 0.4 });
const amplifier = engine.add(multiply);
engine.add(saw, { frequency: 110 }).connect(amplifier, { to: "a" });
envelope.connect(amplifier, { to: "b" }).connect(engine.output);
envelope.params.gate.set(1, { at: engine.frames(0.5) });
envelope.params.gate.set(0, { at: engine.frames(1.5) });`,
    figures: ["exponential", "linear"].map((curve) => ({
      what: `attack of 0.1 s, ${curve}: frames until 1, less 4800`,
      unit: "frames",
      digits: 0,
      limit: { from: -5, to: 5 },
      measure: () => attackFrames({ attack: 0.1, curve }) - 4800,
    })),
    pictures: [
      outputPicture(
        nodes.adsr,
        48_000,
        ["exponential", "linear"].map((curve) => ({
          label: curve,
          params: { ...adsrParams, curve },
        })),
        {
          caption:
            "adsr: gate from 0.1 to 0.7 s, attack 0.1 s, decay 0.2 s, sustain 0.5, release 0.3 s",
          events: NOTE,
          unit: "s",
          min: 0,
          max: 1.1,
          name: "shape",
          label: "level",
        },
      ),
    ],
  },
  ar: {
    example: `const hit = engine.add(ar, { attack: 0.001, release: 0.25 });
const beat = engine.add(clock, { bpm: 110, division: 2 });
beat.outputs.trigger.connect(hit.params.gate);
const drum = engine.add(multiply);
engine.add(noise).connect(drum, { to: "a" });
hit.connect(drum, { to: "b" }).connect(engine.output);`,
    figures: [{
      what: "level 0.3 s after the peak, release 0.3 s",
      unit: "dB",
      digits: 2,
      limit: { from: -60.2, to: -59.8 },
      measure: () => {
        const [wave] = play(nodes.ar, 20_000, { events: [[0, "gate", 1], [10, "gate", 0]] });
        const top = wave.indexOf(1);
        return decibels(wave[top + 14_400]);
      },
    }],
    pictures: [
      outputPicture(
        nodes.ar,
        48_000,
        ["trigger", "gate"].map((mode) => ({
          label: mode,
          params: { mode, attack: 0.05, release: 0.5 },
        })),
        {
          caption: "ar: gate from 0.1 to 0.3 s, attack 50 ms, release 0.5 s",
          events: [[4800, "gate", 1], [14_400, "gate", 0]],
          unit: "s",
          min: 0,
          max: 1.1,
          name: "shape",
          label: "level",
        },
      ),
    ],
  },
  envelopeFollower: {
    example: `const level = engine.add(envelopeFollower, { attack: 0.01, release: 0.2 });
const wah = engine.add(svf, { cutoff: 300, q: 5 });
const guitar = engine.add(karplusStrong, { frequency: 147, trigger: 1 });
guitar.connect(level);
guitar.connect(wah).connect(engine.output);
level.connect(wah.params.cutoff, { amount: 4000 });`,
    figures: [
      {
        what: "reading of a 440 Hz sine of amplitude 1, rms",
        unit: "",
        digits: 4,
        limit: { from: 0.7036, to: 0.7107 },
        measure: () => play(nodes.envelopeFollower, 96_000, { input: sineInput(440) })[0][95_999],
      },
      {
        what: "the same, peak, attack 0.1 ms, release 0.1 s",
        unit: "",
        digits: 4,
        limit: { from: 0.98, to: 1 },
        measure: () => {
          const params = { detector: "peak", attack: 0.0001 };
          return play(nodes.envelopeFollower, 96_000, { params, input: sineInput(440) })[0][95_999];
        },
      },
    ],
    pictures: [
      outputPicture(
        nodes.envelopeFollower,
        48_000,
        [
          { label: "rms", params: { attack: 0.02 } },
          { label: "peak", params: { detector: "peak", attack: 0.001 } },
        ],
        {
          caption: "envelopeFollower: a 440 Hz sine from 0.1 to 0.5 s",
          input: (t) => t > 4800 && t < 24_000 ? Math.sin(2 * Math.PI * 440 * t / 48_000) : 0,
          unit: "s",
          min: 0,
          max: 1.1,
          name: "shape",
          label: "level",
        },
      ),
    ],
  },
};
