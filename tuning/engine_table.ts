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
import { rootFrequency } from "./shared_table.ts";
import { toQuantiserTable, toTable } from "./table.ts";
import type { Tuning } from "./tuning.ts";

/** Pitches in one period that a table has room for. */
const MAX_PITCHES = 256;

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
 * @example Retune what sounds: at once on one frame, or key by key
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { keyToFrequency, sine } from "@aether/dsp/nodes";
 * import { tuningByName, tuningValues } from "@aether/dsp/tuning";
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
 * pure.channels[0][64] = 330;
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
