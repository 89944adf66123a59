/** Intervals as a scale holds them: a ratio, cents, or steps of an equal division; never rounded. @module */
import { log2OfRatio, type Ratio, ratio, ratioToNumber } from "./ratio.ts";

/** The period of most scales. */
export const OCTAVE: Ratio = ratio(2, 1);

/**
 * An interval in cents, 1200 to an octave. Made by {@linkcode cents}.
 *
 * @example
 * ```ts
 * import { type Cents, cents } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const half: Cents = cents(350);
 * assertEquals(half, { kind: "cents", cents: 350 });
 * ```
 */
export interface Cents {
  /** Tells the forms of an interval apart. */
  readonly kind: "cents";
  /** May be negative. */
  readonly cents: number;
}

/**
 * `steps` of `divisions` equal steps that fill `period`: the interval `period ^ (steps / divisions)`.
 * Made by {@linkcode steps}. Any root of a ratio is one: a quarter-comma fifth is `1\4<5/1>`.
 *
 * @example
 * ```ts
 * import { centsOf, ratio, type Steps, steps } from "@aether/dsp/tuning";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const fifth: Steps = steps(1, 4, ratio(5));
 * assertAlmostEquals(centsOf(fifth), 696.578428, 1e-6);
 * ```
 */
export interface Steps {
  /** Tells the forms of an interval apart. */
  readonly kind: "steps";
  /** A whole number, may be negative. */
  readonly steps: number;
  /** A whole number, at least 1. */
  readonly divisions: number;
  /** What the divisions fill. */
  readonly period: Ratio;
}

/**
 * The distance between two pitches, in the form in which it was written.
 *
 * @example The three forms
 * ```ts
 * import { type Interval, interval } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const forms: Interval[] = ["3/2", "701.955", "7\\12"].map(interval);
 * assertEquals(forms.map((i) => i.kind), ["ratio", "cents", "steps"]);
 * ```
 */
export type Interval = Ratio | Cents | Steps;

/**
 * An interval of so many cents.
 *
 * @throws {RangeError} If the number is not finite.
 *
 * @example
 * ```ts
 * import { cents, ratioOf } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ratioOf(cents(-1200)), 0.5);
 * ```
 */
export function cents(value: number): Cents {
  if (!Number.isFinite(value)) {
    throw new RangeError(
      `Cannot make an interval: cents must be a finite number, current value is ${value}`,
    );
  }
  return { kind: "cents", cents: value + 0 }; // -0 becomes 0
}

/**
 * `count` of `divisions` equal steps that fill `period`.
 *
 * @param count A whole number.
 * @param divisions A whole number, at least 1.
 * @param period Default 2/1.
 * @throws {RangeError} If `count` or `divisions` is not such a number.
 *
 * @example A step of the Bohlen-Pierce scale
 * ```ts
 * import { centsOf, ratio, steps } from "@aether/dsp/tuning";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(centsOf(steps(1, 13, ratio(3))), 146.304231, 1e-6);
 * ```
 */
export function steps(count: number, divisions: number, period: Ratio = OCTAVE): Steps {
  if (!Number.isSafeInteger(count)) {
    throw new RangeError(
      `Cannot make an interval: steps must be a whole number, current value is ${count}`,
    );
  }
  if (!Number.isSafeInteger(divisions) || divisions < 1) {
    throw new RangeError(
      `Cannot make an interval: divisions must be a whole number of at least 1, ` +
        `current value is ${divisions}`,
    );
  }
  return { kind: "steps", steps: count + 0, divisions, period };
}

/**
 * The size of an interval in cents.
 *
 * @example The Pythagorean comma
 * ```ts
 * import { centsOf, interval } from "@aether/dsp/tuning";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(centsOf(interval("531441/524288")), 23.460010, 1e-6);
 * ```
 */
export function centsOf(interval: Interval): number {
  switch (interval.kind) {
    case "cents":
      return interval.cents;
    case "ratio":
      return 1200 * log2OfRatio(interval);
    case "steps":
      return 1200 * log2OfRatio(interval.period) * interval.steps / interval.divisions;
  }
}

/**
 * The size of an interval as a frequency ratio, to about 1e-15.
 *
 * @example
 * ```ts
 * import { interval, ratioOf } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ratioOf(interval("5/4")), 1.25);
 * assertEquals(ratioOf(interval("12\\12")), 2);
 * ```
 */
export function ratioOf(interval: Interval): number {
  switch (interval.kind) {
    case "cents":
      return 2 ** (interval.cents / 1200);
    case "ratio":
      return ratioToNumber(interval);
    case "steps": {
      const share = interval.steps / interval.divisions;
      const period = ratioToNumber(interval.period);
      const isDouble = period >= 2 ** -1022 && period < Infinity;
      return isDouble ? period ** share : 2 ** (share * log2OfRatio(interval.period));
    }
  }
}
