/** Measurements of band-limited oscillators. @module */
import * as nodes from "../../../nodes/mod.ts";
import { decibels } from "../../../tests/support/fft.ts";
import type { Entries } from "../entry.ts";
import { outputPicture, spectrumPicture } from "../pictures.ts";
import { oscillatorSpectrum } from "../spectra.ts";
import { aliases, harmonicError, inTune, NOTE } from "../tones.ts";

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
};
