/** A tuning: a scale on a keyboard, in hertz. @module */
import { ratioOf } from "./interval.ts";
import { KeyboardMapping, KEYS } from "./keyboard_mapping.ts";
import type { Scale } from "./scale.ts";

/**
 * The key that lies nearest to a frequency. Found by `Tuning.nearest`.
 *
 * @example
 * ```ts
 * import { equalDivision, type NearestKey, Tuning } from "@aether/dsp/tuning";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const found: NearestKey = new Tuning(equalDivision(12)).nearest(442);
 * assertEquals(found.key, 69);
 * assertAlmostEquals(found.cents, 7.851, 1e-3);
 * ```
 */
export interface NearestKey {
  /** In [0, 127]. */
  readonly key: number;
  /** By how much the frequency is above the key's, in cents; negative if below. */
  readonly cents: number;
  /** The key's own frequency in Hz. */
  readonly frequency: number;
}

/** Frequencies that a 32-bit float holds in full precision. */
const MIN_FREQUENCY = 2 ** -126;
const MAX_FREQUENCY = 3.4e38;

/**
 * A scale under a keyboard mapping: from key to frequency and back.
 *
 * Frequencies are computed from the exact intervals, with an error of about 1e-15; the reference key
 * has its frequency exactly.
 *
 * @example Quarter-comma meantone on C, with A4 = 415 Hz
 * ```ts
 * import { KeyboardMapping, meantone, Tuning } from "@aether/dsp/tuning";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const baroque = new KeyboardMapping({ referenceKey: 69, referenceFrequency: 415 });
 * const tuning = new Tuning(meantone("1/4"), baroque);
 * assertEquals(tuning.frequency(69), 415);
 * assertAlmostEquals(tuning.frequency(64) / tuning.frequency(60), 1.25, 1e-12); // a pure third
 * ```
 */
export class Tuning {
  /** The exact intervals. */
  readonly scale: Scale;
  /** Which key plays which of them, and the pitch. */
  readonly mapping: KeyboardMapping;
  /** Frequency of each degree of one period as a multiple of the reference key's degree. */
  readonly #factors: readonly number[];
  readonly #period: number;
  /** Periods that the reference key's degree lies above the first. */
  readonly #referencePeriods: number;

  /**
   * Makes a tuning.
   *
   * @param mapping Default: one key a degree, degree 0 on C4 = 261.63 Hz.
   * @throws {RangeError} If the scale has no degrees, the reference key is not mapped, or a key's
   * frequency does not fit a 32-bit float.
   */
  constructor(scale: Scale, mapping: KeyboardMapping = new KeyboardMapping()) {
    this.scale = scale;
    this.mapping = mapping;
    if (scale.size === 0) {
      throw new RangeError(
        `Cannot tune to scale "${scale.description}": it must have at least 1 degree, ` +
          `current number is 0`,
      );
    }
    const reference = mapping.degree(mapping.referenceKey, scale.size);
    if (reference === undefined) {
      throw new RangeError(
        `Cannot tune key ${mapping.referenceKey} to ${mapping.referenceFrequency} Hz: ` +
          `the reference key must be mapped to a degree, currently it is unmapped`,
      );
    }
    const ratios = [1, ...scale.intervals.slice(0, -1).map(ratioOf)];
    this.#period = ratioOf(scale.period);
    this.#referencePeriods = Math.floor(reference / scale.size);
    const base = ratios[reference - this.#referencePeriods * scale.size];
    this.#factors = ratios.map((r) => r / base);
    for (let key = 0; key < KEYS; key++) if (this.isMapped(key)) this.frequency(key);
  }

  /** True for a key that sounds: from 0 to 127, in the mapping's range, with a degree. */
  isMapped(key: number): boolean {
    return this.mapping.isMapped(key);
  }

  /** The degree a key plays, counted on through the periods, or `undefined` for a key without. */
  degree(key: number): number | undefined {
    return this.mapping.degree(key, this.scale.size);
  }

  /**
   * The frequency in Hz at a note number, also between keys, for bends and glides.
   *
   * Between two keys the pitch moves evenly in cents. Keys without a degree are passed over in the
   * same way, so every note number has a frequency; ask `isMapped` whether a key should sound.
   * Note numbers below the first key and above the last follow the same pattern.
   *
   * @throws {RangeError} If the note number or its frequency is not in the range of 32-bit floats.
   *
   * @example Half way from C to E flat, in steps of three
   * ```ts
   * import { equalDivision, Tuning } from "@aether/dsp/tuning";
   * import { assertAlmostEquals } from "@std/assert";
   *
   * const tuning = new Tuning(equalDivision(4));
   * assertAlmostEquals(tuning.frequency(60.5), tuning.frequency(60) * 2 ** (1 / 8), 1e-9);
   * ```
   */
  frequency(note: number): number {
    if (!(Math.abs(note) < 2 ** 31)) {
      throw new RangeError(
        `Cannot give a frequency: note number must be in (-2^31, 2^31), current value is ${note}`,
      );
    }
    return this.#between(note, (key) => {
      const frequency = this.#keyFrequency(key);
      if (frequency >= MIN_FREQUENCY && frequency <= MAX_FREQUENCY) return frequency;
      throw new RangeError(
        `Cannot tune key ${key} to degree ${this.degree(key)}: frequency must be in ` +
          `[${MIN_FREQUENCY}, ${MAX_FREQUENCY}] Hz, current value is ${frequency}; map fewer keys`,
      );
    });
  }

  /** @internal As `frequency`, but ends where 32-bit floats end, for keys that do not sound. */
  boundedFrequency(key: number): number {
    return this.#between(key, (key) => {
      const frequency = this.#keyFrequency(key);
      return frequency > MIN_FREQUENCY ? Math.min(frequency, MAX_FREQUENCY) : MIN_FREQUENCY;
    });
  }

  #between(note: number, keyFrequency: (key: number) => number): number {
    let below = Math.floor(note);
    let above = Math.ceil(note);
    while (this.degree(below) === undefined) below--; // ends within one pattern
    while (this.degree(above) === undefined) above++;
    const low = keyFrequency(below);
    if (below === above) return low;
    const high = keyFrequency(above);
    return low * (high / low) ** ((note - below) / (above - below));
  }

  #keyFrequency(key: number): number {
    const degree = this.degree(key)!;
    const periods = Math.floor(degree / this.scale.size);
    const factor = this.#factors[degree - periods * this.scale.size];
    const power = this.#period ** (periods - this.#referencePeriods);
    return this.mapping.referenceFrequency * factor * power;
  }

  /**
   * The mapped key nearest in pitch to a frequency, the lower key of two.
   *
   * @throws {RangeError} If the frequency is not positive, or no key is mapped.
   */
  nearest(frequency: number): NearestKey {
    if (!(frequency > 0 && frequency < Infinity)) {
      throw new RangeError(
        `Cannot find the nearest key: frequency must be a positive number of Hz, ` +
          `current value is ${frequency}`,
      );
    }
    let best: NearestKey | undefined;
    for (let key = 0; key < KEYS; key++) {
      if (!this.isMapped(key)) continue;
      const own = this.frequency(key);
      const cents = 1200 * Math.log2(frequency / own);
      if (best === undefined || Math.abs(cents) < Math.abs(best.cents)) {
        best = { key, cents, frequency: own };
      }
    }
    if (best !== undefined) return best;
    throw new RangeError("Cannot find the nearest key: the mapping must map at least 1 key");
  }
}
