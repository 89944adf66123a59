/** Measurements of oscillators. @module */
import * as nodes from "../../../nodes/mod.ts";
import { decibels, rms } from "../../../tests/support/fft.ts";
import { cents, measurePitch } from "../../../tests/support/spectrum_of_oscillator.ts";
import type { Entries, Figure } from "../entry.ts";
import { outputPicture, spectrumPicture, wavePicture } from "../pictures.ts";
import { type AnyDefinition, play, type Values } from "../play.ts";
import { density, noiseSpectrum } from "../noise_density.ts";
import { oscillatorSpectrum } from "../spectra.ts";

const NOTE = 2000;

function aliases(
  node: AnyDefinition,
  below: number,
  atMost: number,
  params?: Values,
  hertz = NOTE,
): Figure {
  return {
    what: `aliases of a ${hertz / 1000} kHz note below ${below / 1000} kHz, at 48 kHz`,
    unit: "dB",
    digits: 1,
    limit: { atMost },
    measure: () => oscillatorSpectrum(node, hertz, params).alias(below),
  };
}

/** The largest deviation of the harmonics up to so many Hz from what they should be, in dB. */
function harmonicError(
  node: AnyDefinition,
  exact: (n: number) => number,
  upTo: number,
  params?: Values,
): number {
  const { harmonics } = oscillatorSpectrum(node, 500, params);
  let worst = 0;
  for (const [k, [hertz, level]] of harmonics.entries()) {
    const want = exact(k + 1) / exact(1);
    if (hertz > upTo || Math.abs(want) < 1e-9) continue;
    worst = Math.max(worst, Math.abs(level - decibels(want)));
  }
  return worst;
}

function pitchError(node: AnyDefinition, params: Values, hertz: number): number {
  const [wave] = play(node, 96_000, { params: { ...params, frequency: hertz } });
  return Math.abs(cents(measurePitch(wave.subarray(24_000), hertz, 48_000), hertz));
}

const inTune = (node: AnyDefinition, atMost: number, params: Values = {}): Figure => ({
  what: "pitch error at 440 Hz",
  unit: "cents",
  digits: 5,
  limit: { atMost },
  measure: () => pitchError(node, params, 440),
});

const two = { params: { frequency: 500 } };
const odd = (n: number) => n % 2 === 0 ? 0 : 1;

