/** Adding and subtracting intervals, exactly wherever both are ratios or roots of ratios. @module */
import { cents, centsOf, type Interval, steps } from "./interval.ts";
import { multiplyRatios, powerOfRatio, type Ratio, ratio } from "./ratio.ts";

/** Roots beyond this one are added as cents: their exact ratios have thousands of digits. */
const MAX_EXACT_ROOT = 128;
const MAX_EXACT_POWER = 1024;

/**
 * The interval `a` on top of `b`. Exact for two ratios, for two numbers of cents, and for steps of
 * equal divisions up to 128; other pairs are added in cents.
 *
 * @example
 * ```ts
 * import { formatInterval, interval, stack } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatInterval(stack(interval("3/2"), interval("5/4"))), "15/8");
 * assertEquals(formatInterval(stack(interval("7\\12"), interval("4\\12"))), "11\\12");
 * ```
 */
export function stack(a: Interval, b: Interval): Interval {
  if (a.kind === "ratio" && b.kind === "ratio") return multiplyRatios(a, b);
  if (a.kind === "steps" && b.kind === "steps" && a.divisions === b.divisions) {
    if (sameRatio(a.period, b.period)) return steps(a.steps + b.steps, a.divisions, a.period);
  }
  if (a.kind === "steps" && b.kind === "ratio") {
    const periods = sameRatio(b, a.period) ? 1 : sameRatio(invertRatio(b), a.period) ? -1 : 0;
    if (periods !== 0) return steps(a.steps + periods * a.divisions, a.divisions, a.period);
  }
  if (a.kind === "ratio" && b.kind === "steps") return stack(b, a);
  if (a.kind === "cents" || b.kind === "cents") return cents(centsOf(a) + centsOf(b));
  const root = Math.max(rootOf(a), rootOf(b));
  if (root > MAX_EXACT_ROOT || root % rootOf(a) !== 0 || root % rootOf(b) !== 0) {
    return cents(centsOf(a) + centsOf(b));
  }
  return steps(1, root, multiplyRatios(raised(a, root), raised(b, root)));
}

/**
 * The same interval downwards.
 *
 * @example
 * ```ts
 * import { formatInterval, interval, invert } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatInterval(invert(interval("3/2"))), "2/3");
 * ```
 */
export function invert(interval: Interval): Interval {
  switch (interval.kind) {
    case "cents":
      return cents(-interval.cents);
    case "ratio":
      return invertRatio(interval);
    case "steps":
      return steps(-interval.steps, interval.divisions, interval.period);
  }
}

/** The interval `times` times on top of itself; a negative number goes downwards. Very many are cents. */
export function repeat(interval: Interval, times: number): Interval {
  switch (interval.kind) {
    case "cents":
      return cents(interval.cents * times);
    case "ratio":
      return Math.abs(times) <= MAX_EXACT_POWER
        ? powerOfRatio(interval, times)
        : cents(centsOf(interval) * times);
    case "steps":
      return steps(interval.steps * times, interval.divisions, interval.period);
  }
}

function sameRatio(a: Ratio, b: Ratio): boolean {
  return a.numerator * b.denominator === b.numerator * a.denominator;
}

function invertRatio({ numerator, denominator }: Ratio): Ratio {
  return ratio(denominator, numerator);
}

function rootOf(interval: Interval): number {
  return interval.kind === "steps" ? interval.divisions : 1;
}

/** The interval to the power `root`, which makes it a ratio. */
function raised(interval: Interval, root: number): Ratio {
  if (interval.kind === "ratio") return powerOfRatio(interval, root);
  if (interval.kind === "steps") {
    return powerOfRatio(interval.period, interval.steps * (root / interval.divisions));
  }
  throw new TypeError("Cannot raise cents to a ratio");
}
