/** Spectra of tones: harmonics and what is none. @module */
import { amplitudes, decibels } from "../../tests/support/fft.ts";
import { type AnyDefinition, play, sineInput, type Values } from "./play.ts";

const FRAMES = 16384;

/** A tone of whole periods, so that each component falls on one bin. */
export interface ToneSpectrum {
  readonly fundamental: number;
  /** Frequency and dB of the fundamental, for each harmonic from the first. */
  readonly harmonics: readonly (readonly [number, number])[];
  /** The same for what is no harmonic: the largest in each hundredth of the band. */
  readonly others: readonly (readonly [number, number])[];
  /** The largest that is no harmonic below so many Hz, in dB of the fundamental. */
  alias(below: number): number;
  /** dB of a harmonic against the fundamental. */
  harmonic(n: number): number;
}

/** The nearest frequency of an odd number of periods: aliases and harmonics never share a bin. */
export function binFrequency(hertz: number, sampleRate = 48_000): number {
  return (Math.round(hertz / sampleRate * FRAMES) | 1) / FRAMES * sampleRate;
}

/** The spectrum of a node that sounds by itself. */
export function oscillatorSpectrum(
  definition: AnyDefinition,
  hertz: number,
  params: Values = {},
  sampleRate = 48_000,
): ToneSpectrum {
  const frequency = binFrequency(hertz, sampleRate);
  const [wave] = play(definition, 2 * FRAMES, { params: { ...params, frequency }, sampleRate });
  return toneSpectrum(wave.subarray(FRAMES), frequency, sampleRate);
}

/** The spectrum of what a node makes of a sine. */
export function shapedSpectrum(
  definition: AnyDefinition,
  hertz: number,
  params: Values = {},
  amplitude = 1,
  sampleRate = 48_000,
): ToneSpectrum {
  const frequency = binFrequency(hertz, sampleRate);
  const input = sineInput(frequency, amplitude, sampleRate);
  const [wave] = play(definition, 2 * FRAMES, { params, input, sampleRate });
  return toneSpectrum(wave.subarray(FRAMES), frequency, sampleRate);
}

function toneSpectrum(wave: Float32Array, fundamental: number, rate: number): ToneSpectrum {
  const bins = amplitudes(wave);
  const first = Math.round(fundamental / rate * FRAMES);
  const reference = bins[first];
  const level = (k: number) => Math.max(decibels(bins[k] / reference), -200);
  const hertz = (k: number) => k / FRAMES * rate;
  const harmonics: [number, number][] = [];
  for (let k = first; k < bins.length; k += first) harmonics.push([hertz(k), level(k)]);
  const others: [number, number][] = [];
  const width = Math.ceil(bins.length / 240);
  for (let from = 1; from < bins.length; from += width) {
    let best = -1;
    for (let k = from; k < Math.min(from + width, bins.length); k++) {
      if (k % first !== 0 && (best < 0 || bins[k] > bins[best])) best = k;
    }
    if (best > 0) others.push([hertz(best), level(best)]);
  }
  const alias = (below: number) => {
    let largest = 0;
    for (let k = 1; hertz(k) < below; k++) if (k % first) largest = Math.max(largest, bins[k]);
    return decibels(largest / reference);
  };
  return { fundamental, harmonics, others, alias, harmonic: (n) => level(n * first) };
}
