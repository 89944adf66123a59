/**
 * A tuning as the values of a table in an engine, which nodes read: `keyToFrequency` and
 * `tuningQuantizer` of `@aether/dsp/nodes`.
 *
 * ```text
 *   0..127    HZ       frequency of each key in Hz, never 0
 *   128       PERIOD   octaves after which the pitches repeat, 0 if they do not
 *   129       ROOT     frequency in Hz of degree 0, in the reference key's period
 *   130..386  PITCH    octaves above ROOT, ascending from 0; after the last, PERIOD (the last again,
 *                      if they do not repeat)
 * ```
 *
 * @module
 */
import { KEYS } from "./keyboard_mapping.ts";
import { toQuantiserTable, toTable } from "./table.ts";
import type { Tuning } from "./tuning.ts";

/** Pitches in one period that a table has room for. */
const MAX_PITCHES = 256;
/** What an f32 can hold. */
const MAX_HZ = 3.4e38;

/**
 * Places in the values that {@linkcode tuningValues} makes.
 *
 * @example
 * ```ts
 * import { equalDivision, Tuning, TUNING_VALUES, tuningValues } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const values = tuningValues(new Tuning(equalDivision(12)));
 * assertEquals([values[TUNING_VALUES.HZ + 69], values[TUNING_VALUES.PERIOD]], [440, 1]);
 * ```
 */
export const TUNING_VALUES = {
  HZ: 0,
  PERIOD: KEYS,
  ROOT: KEYS + 1,
  PITCH: KEYS + 2,
  LENGTH: KEYS + 2 + MAX_PITCHES + 1,
} as const;

/**
 * A tuning as values for `engine.table`. Frequencies are f32: within 0.0001 cent.
 *
 * @example Retune what sounds: all keys on one frame, or some of them at once
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { keyToFrequency, sine } from "@aether/dsp/nodes";
 * import { retune, tuningByName, tuningValues } from "@aether/dsp/tuning";
 *
 * const engine = new Engine();
 * const equal = engine.table(tuningValues(tuningByName("12-edo")));
 * const key = engine.add(keyToFrequency, { key: 64 }, { tables: { tuning: equal } });
 * const voice = engine.add(sine, { frequency: 0.001 });
 * key.connect(voice.params.frequency);
 * voice.connect(engine.output);
 *
 * const pure = engine.table(tuningValues(tuningByName("pythagorean")));
 * engine.edit(() => key.tables.tuning.set(pure), { at: engine.frames(1) });
 * retune(pure.channels[0], [{ key: 64, frequency: 330 }]);
 * ```
 *
 * @throws {RangeError} If the scale has more than 256 different pitches.
 */
export function tuningValues(tuning: Tuning): Float32Array {
  const { period, pitches } = toQuantiserTable(tuning.scale);
  if (pitches.length > MAX_PITCHES) {
    throw new RangeError(
      `Cannot use scale "${tuning.scale.description}": it may have at most ` +
        `${MAX_PITCHES} pitches in a period, current number is ${pitches.length}`,
    );
  }
  const values = new Float32Array(TUNING_VALUES.LENGTH);
  values.set(toTable(tuning), TUNING_VALUES.HZ);
  values[TUNING_VALUES.PERIOD] = period;
  values[TUNING_VALUES.ROOT] = rootFrequency(tuning);
  values.fill(period > 0 ? period : pitches[pitches.length - 1], TUNING_VALUES.PITCH);
  values.set(pitches, TUNING_VALUES.PITCH);
  return values;
}

/**
 * Changes the frequencies of some keys, as note changes of the MIDI Tuning Standard ask for; what
 * sounds follows in the next block. The pitches of a quantiser stay as they are.
 *
 * @thread control
 * @param values Made by {@linkcode tuningValues}, such as channel 0 of a table in an engine.
 * @param changes Keys in [0, 127] and frequencies in Hz; without a frequency a key stays as it is.
 * @throws {RangeError} If a key is none or a frequency not positive; then nothing has changed.
 *
 * @example The frequencies of a bulk dump
 * ```ts
 * import { decodeMts, encodeMts, retune, tuningByName, tuningValues } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const frequencies = Array(128).fill(undefined).with(69, 432);
 * const dump = decodeMts(encodeMts({ type: "bulk-dump", program: 0, name: "low", frequencies }));
 * const values = tuningValues(tuningByName("12-edo"));
 * if (dump.type === "bulk-dump") {
 *   retune(values, dump.frequencies.map((frequency, key) => ({ key, frequency })));
 * }
 * assertEquals([Math.round(values[69]), Math.round(values[81])], [432, 880]);
 * ```
 */
export function retune(
  values: Float32Array,
  changes: readonly { readonly key: number; readonly frequency?: number }[],
): void {
  for (const { key, frequency } of changes) {
    const isKey = Number.isInteger(key) && key >= 0 && key < KEYS;
    if (isKey && (frequency === undefined || (frequency > 0 && frequency <= MAX_HZ))) continue;
    throw new RangeError(
      `Cannot retune key ${key} to ${frequency} Hz: key must be in [0, ${KEYS - 1}] and the ` +
        `frequency positive`,
    );
  }
  for (const { key, frequency } of changes) {
    if (frequency !== undefined) values[TUNING_VALUES.HZ + key] = frequency;
  }
}

/** Degree 0 need not be on a key, so it is found from the reference key. */
function rootFrequency({ scale, mapping }: Tuning): number {
  const reference = mapping.degree(mapping.referenceKey, scale.size)!;
  const inPeriod = reference - scale.size * Math.floor(reference / scale.size);
  return mapping.referenceFrequency / scale.ratio(inPeriod);
}
