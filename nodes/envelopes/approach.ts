// This module is real-time safe.
/**
 * How fast a one-pole follows.
 *
 * A helper in the kernel language: pass it in `uses`.
 *
 * @module
 */

/**
 * The share of the way to its target that a one-pole with a time constant of so many frames goes in one:
 * x / (1 + x/2) with x = 1/frames, which is 1 - exp(-x) to x^3/12 and keeps its digits when x is small.
 */
export function approach(frames: number): number {
  const x = 1 / Math.max(frames, 0.5);
  return x / (1 + 0.5 * x);
}