export const oscillators: Entries = {
  sine: {
    example: `const tone = engine.add(sine, { frequency: 220 });
tone.connect(engine.output);`,
    figures: [
      {
        what: "largest harmonic",
        unit: "dB",
        digits: 1,
        limit: { atMost: -140 },
        measure: () =>
          Math.max(...oscillatorSpectrum(nodes.sine, NOTE).harmonics.slice(1).map(([, y]) => y)),
      },
      inTune(nodes.sine, 0.0006),
    ],
    pictures: [
      spectrumPicture("sine, 2 kHz at 48 kHz", () => oscillatorSpectrum(nodes.sine, NOTE)),
    ],
  },
  saw: {
    example: `const voice = engine.add(saw, { frequency: 110 });
voice.connect(engine.output);`,
    figures: [
      aliases(nodes.saw, 10_000, -90),
      aliases(nodes.saw, 18_000, -60),
      {
        what: "error of the harmonics up to 15 kHz, against 2 / (pi n)",
        unit: "dB",
        limit: { atMost: 0.3 },
        measure: () => harmonicError(nodes.saw, (n) => 1 / n, 15_000),
      },
      inTune(nodes.saw, 0.001),
    ],
    pictures: [
      outputPicture(nodes.saw, 288, [{ label: "500 Hz", ...two }], {
        caption: "saw, 500 Hz at 48 kHz",
      }),
      spectrumPicture("saw, 2 kHz at 48 kHz", () => oscillatorSpectrum(nodes.saw, NOTE)),
    ],
  },
  pulse: {
    example: `const voice = engine.add(pulse, { frequency: 110, width: 0.3 });
const motion = engine.add(lfo, { frequency: 0.4 });
motion.connect(voice.params.width, { amount: 0.2 });
voice.connect(engine.output);`,
    figures: [
      aliases(nodes.pulse, 10_000, -90),
      {
        what: "the same at width 0.11, of a square's fundamental (its own is 9.4 dB lower)",
        unit: "dB",
        digits: 1,
        limit: { atMost: -90 },
        measure: () =>
          oscillatorSpectrum(nodes.pulse, NOTE, { width: 0.11 }).alias(10_000) +
          decibels(Math.sin(Math.PI * 0.11)),
      },
      {
        what: "error of the square's harmonics up to 15 kHz",
        unit: "dB",
        limit: { atMost: 0.3 },
        measure: () => harmonicError(nodes.pulse, (n) => odd(n) / n, 15_000),
      },
    ],
    pictures: [
      outputPicture(nodes.pulse, 288, [
        { label: "width 0.5", ...two },
        { label: "width 0.2", params: { frequency: 500, width: 0.2 } },
      ], { caption: "pulse, 500 Hz at 48 kHz" }),
      spectrumPicture("pulse, 2 kHz at 48 kHz", () => oscillatorSpectrum(nodes.pulse, NOTE)),
    ],
  },
  triangle: {
    example: `const tone = engine.add(triangle, { frequency: 330 });
tone.connect(engine.output);`,
    figures: [
      aliases(nodes.triangle, 10_000, -100),
      {
        what: "error of the harmonics up to 15 kHz",
        unit: "dB",
        limit: { atMost: 0.3 },
        measure: () => harmonicError(nodes.triangle, (n) => odd(n) / (n * n), 15_000),
      },
    ],
    pictures: [
      outputPicture(nodes.triangle, 288, [{ label: "500 Hz", ...two }], {
        caption: "triangle, 500 Hz at 48 kHz",
      }),
      spectrumPicture("triangle, 2 kHz at 48 kHz", () => oscillatorSpectrum(nodes.triangle, NOTE)),
    ],
  },
  oscillator: {
    example: `const voice = engine.add(oscillator, { waveform: "saw", frequency: 110 });
voice.connect(engine.output);`,
    figures: [
      aliases(nodes.oscillator, 10_000, -90, { waveform: "saw" }),
      aliases(nodes.oscillator, 10_000, -90, { waveform: "pulse" }),
      aliases(nodes.oscillator, 10_000, -100, { waveform: "triangle" }),
    ].map((figure, k) => ({
      ...figure,
      what: `${["saw", "pulse", "triangle"][k]}: ${figure.what}`,
    })),
    pictures: [
      outputPicture(
        nodes.oscillator,
        200,
        ["sine", "saw", "pulse", "triangle"].map((waveform) => ({
          label: waveform,
          params: { waveform, frequency: 480 },
        })),
        { caption: "oscillator, 480 Hz at 48 kHz" },
      ),
    ],
  },
  syncSaw: {
    example: `const lead = engine.add(syncSaw, { frequency: 110 });
const sweep = engine.add(ar, { attack: 1, release: 2, gate: 1 });
sweep.connect(lead.params.ratio, { amount: 4 });
lead.connect(engine.output);`,
    figures: [
      {
        what: "aliases below 10 kHz, slave at 2 kHz, of the loudest partial",
        unit: "dB",
        digits: 1,
        limit: { atMost: -85 },
        measure: () => {
          const spectrum = oscillatorSpectrum(nodes.syncSaw, NOTE / 2.5, { ratio: 2.5 });
          const loudest = Math.max(...spectrum.harmonics.map(([, level]) => level));
          return spectrum.alias(10_000) - loudest;
        },
      },
    ],
    pictures: [
      outputPicture(nodes.syncSaw, 288, [
        { label: "ratio 1.5", params: { frequency: 500 } },
        { label: "ratio 2.7", params: { frequency: 500, ratio: 2.7 } },
      ], { caption: "syncSaw, 500 Hz at 48 kHz" }),
      spectrumPicture(
        "syncSaw, 800 Hz, ratio 2.5, at 48 kHz",
        () => oscillatorSpectrum(nodes.syncSaw, 800, { ratio: 2.5 }),
      ),
    ],
  },
  operator: {
    example: `const modulator = engine.add(operator, { frequency: 220, ratio: 3.5 });
const carrier = engine.add(operator, { frequency: 220, index: 0.4 });
modulator.connect(carrier).connect(engine.output);`,
    figures: [{
      what: "first sidebands of index 1 (0.159 turns), error against Bessel's J1(1) / J0(1)",
      unit: "dB",
      digits: 3,
      limit: { atMost: 0.01 },
      measure: () => {
        const [carrier, ratio] = [3000, 0.1];
        const input = (t: number) => Math.sin(2 * Math.PI * carrier * ratio * t / 48_000);
        const params = { frequency: carrier, index: 1 / (2 * Math.PI) };
        const [wave] = play(nodes.operator, 48_000, { params, input });
        const at = (hertz: number) => {
          let [re, im] = [0, 0];
          for (let t = 0; t < 48_000; t++) {
            re += wave[t] * Math.cos(2 * Math.PI * hertz * t / 48_000);
            im += wave[t] * Math.sin(2 * Math.PI * hertz * t / 48_000);
          }
          return Math.hypot(re, im);
        };
        const want = 0.4400505857449335 / 0.7651976865579666;
        return Math.abs(decibels(at(3300) / at(3000) / want));
      },
    }],
    pictures: [
      spectrumPicture(
        "operator with feedback 0.15, 500 Hz at 48 kHz",
        () => oscillatorSpectrum(nodes.operator, 500, { feedback: 0.15 }),
      ),
    ],
  },
  wavetable: {
    example: `const pad = engine.add(wavetable, { frequency: 110 });
engine.add(lfo, { frequency: 0.1 }).connect(pad.params.position, { amount: 4 });
pad.connect(engine.output);`,
    figures: [
      aliases(nodes.wavetable, 18_000, -95, { position: 3 }),
      inTune(nodes.wavetable, 0.001),
    ],
    pictures: [
      outputPicture(
        nodes.wavetable,
        200,
        [0, 0.5, 2, 3].map((position) => ({
          label: `position ${position}`,
          params: { position, frequency: 480 },
        })),
        { caption: "wavetable, 480 Hz at 48 kHz" },
      ),
      spectrumPicture(
        "wavetable at position 3 (sawtooth), 2 kHz at 48 kHz",
        () => oscillatorSpectrum(nodes.wavetable, NOTE, { position: 3 }),
      ),
    ],
  },
  karplusStrong: {
    example: `const string = engine.add(karplusStrong, { frequency: 196, decay: 4 });
string.params.trigger.set(1, { at: engine.frames(0.5) });
string.connect(engine.output);`,
    figures: [
      ...[55, 440, 3520].map((hertz): Figure => ({
        what: `pitch error at ${hertz} Hz`,
        unit: "cents",
        digits: 4,
        limit: { atMost: 0.01 },
        measure: () => {
          const [wave] = play(nodes.karplusStrong, 60_000, {
            params: { frequency: hertz, decay: 20, brightness: 1 },
            events: [[0, "trigger", 1]],
          });
          return Math.abs(cents(measurePitch(wave.subarray(4800), hertz, 48_000), hertz));
        },
      })),
    ],
    pictures: [
      outputPicture(nodes.karplusStrong, 24_000, [
        { label: "brightness 0.3", params: { frequency: 110, decay: 1 } },
      ], {
        caption: "karplusStrong, plucked at 110 Hz, decay 1 s",
        events: [[0, "trigger", 1]],
      }),
    ],
  },
  lfo: {
    example: `const vibrato = engine.add(lfo, { frequency: 5.5 });
const tone = engine.add(sine, { frequency: 440 });
vibrato.connect(tone.params.fm, { amount: 6 });
tone.connect(engine.output);`,
    figures: [{
      what: "period at 0.1 Hz, less 480,000 frames",
      unit: "frames",
      digits: 0,
      limit: { from: -1, to: 1 },
      measure: () => {
        const [wave] = play(nodes.lfo, 960_100, { params: { waveform: "square", frequency: 0.1 } });
        const rises = [...wave.keys()].filter((t) => t > 0 && wave[t] > 0 && wave[t - 1] < 0);
        return rises[1] - rises[0] - 480_000;
      },
    }],
    pictures: [
      wavePicture({
        caption: "lfo, two cycles of 1 Hz: the waveforms that repeat",
        frames: 96_000,
        unit: "s",
        curves: () =>
          ["sine", "triangle", "saw", "square"].map((waveform) => ({
            label: waveform,
            wave: play(nodes.lfo, 96_000, { params: { waveform } })[0],
          })),
      }),
      wavePicture({
        name: "random",
        caption: "lfo, eight cycles of 4 Hz: the random waveforms",
        frames: 96_000,
        unit: "s",
        curves: () =>
          ["sampleAndHold", "smoothRandom"].map((waveform) => ({
            label: waveform,
            wave: play(nodes.lfo, 96_000, { params: { waveform, frequency: 4 } })[0],
          })),
      }),
    ],
  },
  noise: {
    example: `const hiss = engine.add(noise, { seed: 7 });
hiss.connect(engine.output);`,
    figures: [{
      what: "RMS, 1 / sqrt(3) for an even spread",
      unit: "",
      digits: 4,
      limit: { from: 0.572, to: 0.582 },
      measure: () => rms(play(nodes.noise, 96_000)[0]),
    }],
    pictures: [noiseSpectrum("noise", nodes.noise)],
  },
  pinkNoise: {
    example: `const rain = engine.add(pinkNoise);
rain.connect(engine.output);`,
    figures: [{
      what: "fall from 100 Hz to 10 kHz, in thirds of an octave",
      unit: "dB",
      digits: 2,
      limit: { from: -20.6, to: -19.4 },
      measure: () => density(nodes.pinkNoise, 10_000) - density(nodes.pinkNoise, 100),
    }],
    pictures: [noiseSpectrum("pinkNoise", nodes.pinkNoise)],
  },
  brownNoise: {
    example: `const surf = engine.add(brownNoise);
surf.connect(engine.output);`,
    figures: [{
      what: "fall from 100 Hz to 10 kHz, in thirds of an octave",
      unit: "dB",
      digits: 2,
      limit: { from: -41, to: -38.5 },
      measure: () => density(nodes.brownNoise, 10_000) - density(nodes.brownNoise, 100),
    }],
    pictures: [noiseSpectrum("brownNoise", nodes.brownNoise)],
  },
};
