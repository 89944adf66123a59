/** Measurements of oscillators with more than one timbre, and of strings. @module */
import * as nodes from "../../../nodes/mod.ts";
import { decibels } from "../../../tests/support/fft.ts";
import { cents, measurePitch } from "../../../tests/support/spectrum_of_oscillator.ts";
import type { Entries, Figure } from "../entry.ts";
import { outputPicture, spectrumPicture } from "../pictures.ts";
import { play } from "../play.ts";
import { oscillatorSpectrum } from "../spectra.ts";
import { aliases, inTune, NOTE } from "../tones.ts";

export const timbres: Entries = {
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
};
