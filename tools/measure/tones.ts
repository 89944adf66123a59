/** Figures of what has a pitch. @module */
import { decibels } from "../../tests/support/fft.ts";
import { cents, measurePitch } from "../../tests/support/spectrum_of_oscillator.ts";
import type { Figure } from "./entry.ts";
import { type AnyDefinition, play, type Values } from "./play.ts";
import { oscillatorSpectrum } from "./spectra.ts";

/** Frequency of the note that aliases are measured of, in Hz. */
export const NOTE = 2000;

/** A figure: aliases of a note. */
export function aliases(
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
export function harmonicError(
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

/** A figure: how far 440 Hz is from it. */
export const inTune = (node: AnyDefinition, atMost: number, params: Values = {}): Figure => ({
  what: "pitch error at 440 Hz",
  unit: "cents",
  digits: 5,
  limit: { atMost },
  measure: () => pitchError(node, params, 440),
});
