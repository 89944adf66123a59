/** Named scales: a list, a search by name, and tunings made of them. @module */
import { equalDivision } from "./divisions.ts";
import { KeyboardMapping } from "./keyboard_mapping.ts";
import { type LayoutOptions, nearestKeys, whiteKeys } from "./layouts.ts";
import { nearestNames } from "./nearest_names.ts";
import type { Scale } from "./scale.ts";
import { ARABIC } from "./tables/arabic.ts";
import type { ScaleEntry } from "./tables/entry.ts";
import { ETHIOPIAN } from "./tables/ethiopian.ts";
import { GAMELAN } from "./tables/gamelan.ts";
import { INDIAN } from "./tables/indian.ts";
import { WESTERN } from "./tables/western.ts";
import { Tuning } from "./tuning.ts";

/**
 * All named scales, by family. Beside them, every name like `19-edo` or `13-ed3` is known.
 *
 * @example A list for a command line
 * ```ts
 * import { SCALES } from "@aether/dsp/tuning";
 * import { assert } from "@std/assert";
 *
 * const lines = SCALES.map(({ name, kind, about }) => `${name.padEnd(24)} ${kind}: ${about}`);
 * assert(lines.some((line) => line.startsWith("todi ")));
 * ```
 */
export const SCALES: readonly ScaleEntry[] = [
  ...WESTERN,
  ...ETHIOPIAN,
  ...ARABIC,
  ...INDIAN,
  ...GAMELAN,
];

/** `19-edo` divides the octave, `13-ed3` the ratio 3/1, `9-ed3/2` the fifth. */
const EQUAL_DIVISION = /^(\d{1,5})-ed(?:o|(\d{1,9}(?:\/\d{1,9})?))$/;

/**
 * The entry of a name or alias. Upper case, spaces and underscores do not matter.
 *
 * @throws {RangeError} If there is no such name; the message lists the nearest ones.
 *
 * @example
 * ```ts
 * import { findScale } from "@aether/dsp/tuning";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(findScale("Quarter-comma meantone").name, "quarter-comma-meantone");
 * assertThrows(() => findScale("tizita-mnor"), RangeError, "nearest names are tizita-minor");
 * ```
 */
export function findScale(name: string): ScaleEntry {
  const key = name.trim().toLowerCase().replace(/[\s_]+/g, "-");
  const found = SCALES.find((entry) => entry.name === key || entry.aliases?.includes(key));
  if (found !== undefined) return found;
  const [, divisions, period = "2/1"] = EQUAL_DIVISION.exec(key) ?? [];
  if (divisions !== undefined) {
    const scale = equalDivision(Number(divisions), period);
    return {
      name: key,
      family: "western",
      kind: "rule",
      about: scale.description,
      source: "Computed",
      scale: () => scale,
    };
  }
  const names = SCALES.flatMap((entry) => [entry.name, ...entry.aliases ?? []]);
  throw new RangeError(
    `Cannot find a scale: name must be in the catalogue or like "19-edo", ` +
      `nearest names are ${nearestNames(key, names).join(", ")}, current value is "${
        name.slice(0, 40)
      }"`,
  );
}

/**
 * How a named tuning lies on the keyboard.
 *
 * @example Keys as on a piano, tuned to A4 = 440 Hz
 * ```ts
 * import { type NamedTuningOptions, tuningByName } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const options: NamedTuningOptions = { keys: "nearest", referenceKey: 69 };
 * assertEquals(tuningByName("pythagorean", options).frequency(69), 440);
 * ```
 */
export interface NamedTuningOptions extends LayoutOptions {
  /**
   * `"linear"`: each key the next degree, as Scala does (default). `"nearest"`: each key the nearest
   * degree, for music written for twelve keys. `"white"`: seven degrees on the white keys.
   */
  readonly keys?: "linear" | "nearest" | "white";
}

/**
 * A tuning of a named scale. Degree 0 lies on C4 (key 60) at its usual 261.63 Hz if not said otherwise.
 *
 * @throws {RangeError} If there is no such name; the message lists the nearest ones.
 *
 * @example
 * ```ts
 * import { tuningByName } from "@aether/dsp/tuning";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const tuning = tuningByName("tizita-minor", { keys: "nearest" });
 * assertAlmostEquals(1200 * Math.log2(tuning.frequency(63) / tuning.frequency(60)), 300, 1e-9);
 * assertAlmostEquals(tuningByName("rast").scale.cents(2), 350, 1e-9);
 * ```
 */
export function tuningByName(name: string, options: NamedTuningOptions = {}): Tuning {
  const scale = findScale(name).scale();
  return new Tuning(scale, layout(scale, options));
}

function layout(
  scale: Scale,
  { keys = "linear", ...options }: NamedTuningOptions,
): KeyboardMapping {
  switch (keys) {
    case "linear":
      return new KeyboardMapping(options);
    case "nearest":
      return nearestKeys(scale, options);
    case "white":
      if (scale.size === 7) return whiteKeys(options);
      throw new RangeError(
        `Cannot map scale "${scale.description}" to the white keys: it must have 7 degrees, ` +
          `current number is ${scale.size}`,
      );
  }
}
