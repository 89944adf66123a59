/** Exact frequency ratios: two whole numbers of any size, kept as they were written. @module */

/**
 * A frequency ratio as written: `10/8` stays `10/8`. Made by {@linkcode ratio}.
 *
 * @example The numbers are not reduced
 * ```ts
 * import { type Ratio, ratio } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const third: Ratio = ratio(10, 8);
 * assertEquals([third.numerator, third.denominator], [10n, 8n]);
 * ```
 */
export interface Ratio {
  /** Tells the forms of an interval apart. */
  readonly kind: "ratio";
  /** Greater than zero. */
  readonly numerator: bigint;
  /** Greater than zero. */
  readonly denominator: bigint;
}

/**
 * The ratio `numerator / denominator`, not reduced.
 *
 * @param numerator A positive whole number; as a `number` at most 2^53 - 1.
 * @param denominator Likewise. Default 1.
 * @throws {RangeError} If one of them is not a positive whole number.
 *
 * @example A perfect fifth, and the 53rd harmonic
 * ```ts
 * import { ratio, ratioOf } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ratioOf(ratio(3, 2)), 1.5);
 * assertEquals(ratioOf(ratio(53)), 53);
 * ```
 */
export function ratio(numerator: number | bigint, denominator: number | bigint = 1): Ratio {
  return {
    kind: "ratio",
    numerator: positiveInteger(numerator, "numerator"),
    denominator: positiveInteger(denominator, "denominator"),
  };
}

function positiveInteger(value: number | bigint, what: string): bigint {
  if (typeof value === "number" ? !Number.isSafeInteger(value) || value < 1 : value < 1n) {
    throw new RangeError(
      `Cannot make a ratio: ${what} must be a positive whole number, current value is ${value}`,
    );
  }
  return BigInt(value);
}

/** The nearest double to the ratio (to one unit in the last place), however long its numbers are. */
export function ratioToNumber({ numerator, denominator }: Ratio): number {
  const n = Number(numerator);
  const d = Number(denominator);
  if (n <= Number.MAX_SAFE_INTEGER && d <= Number.MAX_SAFE_INTEGER) return n / d;
  // Divide as integers with at least 60 significant bits left, which doubles would not have.
  const shift = bitLength(denominator) - bitLength(numerator) + 64;
  const quotient = shift >= 0
    ? (numerator << BigInt(shift)) / denominator
    : numerator / (denominator << BigInt(-shift));
  // In two steps, as 2 ** -shift alone may be too small for a double.
  return Number(quotient) * 2 ** -64 * 2 ** (64 - shift);
}

/** The logarithm to base 2, also of ratios that are too large or too small for a double. */
export function log2OfRatio(value: Ratio): number {
  const { numerator, denominator } = value;
  const shift = bitLength(numerator) - bitLength(denominator);
  if (Math.abs(shift) < 1000) return Math.log2(ratioToNumber(value));
  const near = shift > 0
    ? ratio(numerator, denominator << BigInt(shift))
    : ratio(numerator << BigInt(-shift), denominator);
  return Math.log2(ratioToNumber(near)) + shift;
}

/** Bits of a positive integer. */
function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return hex.length * 4 - Math.clz32(parseInt(hex[0], 16)) + 28;
}

/** The product, in lowest terms. */
export function multiplyRatios(a: Ratio, b: Ratio): Ratio {
  return reduceRatio(ratio(a.numerator * b.numerator, a.denominator * b.denominator));
}

/** The ratio to a whole power, in lowest terms. */
export function powerOfRatio(base: Ratio, exponent: number): Ratio {
  const { numerator, denominator } = reduceRatio(base);
  const power = BigInt(Math.abs(exponent));
  return exponent >= 0
    ? ratio(numerator ** power, denominator ** power)
    : ratio(denominator ** power, numerator ** power);
}

/** The same ratio in lowest terms. */
export function reduceRatio({ numerator, denominator }: Ratio): Ratio {
  let a = numerator;
  let b = denominator;
  while (b > 0n) [a, b] = [b, a % b];
  return ratio(numerator / a, denominator / a);
}

/** The largest whole number k with `2^k <= ratio`, exactly. */
export function floorLog2({ numerator, denominator }: Ratio): number {
  const k = bitLength(numerator) - bitLength(denominator);
  const reached = k >= 0
    ? numerator >= denominator << BigInt(k)
    : numerator << BigInt(-k) >= denominator;
  return reached ? k : k - 1;
}
