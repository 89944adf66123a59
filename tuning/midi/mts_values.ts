/** MIDI Tuning Standard: frequencies and offsets as 7-bit bytes. @module */
import { KEYS, standardFrequency } from "../keyboard_mapping.ts";
import type { Tuning } from "../tuning.ts";

/** Parts of a semitone in a frequency. */
const PARTS = 2 ** 14;
/** The word 7F 7F 7F: leave the key as it is. */
const NO_CHANGE = 2 ** 21 - 1;
/** Octave offsets of two bytes: cents of one unit. */
const FINE_CENTS = 100 / 2 ** 13;

/** Highest frequency that can be sent, 7F 7F 7E: 13289.66 Hz. The lowest is 8.1758 Hz. */
const HIGHEST = standardFrequency((NO_CHANGE - 1) / PARTS);
const LOWEST = standardFrequency(0);

/**
 * A frequency as the 21-bit number of the standard: semitones above 8.1758 Hz in units of 100/2^14
 * cents, rounded to the nearest.
 *
 * @returns `undefined` if the standard has no such frequency.
 */
export function frequencyWord(frequency: number): number | undefined {
  const word = Math.round((69 + 12 * Math.log2(frequency / 440)) * PARTS);
  return word >= 0 && word < NO_CHANGE ? word : undefined;
}

/** Three bytes for a frequency, or for "no change". */
export function frequencyBytes(frequency: number | undefined, key: number): number[] {
  const word = frequency === undefined ? NO_CHANGE : frequencyWord(frequency);
  if (word === undefined) {
    throw new RangeError(
      `Cannot write the frequency of key ${key}: it must be in ` +
        `[${LOWEST.toFixed(4)}, ${HIGHEST.toFixed(2)}] Hz, current value is ${frequency}`,
    );
  }
  return [word >> 14, (word >> 7) & 0x7f, word & 0x7f];
}

/** The frequency of three bytes, `undefined` for "no change". */
export function frequencyAt(bytes: ArrayLike<number>, position: number): number | undefined {
  const word = bytes[position] << 14 | bytes[position + 1] << 7 | bytes[position + 2];
  return word === NO_CHANGE ? undefined : standardFrequency(word / PARTS);
}

/** One or two bytes for an offset in cents. */
export function offsetBytes(cents: number, form: 1 | 2, note: number): number[] {
  const unit = form === 1 ? 1 : FINE_CENTS;
  const zero = form === 1 ? 64 : 2 ** 13;
  const value = zero + Math.round(cents / unit);
  if (value >= 0 && value < 2 * zero) return form === 1 ? [value] : [value >> 7, value & 0x7f];
  const highest = unit * (zero - 1);
  throw new RangeError(
    `Cannot write the offset of note ${note} in ${form}-byte form: it must be in ` +
      `[${-unit * zero}, ${highest}] cents, current value is ${cents}`,
  );
}

/** The offset in cents of one or two bytes. */
export function offsetAt(bytes: ArrayLike<number>, position: number, form: 1 | 2): number {
  if (form === 1) return bytes[position] - 64;
  return ((bytes[position] << 7 | bytes[position + 1]) - 2 ** 13) * FINE_CENTS;
}

/**
 * The frequencies of a tuning for a bulk dump: `undefined`, "no change", for keys that do not sound or
 * that lie outside the standard's range of 8.1758 to 13289.66 Hz.
 *
 * @example
 * ```ts
 * import { equalDivision, mtsFrequencies, Tuning } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const wide = mtsFrequencies(new Tuning(equalDivision(5)));
 * assertEquals([wide[20], wide[127]], [undefined, undefined]);
 * assertEquals(wide.length, 128);
 * ```
 */
export function mtsFrequencies(tuning: Tuning): (number | undefined)[] {
  return Array.from({ length: KEYS }, (_, key) => {
    if (!tuning.isMapped(key)) return undefined;
    const frequency = tuning.frequency(key);
    return frequencyWord(frequency) === undefined ? undefined : frequency;
  });
}

/**
 * The offsets in cents of C to B from twelve equal steps, for a scale/octave message.
 *
 * @throws {RangeError} If the tuning does not repeat an octave higher every twelve keys, or one of
 * the twelve keys does not sound.
 *
 * @example
 * ```ts
 * import { meantone, mtsOffsets, Tuning } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const offsets = mtsOffsets(new Tuning(meantone("1/4"))).map(Math.round);
 * assertEquals(offsets, [0, -24, -7, 10, -14, 3, -21, -3, -27, -10, 7, -17]);
 * ```
 */
export function mtsOffsets(tuning: Tuning): number[] {
  return Array.from({ length: 12 }, (_, note) => {
    const key = 60 + note;
    const octave = tuning.boundedFrequency(key + 12) / tuning.boundedFrequency(key);
    if (!tuning.isMapped(key) || Math.abs(octave / 2 - 1) > 1e-9) {
      throw new RangeError(
        `Cannot give octave offsets: every key must sound and be an octave below the key 12 above ` +
          `it, key ${key} is not`,
      );
    }
    return 1200 * Math.log2(tuning.frequency(key) / standardFrequency(key));
  });
}
