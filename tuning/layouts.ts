/** Keyboard mappings for scales that do not have twelve degrees. @module */
import { KeyboardMapping, type KeyboardMappingOptions } from "./keyboard_mapping.ts";
import type { Scale } from "./scale.ts";

/**
 * Where a layout lies and what it is tuned to.
 *
 * @example
 * ```ts
 * import { type LayoutOptions, whiteKeys } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const onD: LayoutOptions = { middleKey: 62 };
 * assertEquals(whiteKeys(onD).middleKey, 62);
 * ```
 */
export type LayoutOptions = Omit<KeyboardMappingOptions, "degrees" | "formalOctave">;

const x = undefined;

/**
 * Maps a scale of seven degrees to the white keys; the black keys do not sound.
 *
 * @example
 * ```ts
 * import { Tuning, tuningByName, whiteKeys } from "@aether/dsp/tuning";
 * import { assert, assertAlmostEquals } from "@std/assert";
 *
 * const rast = new Tuning(tuningByName("rast").scale, whiteKeys());
 * assert(!rast.isMapped(61));
 * assertAlmostEquals(1200 * Math.log2(rast.frequency(64) / rast.frequency(60)), 350, 1e-9); // E half-flat
 * ```
 */
export function whiteKeys(options: LayoutOptions = {}): KeyboardMapping {
  return new KeyboardMapping({ ...options, degrees: [0, x, 1, x, 2, 3, x, 4, x, 5, x, 6] });
}

/**
 * Maps each key to the nearest degree, so that music written for twelve keys to the octave sounds in
 * the scale at about its usual pitch. One period takes as many keys as it has semitones, rounded.
 *
 * @throws {RangeError} If the period is not upwards and at least half a semitone wide.
 *
 * @example A pentatonic scale under all twelve keys
 * ```ts
 * import { nearestKeys, Tuning, tuningByName } from "@aether/dsp/tuning";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { scale } = tuningByName("tizita-major");
 * const tuning = new Tuning(scale, nearestKeys(scale));
 * assertEquals([60, 61, 62, 63, 64].map((key) => tuning.degree(key)), [0, 0, 1, 1, 2]);
 * assertAlmostEquals(tuning.frequency(72), 2 * tuning.frequency(60), 1e-9);
 * ```
 */
export function nearestKeys(scale: Scale, options: LayoutOptions = {}): KeyboardMapping {
  const period = scale.cents(scale.size);
  const keys = Math.round(period / 100);
  if (scale.size === 0 || !(keys >= 1 && keys <= 1200)) {
    throw new RangeError(
      `Cannot map keys to the nearest degrees: period must be in [50, 120000] cents, ` +
        `current value is ${period}`,
    );
  }
  const pitches = Array.from({ length: scale.size + 1 }, (_, degree) => scale.cents(degree));
  const degrees = Array.from({ length: keys }, (_, key) => nearest(pitches, period * key / keys));
  return new KeyboardMapping({ ...options, degrees });
}

/** The index of the pitch nearest to `cents`, the lower index of two. */
function nearest(pitches: readonly number[], cents: number): number {
  let best = 0;
  pitches.forEach((pitch, i) => {
    // A nanocent decides no tie: it is the rounding of the pitches themselves.
    if (Math.abs(pitch - cents) < Math.abs(pitches[best] - cents) - 1e-9) best = i;
  });
  return best;
}
