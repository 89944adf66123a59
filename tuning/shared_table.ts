/**
 * The tuning in memory that control and audio threads share, so that notes retune while they sound.
 *
 * ```text
 *   word  0        BANK     u32  the live bank, 0 or 1
 *         1        EPOCH    u32  how often a tuning was published, wraps at 2^32
 *         2..3     -             reserved
 *         4..387   bank 0
 *       388..771   bank 1
 *
 *   in a bank  0..127  HZ        f32  frequency of each key in Hz, not 0 once published
 *            128..131  MAPPED    u32  bit k & 31 of word k >> 5: key k sounds
 *            132       PERIOD    f32  octaves after which the pitches repeat, 0 if they do not
 *            133       PITCHES   u32  number of pitches in one period
 *            134       ROOT      f32  frequency in Hz of degree 0, in the reference key's period
 *            135       -              reserved
 *            136..383  PITCH     f32  octaves above ROOT, ascending from 0
 * ```
 *
 * Words are 32 bits, in the machine's order. Only control writes. It fills the bank that is not live
 * and then stores BANK, so audio, which loads BANK once a block, sees whole tunings as long as control
 * publishes at most once a block; a faster control can at worst mix keys of two tunings in one block.
 *
 * @module
 */
import { KEYS } from "./keyboard_mapping.ts";
import { toQuantiserTable, toTable } from "./table.ts";
import type { Tuning } from "./tuning.ts";

/**
 * Word offsets in the shared table; those below `BANKS` from its start, the others within a bank.
 *
 * @example Where key 69 of the live bank is
 * ```ts
 * import { equalDivision, SharedTuningTable, Tuning, TUNING_TABLE } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const table = new SharedTuningTable();
 * table.publish(new Tuning(equalDivision(12)));
 * const words = new Uint32Array(table.buffer);
 * const bank = TUNING_TABLE.BANKS + words[TUNING_TABLE.BANK] * TUNING_TABLE.BANK_WORDS;
 * assertEquals(new Float32Array(table.buffer)[bank + TUNING_TABLE.HZ + 69], 440);
 * ```
 */
export const TUNING_TABLE = {
  BANK: 0,
  EPOCH: 1,
  BANKS: 4,
  BANK_WORDS: 384,
  HZ: 0,
  MAPPED: 128,
  PERIOD: 132,
  PITCHES: 133,
  ROOT: 134,
  PITCH: 136,
  /** Pitches that a bank has room for. */
  MAX_PITCHES: 248,
  /** Bytes of the whole table. */
  BYTES: (4 + 2 * 384) * 4,
} as const;

/**
 * The writing side of the shared table.
 *
 * @example Retune while notes sound
 * ```ts
 * import { SharedTuningTable, tuningByName } from "@aether/dsp/tuning";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const table = new SharedTuningTable(tuningByName("12-edo"));
 * table.publish(tuningByName("pythagorean"));
 * table.retune(69, 432);
 * assertAlmostEquals(table.frequency(67) / table.frequency(60), 1.5, 1e-6);
 * assertAlmostEquals(table.frequency(69), 432, 1e-4);
 * ```
 */
export class SharedTuningTable {
  /** The memory the table lies in. */
  readonly buffer: ArrayBufferLike;
  /** Where in it the table begins. */
  readonly byteOffset: number;
  readonly #words: Uint32Array;
  readonly #floats: Float32Array;

  /**
   * Makes a table, or takes hold of one.
   *
   * @thread control
   * @param tuning Published at once. Without one the table keeps the contents of `buffer`.
   * @param buffer Default: a new one, shared where the platform can share.
   * @param byteOffset Where the table begins, a multiple of 4. Default 0.
   * @throws {RangeError} If the buffer has no room for the table there.
   */
  constructor(tuning?: Tuning, buffer: ArrayBufferLike = sharedBuffer(), byteOffset = 0) {
    this.buffer = buffer;
    this.byteOffset = byteOffset;
    this.#words = new Uint32Array(buffer, byteOffset, TUNING_TABLE.BYTES / 4);
    this.#floats = new Float32Array(buffer, byteOffset, TUNING_TABLE.BYTES / 4);
    if (tuning !== undefined) this.publish(tuning);
  }

