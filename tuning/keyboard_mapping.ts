/** A keyboard mapping: which key plays which degree, and what one key's frequency is. @module */

/** Keys of a MIDI keyboard. */
export const KEYS = 128;

/**
 * The frequency of a key in twelve equal steps with A4 (key 69) at 440 Hz.
 *
 * @example
 * ```ts
 * import { standardFrequency } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(standardFrequency(69), 440);
 * assertEquals(standardFrequency(57), 220);
 * ```
 */
export function standardFrequency(key: number): number {
  return 440 * 2 ** ((key - 69) / 12);
}

/**
 * What a `KeyboardMapping` is made of; everything has a default.
 *
 * @example Tune to A4 = 442 Hz
 * ```ts
 * import { KeyboardMapping, type KeyboardMappingOptions } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const pitch: KeyboardMappingOptions = { referenceKey: 69, referenceFrequency: 442 };
 * assertEquals(new KeyboardMapping(pitch).middleKey, 60);
 * ```
 */
export interface KeyboardMappingOptions {
  /**
   * The degree of each key of the repeating pattern, from `middleKey` upwards; `undefined` for a key
   * that does not sound. Default empty: a linear mapping, one key a degree.
   */
  readonly degrees?: readonly (number | undefined)[];
  /** The key on which the pattern starts. Default 60 (C4). */
  readonly middleKey?: number;
  /** The key whose frequency is given. Default: `middleKey`. */
  readonly referenceKey?: number;
  /** Its frequency in Hz. Default: that of `standardFrequency`. */
  readonly referenceFrequency?: number;
  /**
   * Degrees by which the pattern rises each time it repeats ("formal octave"). Default 0: the size
   * of the scale. A linear mapping does not use it.
   */
  readonly formalOctave?: number;
  /** The first MIDI key that this mapping tunes; keys outside do not sound. Default 0. */
  readonly firstKey?: number;
  /** The last one. Default 127. */
  readonly lastKey?: number;
}

/**
 * Which degree of a scale each key plays, after Scala's `.kbm`.
 *
 * The pattern `degrees` lies at `middleKey` and repeats up and down the keyboard, each time
 * `formalOctave` degrees higher or lower. It may be longer or shorter than the scale: degrees beyond
 * the scale's size go on into the next period.
 *
 * @example The white keys play a scale of seven degrees
 * ```ts
 * import { KeyboardMapping } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const x = undefined;
 * const white = new KeyboardMapping({ degrees: [0, x, 1, x, 2, 3, x, 4, x, 5, x, 6] });
 * assertEquals([60, 61, 62, 72, 59].map((key) => white.degree(key, 7)), [0, x, 1, 7, -1]);
 * ```
 */
export class KeyboardMapping {
  /** The degree of each key of the pattern; empty for a linear mapping. */
  readonly degrees: readonly (number | undefined)[];
  /** The key on which the pattern starts. */
  readonly middleKey: number;
  /** The key whose frequency is given. */
  readonly referenceKey: number;
  /** Its frequency in Hz. */
  readonly referenceFrequency: number;
  /** Degrees by which the pattern rises each time; 0 for the size of the scale. */
  readonly formalOctave: number;
  /** The first MIDI key that sounds. */
  readonly firstKey: number;
  /** The last MIDI key that sounds. */
  readonly lastKey: number;

  /**
   * Makes a mapping.
   *
   * @throws {RangeError} If a key, a degree or the frequency is out of range.
   */
  constructor({
    degrees = [],
    middleKey = 60,
    referenceKey = middleKey,
    referenceFrequency = standardFrequency(referenceKey),
    formalOctave = 0,
    firstKey = 0,
    lastKey = KEYS - 1,
  }: KeyboardMappingOptions = {}) {
    this.degrees = [...degrees];
    for (const degree of this.degrees) if (degree !== undefined) whole("degree", degree);
    this.middleKey = whole("middle key", middleKey);
    this.referenceKey = whole("reference key", referenceKey);
    this.formalOctave = whole("formal octave", formalOctave, 0);
    this.firstKey = whole("first key", firstKey, 0, KEYS - 1);
    this.lastKey = whole("last key", lastKey, firstKey, KEYS - 1);
    if (!(referenceFrequency > 0 && referenceFrequency < Infinity)) {
      throw new RangeError(
        `Cannot map keys: reference frequency must be a positive number of Hz, ` +
          `current value is ${referenceFrequency}`,
      );
    }
    this.referenceFrequency = referenceFrequency;
  }

  /** Keys after which the pattern repeats; 0 for a linear mapping. */
  get size(): number {
    return this.degrees.length;
  }

  /** True for a key that this mapping tunes: whole, from `firstKey` to `lastKey`, with a degree. */
  isMapped(key: number): boolean {
    return Number.isInteger(key) && key >= this.firstKey && key <= this.lastKey &&
      this.degree(key, 1) !== undefined;
  }

  /**
   * The degree that a key plays, or `undefined` if it has none. The pattern also goes on beyond
   * `firstKey` and `lastKey`, where bent notes may reach.
   *
   * @param key A whole number; other numbers have no degree.
   * @param scaleSize Degrees in one period of the scale, for a formal octave of 0.
   */
  degree(key: number, scaleSize: number): number | undefined {
    if (!Number.isInteger(key)) return undefined;
    const distance = key - this.middleKey;
    if (this.size === 0) return distance;
    const turns = Math.floor(distance / this.size);
    const degree = this.degrees[distance - turns * this.size];
    return degree === undefined ? undefined : degree + turns * (this.formalOctave || scaleSize);
  }
}

const LIMIT = 2 ** 31 - 1;

function whole(what: string, value: number, min = -LIMIT, max = LIMIT): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(
    `Cannot map keys: ${what} must be a whole number in [${min}, ${max}], current value is ${value}`,
  );
}
