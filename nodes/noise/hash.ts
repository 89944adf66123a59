// This module is real-time safe.
/**
 * A random number for every integer.
 *
 * A helper in the kernel language: pass it in `uses`.
 *
 * @module
 */

/**
 * Scrambles the bits of an i32, one to one. Multipliers and shifts: C. Wellons, "Prospecting for hash
 * functions", 2018 ("lowbias32", bias 0.17), found by search for the least bias.
 */
export function hash(x: number): number {
  const a = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  const b = Math.imul(a ^ (a >>> 15), 0x846ca68b);
  return b ^ (b >>> 16);
}
