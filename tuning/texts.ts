/** Tunings as the text of Scala files, the form in which snapshots keep them. @module */
import { formatKbm, parseKbm } from "./kbm.ts";
import { formatScl, parseScl } from "./scl.ts";
import { Tuning } from "./tuning.ts";

/** A tuning as Scala files write it. */
export interface TuningTexts {
  /** Text of the scale (.scl). */
  scl: string;
  /** Text of the keyboard mapping (.kbm). Without it: a degree a key, degree 0 on C4 = 261.63 Hz. */
  kbm?: string;
}

/**
 * A tuning as text, to be kept in a snapshot.
 *
 * @example
 * ```ts
 * import { tuningByName, tuningFromTexts, tuningTexts } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const rast = tuningByName("rast", { keys: "white" });
 * const again = tuningFromTexts(tuningTexts(rast));
 * assertEquals(again.frequency(64), rast.frequency(64));
 * ```
 */
export function tuningTexts({ scale, mapping }: Tuning): TuningTexts {
  return { scl: formatScl(scale), kbm: formatKbm(mapping) };
}

/**
 * The tuning that texts describe, e.g. those of a snapshot.
 *
 * @throws {ScalaFileError} With the line that is wrong.
 * @throws {RangeError} If scale and mapping do not fit each other.
 */
export function tuningFromTexts({ scl, kbm }: TuningTexts): Tuning {
  return new Tuning(parseScl(scl), kbm === undefined ? undefined : parseKbm(kbm));
}
