/** Measurements of spectral nodes. @module */
import * as nodes from "../../../nodes/mod.ts";
import { decibels, rms } from "../../../tests/support/fft.ts";
import type { Entries } from "../entry.ts";
import { curvePicture } from "../pictures.ts";
import { play, sineInput } from "../play.ts";

const RATE = 48_000;

/** What the gate makes of a sine so many dB from its threshold, in dB. */
function gated(level: number): number {
  const amplitude = 0.001 * 10 ** (level / 20);
  const [wave] = play(nodes.spectralGate, 12_000, {
    params: { threshold: 0.001 },
    input: sineInput(1000, amplitude),
  });
  return decibels(rms(wave.subarray(7200)) * Math.SQRT2 / amplitude);
}

/** Gain of two resonances, at 700 and 1800 Hz. */
function resonances(frequency: number): number {
  return [[700, 80], [1800, 120]].reduce((gain, [centre, width]) => {
    const r = Math.exp(-Math.PI * width / RATE);
    const [a, b] = [-2 * r * Math.cos(2 * Math.PI * centre / RATE), r * r];
    const w = 2 * Math.PI * frequency / RATE;
    const re = 1 + a * Math.cos(w) + b * Math.cos(2 * w);
    return gain / Math.hypot(re, a * Math.sin(w) + b * Math.sin(2 * w));
  }, 1e-4);
}

/** A sum of harmonics; their amplitudes by frequency. */
function harmonics(pitch: number, frames: number, gain: (frequency: number) => number) {
  const wave = new Float32Array(frames);
  for (let f = pitch; f < 20_000; f += pitch) {
    for (let t = 0; t < frames; t++) wave[t] += gain(f) * Math.cos(2 * Math.PI * f * t / RATE);
  }
  return wave;
}

/** Amplitude of a frequency in the second half of a wave, under Blackman's window. */
function amplitude(wave: Float32Array, frequency: number): number {
  const count = wave.length / 2;
  let [re, im] = [0, 0];
  for (let n = 0; n < count; n++) {
    const turn = 2 * Math.PI * n / count;
    const x = wave[count + n] * (0.42 - 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn));
    re += x * Math.cos(2 * Math.PI * frequency * n / RATE);
    im += x * Math.sin(2 * Math.PI * frequency * n / RATE);
  }
  return Math.hypot(re, im) / count;
}

/** How far the partials of a saw of 146.8 Hz are from the resonances, in dB, at most. */
function envelopeError(amount: number): number {
  const [pitch, frames] = [146.8, 24_000];
  const saw = harmonics(pitch, frames, (f) => 0.3 * pitch / f);
  const voice = harmonics(110, frames, resonances);
  const [wave] = play(nodes.timbreTransfer, frames, {
    params: { amount },
    input: (t, channel) => (channel === 0 ? saw : voice)[t],
  });
  const errors: number[] = [];
  for (let f = 2 * pitch; f < 4000; f += pitch) {
    errors.push(decibels(amplitude(wave, f) / resonances(f)));
  }
  const mean = errors.reduce((sum, x) => sum + x, 0) / errors.length;
  return Math.max(...errors.map((x) => Math.abs(x - mean)));
}

export const spectral: Entries = {
  spectralFreeze: {
    example: `const freeze = engine.add(spectralFreeze);
engine.add(saw, { frequency: 220 }).connect(freeze).connect(engine.output);
freeze.params.hold.set(1, { at: 24_000 });`,
    figures: [{
      what: "level of a sine after it was held for ten seconds",
      unit: "dB",
      limit: { from: -1, to: 1 },
      measure: () => {
        const [wave] = play(nodes.spectralFreeze, 11 * RATE, {
          input: (t) => t < RATE ? 0.5 * Math.sin(2 * Math.PI * 441.3 * t / RATE) : 0,
          events: [[RATE, "hold", 1]],
        });
        return decibels(rms(wave.subarray(10 * RATE)) * Math.SQRT2 / 0.5);
      },
    }],
  },
  spectralGate: {
    example: `const gate = engine.add(spectralGate, { threshold: 0.01 });
engine.add(saw, { frequency: 110 }).connect(gate).connect(engine.output);`,
    figures: [
      {
        what: "a sine 20 dB above the threshold",
        unit: "dB",
        limit: { from: -0.25, to: 0 },
        measure: () => gated(20),
      },
      {
        what: "a sine 20 dB below the threshold",
        unit: "dB",
        limit: { atMost: -35 },
        measure: () => gated(-20),
      },
    ],
    pictures: [curvePicture({
      name: "curve",
      caption: "spectralGate, gain of a sine by its level above the threshold",
      x: { label: "level above the threshold (dB)", min: -30, max: 30 },
      y: { label: "gain (dB)", min: -60, max: 0 },
      curves: [{ label: "floor 0", at: gated }],
    })],
  },
  timbreTransfer: {
    example: `const talking = engine.add(timbreTransfer);
engine.add(saw, { frequency: 110 }).connect(talking.inputs.in);
engine.add(saw, { frequency: 80 }).connect(engine.add(formant)).connect(talking.inputs.side);
talking.connect(engine.output);`,
    figures: [
      {
        what: "partials of a saw against the other signal's resonances, 290 Hz to 4 kHz",
        unit: "dB",
        limit: { atMost: 2 },
        measure: () => envelopeError(1),
      },
      {
        what: "the same without the transfer",
        unit: "dB",
        limit: { atLeast: 20 },
        measure: () => envelopeError(0),
      },
    ],
  },
};
