// This module is real-time safe.
/**
 * What grains have in common. Helpers in the kernel language.
 *
 * @module
 */

/**
 * A window that rises and falls by half a turn of a cosine in `shape / 2` of the grain each, and is 1
 * between: J. W. Tukey, "An introduction to the calculations of numerical spectrum analysis", 1967; at
 * 1 it is Hann's.
 */
export function grainWindow(
  age: number,
  shape: number,
  max: (x: number, y: number) => number,
  min: (x: number, y: number) => number,
  sinTurns: (x: number) => number,
): number {
  const edge = min(max(min(age, 1 - age), 0) / shape, 0.5);
  // Half of 1 - cos, as a square: it is exactly 0 outside of the grain.
  const sin = sinTurns(0.5 * edge);
  return sin * sin;
}

/** A cubic (Catmull-Rom) between b and c. */
export function cubic(a: number, b: number, c: number, d: number, t: number): number {
  const c1 = 0.5 * (c - a);
  const c2 = a - 2.5 * b + 2 * c - 0.5 * d;
  const c3 = 0.5 * (d - a) + 1.5 * (b - c);
  return ((c3 * t + c2) * t + c1) * t + b;
}

/** A random number in [-1, 1) for a grain; `which` tells those of one grain apart. */
export function chance(
  count: number,
  seed: number,
  which: number,
  hash: (x: number) => number,
): number {
  return hash(Math.imul(count, 4) + which ^ hash(seed | 0)) * 4.656612873077393e-10;
}
