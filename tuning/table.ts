/** A tuning as plain tables, for nodes and other programs. @module */
import { centsOf } from "./interval.ts";
import { KEYS } from "./keyboard_mapping.ts";
import type { Scale } from "./scale.ts";
import type { Tuning } from "./tuning.ts";

/**
 * The frequency in Hz of all 128 keys, as 32-bit floats (an error below 0.0001 cents).
 *
 * A key that does not sound has the frequency that a glide passes there, never 0, so that a node may
 * divide by it; `isMapped` tells which keys sound. Where no 32-bit float holds that, it is the smallest or
 * largest that does, 2^-126 or 3.4e38 Hz.
 *
 * @example
 * ```ts
 * import { equalDivision, toTable, Tuning } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toTable(new Tuning(equalDivision(12)))[69], 440);
 * ```
 */
export function toTable(tuning: Tuning): Float32Array {
  return Float32Array.from({ length: KEYS }, (_, key) => tuning.boundedFrequency(key));
}

/**
 * The pitches of one period for a quantiser, in octaves. Made by {@linkcode toQuantiserTable}.
 *
 * @example
 * ```ts
 * import { equalDivision, type QuantiserTable, toQuantiserTable } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const table: QuantiserTable = toQuantiserTable(equalDivision(4));
 * assertEquals([...table.pitches], [0, 0.25, 0.5, 0.75]);
 * ```
 */
export interface QuantiserTable {
  /** Octaves after which the pitches repeat, at least 0; 0 if they do not repeat. */
  readonly period: number;
  /** Octaves above degree 0, ascending, from 0 and below `period`; none twice. */
  readonly pitches: Float32Array;
}

/**
 * The pitches of a scale in octaves (log2 of the ratio), sorted and brought into one period.
 *
 * @example
 * ```ts
 * import { Scale, toQuantiserTable } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const table = toQuantiserTable(new Scale("Odd order", ["900.", "300.", "-600.", "2/1"]));
 * assertEquals([...table.pitches], [0, 0.25, 0.5, 0.75]);
 * assertEquals(table.period, 1);
 * ```
 */
export function toQuantiserTable(scale: Scale): QuantiserTable {
  const period = Math.abs(centsOf(scale.period)) / 1200;
  const inPeriod = (octaves: number) => octaves - period * Math.floor(octaves / period);
  const pitches = new Set<number>([0]);
  for (const interval of scale.intervals) {
    const octaves = centsOf(interval) / 1200;
    const pitch = Math.fround(period > 0 ? inPeriod(octaves) : octaves);
    if (!(period > 0) || pitch < Math.fround(period)) pitches.add(pitch);
  }
  return { period, pitches: Float32Array.from(pitches).sort() };
}
