/**
 * Tunings: scales, keyboard mappings, and what they make together.
 *
 * A `Scale` holds exact intervals and no frequency. A `KeyboardMapping` says which key plays which
 * degree and what one key's frequency is. A `Tuning` is both together, in hertz. Nothing here touches
 * files, audio or the platform; texts and bytes go in and out.
 *
 * @example A Scala file on a keyboard, as a table that nodes read
 * ```ts
 * import { KeyboardMapping, parseScl, Tuning, tuningValues } from "@aether/dsp/tuning";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const scale = parseScl("Pure fifths\n 5\n 9/8\n 4/3\n 3/2\n 16/9\n 2/1\n");
 * const mapping = new KeyboardMapping({ referenceKey: 60, referenceFrequency: 264 });
 * const tuning = new Tuning(scale, mapping);
 * assertAlmostEquals(tuning.frequency(63), 396, 1e-9);
 * assertAlmostEquals(tuningValues(tuning)[65], 528, 1e-4);
 * ```
 *
 * @module
 */

// Intervals
export { type Ratio, ratio } from "./ratio.ts";
export {
  type Cents,
  cents,
  centsOf,
  type Interval,
  ratioOf,
  type Steps,
  steps,
} from "./interval.ts";
export { formatInterval, interval } from "./interval_text.ts";
export { invert, stack } from "./interval_math.ts";

// Scales
export { mode, Scale, type ScaleNotes } from "./scale.ts";
export { equalDivision, harmonicSegment } from "./divisions.ts";
export { type FifthsOptions, meantone, pythagorean } from "./fifths.ts";

// Keyboards and tunings
export {
  KeyboardMapping,
  type KeyboardMappingOptions,
  standardFrequency,
} from "./keyboard_mapping.ts";
export { type LayoutOptions, nearestKeys, whiteKeys } from "./layouts.ts";
export { type NearestKey, Tuning } from "./tuning.ts";

// Names
export { findScale, type NamedTuningOptions, SCALES, tuningByName } from "./catalogue.ts";
export type { ScaleEntry } from "./tables/entry.ts";

// Scala files
export { formatScl, parseScl } from "./scl.ts";
export { formatKbm, parseKbm } from "./kbm.ts";
export { ScalaFileError } from "./scala_text.ts";
export { tuningFromTexts, type TuningTexts, tuningTexts } from "./texts.ts";

// Tables for nodes
export { type QuantiserTable, toQuantiserTable, toTable } from "./table.ts";
export { retune, TUNING_VALUES, tuningValues } from "./engine_table.ts";

// MIDI Tuning Standard
export type {
  MtsAddress,
  MtsBulkDump,
  MtsDumpRequest,
  MtsLocation,
  MtsMessage,
  MtsNoteChange,
  MtsScaleOctave,
  MtsScaleOctaveDump,
} from "./midi/mts_message.ts";
export { encodeMts } from "./midi/mts_encode.ts";
export { decodeMts, type DecodeMtsOptions, MtsError } from "./midi/mts_decode.ts";
export { mtsFrequencies, mtsOffsets } from "./midi/mts_values.ts";