  /**
   * Makes a tuning the live one, all keys at once.
   *
   * @thread control
   * @throws {RangeError} If its scale has more than 248 different pitches.
   */
  publish(tuning: Tuning): void {
    const { period, pitches } = toQuantiserTable(tuning.scale);
    if (pitches.length > TUNING_TABLE.MAX_PITCHES) {
      throw new RangeError(
        `Cannot publish scale "${tuning.scale.description}": it may have at most ` +
          `${TUNING_TABLE.MAX_PITCHES} pitches in a period, current number is ${pitches.length}`,
      );
    }
    const next = 1 - this.#words[TUNING_TABLE.BANK];
    const bank = bankAt(next);
    this.#floats.set(toTable(tuning), bank + TUNING_TABLE.HZ);
    this.#words.fill(0, bank + TUNING_TABLE.MAPPED, bank + TUNING_TABLE.PERIOD);
    for (let key = 0; key < KEYS; key++) if (tuning.isMapped(key)) this.#map(bank, key);
    this.#floats[bank + TUNING_TABLE.PERIOD] = period;
    this.#words[bank + TUNING_TABLE.PITCHES] = pitches.length;
    this.#floats[bank + TUNING_TABLE.ROOT] = rootFrequency(tuning);
    this.#floats.set(pitches, bank + TUNING_TABLE.PITCH);
    this.#swap(next);
  }

  /**
   * Changes the frequencies of some keys, all at once, and leaves the pitches of the quantiser: what
   * a MIDI bulk dump asks for. Keys that get a frequency sound from now on.
   *
   * @thread control
   * @param frequencies Hz of key 0 and up; `undefined` leaves a key as it is.
   * @throws {RangeError} If a frequency is not positive, or there are more than 128.
   */
  retuneAll(frequencies: readonly (number | undefined)[]): void {
    frequencies.forEach((hz, key) => hz === undefined || check(key, hz));
    const next = 1 - this.#words[TUNING_TABLE.BANK];
    const bank = bankAt(next);
    this.#words.copyWithin(bank, bankAt(1 - next), bankAt(1 - next) + TUNING_TABLE.BANK_WORDS);
    frequencies.forEach((hz, key) => hz === undefined || this.#tune(bank, key, hz));
    this.#swap(next);
  }

  /**
   * Changes the frequency of one key in the live bank; it sounds from now on.
   *
   * @thread control
   * @throws {RangeError} If the key is not in [0, 127] or the frequency is not positive.
   */
  retune(key: number, hz: number): void {
    check(key, hz);
    this.#tune(bankAt(this.#words[TUNING_TABLE.BANK]), key, hz);
    Atomics.add(this.#words, TUNING_TABLE.EPOCH, 1);
  }

  /** The frequency of a key in Hz, as audio sees it. */
  frequency(key: number): number {
    return this.#floats[bankAt(Atomics.load(this.#words, TUNING_TABLE.BANK)) + key];
  }

  #tune(bank: number, key: number, hz: number): void {
    this.#floats[bank + TUNING_TABLE.HZ + key] = hz;
    this.#map(bank, key);
  }

  #map(bank: number, key: number): void {
    this.#words[bank + TUNING_TABLE.MAPPED + (key >> 5)] |= 1 << (key & 31);
  }

  #swap(bank: number): void {
    Atomics.store(this.#words, TUNING_TABLE.BANK, bank);
    Atomics.add(this.#words, TUNING_TABLE.EPOCH, 1);
  }
}

function bankAt(bank: number): number {
  return TUNING_TABLE.BANKS + bank * TUNING_TABLE.BANK_WORDS;
}

/** @internal Degree 0 need not be on a key, so it is found from the reference key. */
export function rootFrequency({ scale, mapping }: Tuning): number {
  const reference = mapping.degree(mapping.referenceKey, scale.size)!;
  const inPeriod = reference - scale.size * Math.floor(reference / scale.size);
  return mapping.referenceFrequency / scale.ratio(inPeriod);
}

function check(key: number, hz: number): void {
  if (!(Number.isInteger(key) && key >= 0 && key < KEYS && hz > 0 && hz <= 3.4e38)) {
    throw new RangeError(
      `Cannot retune key ${key} to ${hz} Hz: key must be in [0, ${KEYS - 1}] and the frequency ` +
        `positive`,
    );
  }
}

function sharedBuffer(): ArrayBufferLike {
  return typeof SharedArrayBuffer === "undefined"
    ? new ArrayBuffer(TUNING_TABLE.BYTES)
    : new SharedArrayBuffer(TUNING_TABLE.BYTES);
}
