/** Decimal text of single-precision numbers. @module */

/** Smallest normal f32: from here up, any 6 digits survive. */
const MIN_NORMAL = 2 ** -126;

/**
 * The double with the fewest decimal digits that rounds to the f32 `value`, so that printing it shows
 * 0.1 where the f32 is 0.10000000149011612. (At a power of two one digit may be too many.)
 */
export function shortestSingle(value: number): number {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 24) return value;
  // A decimal of up to 6 digits is what its f32 prints as with 6; 9 digits tell all f32 apart.
  for (let digits = Math.abs(value) < MIN_NORMAL ? 1 : 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
