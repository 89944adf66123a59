/** Scales made by a rule: equal divisions of any period, and segments of the harmonic series. @module */
import { cents, centsOf, type Interval, OCTAVE, steps } from "./interval.ts";
import { formatInterval, interval } from "./interval_text.ts";
import { ratio } from "./ratio.ts";
import { Scale } from "./scale.ts";

const MAX_DIVISIONS = 65_536;

/**
 * A scale of `divisions` equal steps.
 *
 * Of a ratio, its degrees are exact steps (`7\12`) and the last one is the ratio; of another
 * interval, they are cents.
 *
 * @param divisions A whole number in [1, 65536].
 * @param period Default 2/1.
 * @throws {RangeError} If `divisions` is not such a number.
 *
 * @example Twelve to the octave, and the Bohlen-Pierce scale
 * ```ts
 * import { equalDivision, Tuning } from "@aether/dsp/tuning";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * assertAlmostEquals(new Tuning(equalDivision(12)).frequency(69), 440, 1e-9);
 * assertEquals(equalDivision(13, "3/1").ratio(13), 3);
 * ```
 */
export function equalDivision(divisions: number, period: Interval | string = OCTAVE): Scale {
  if (!Number.isInteger(divisions) || divisions < 1 || divisions > MAX_DIVISIONS) {
    throw new RangeError(
      `Cannot divide a period: divisions must be a whole number in [1, ${MAX_DIVISIONS}], ` +
        `current value is ${divisions}`,
    );
  }
  const whole = typeof period === "string" ? interval(period) : period;
  const degree = (i: number): Interval => {
    if (i === divisions) return whole;
    if (whole.kind === "ratio") return steps(i, divisions, whole);
    return cents(centsOf(whole) * i / divisions);
  };
  return new Scale(
    `${divisions} equal divisions of ${formatInterval(whole)}`,
    Array.from({ length: divisions }, (_, i) => degree(i + 1)),
  );
}

/**
 * A segment of the harmonic series: harmonics `first + 1` to `last` above harmonic `first`.
 *
 * @throws {RangeError} If they are not whole numbers with 1 <= first < last <= 65536.
 *
 * @example The octave from the eighth harmonic
 * ```ts
 * import { formatInterval, harmonicSegment } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const intervals = harmonicSegment(8, 16).intervals.map(formatInterval);
 * assertEquals(intervals, ["9/8", "10/8", "11/8", "12/8", "13/8", "14/8", "15/8", "16/8"]);
 * ```
 */
export function harmonicSegment(first: number, last: number): Scale {
  const whole = Number.isInteger(first) && Number.isInteger(last);
  if (!whole || first < 1 || last <= first || last > MAX_DIVISIONS) {
    throw new RangeError(
      `Cannot make a harmonic segment: harmonics must be whole numbers with ` +
        `1 <= first < last <= ${MAX_DIVISIONS}, current values are ${first} and ${last}`,
    );
  }
  return new Scale(
    `Harmonics ${first} to ${last}`,
    Array.from({ length: last - first }, (_, i) => ratio(first + i + 1, first)),
  );
}
