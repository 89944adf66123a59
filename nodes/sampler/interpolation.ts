// This module is real-time safe.
/**
 * How a sound is read between its frames. Helpers in the kernel language.
 *
 * @module
 */

/** Reads the frame `k` after the current one. */
export type Tap = (sound: Sound, zone: Region, k: number) => number;
/** A table. */
export interface Sound {
  readonly [index: number]: number;
}
/** Where a voice is in its sound. */
export interface Region {
  readonly at: number;
  readonly begin: number;
  readonly frames: number;
  readonly loopStart: number;
  readonly loopEnd: number;
  readonly period: number;
  /** Whether it goes round. */
  readonly looping: boolean;
  /** Whether it has gone round before. */
  readonly looped: boolean;
}

/** Puts together where a voice is. */
export function region(
  at: number,
  begin: number,
  frames: number,
  loopStart: number,
  loopEnd: number,
  period: number,
  looping: boolean,
  looped: boolean,
): Region {
  // Exists only while the kernel is compiled.
  // deno-lint-ignore aether/realtime-safe
  return { at, begin, frames, loopStart, loopEnd, period, looping, looped };
}

/**
 * The frame `k` after the current one, on the way that the voice takes: round the loop, or back and
 * forth in it; 0 outside of the sound.
 */
export function tap(sound: Sound, z: Region, k: number): number {
  const i = (z.at + k) | 0;
  const end = (z.loopStart + z.period) | 0;
  const after = z.looping && i >= end ? (i - z.period) | 0 : i;
  const way = z.looped && after < z.loopStart ? (after + z.period) | 0 : after;
  // The way back of a loop that goes back and forth is numbered on, after its end.
  const isBack = z.period > ((z.loopEnd - z.loopStart) | 0) && way >= z.loopEnd;
  const frame = isBack ? (((2 * z.loopEnd) | 0) - 2 - way) | 0 : way;
  return frame >= 0 && frame < z.frames ? sound[(z.begin + frame) | 0] : 0;
}

/** The nearest frame. */
export function nearest(sound: Sound, zone: Region, t: number, tap: Tap): number {
  return tap(sound, zone, t >= 0.5 ? 1 : 0);
}

/** A straight line between two frames. */
export function linear(sound: Sound, zone: Region, t: number, tap: Tap): number {
  const a = tap(sound, zone, 0);
  return a + (tap(sound, zone, 1) - a) * t;
}

/** A cubic through four frames (Catmull-Rom). */
export function cubic(sound: Sound, zone: Region, t: number, tap: Tap): number {
  const a = tap(sound, zone, -1);
  const b = tap(sound, zone, 0);
  const c = tap(sound, zone, 1);
  const d = tap(sound, zone, 2);
  const c1 = 0.5 * (c - a);
  const c2 = a - 2.5 * b + 2 * c - 0.5 * d;
  const c3 = 0.5 * (d - a) + 1.5 * (b - c);
  return ((c3 * t + c2) * t + c1) * t + b;
}

/** Frames of the windowed sinc. */
const TAPS = 16;
/** Places between two frames for which its values are kept; between these a straight line. */
const PLACES = 256;

/**
 * The sinc under a Kaiser window of beta 8 (J. Kaiser and R. Schafer, "On the use of the I0-sinh window
 * for spectrum analysis", 1980), the sum of each place's values 1. @thread control
 */
function sincValues(): number[] {
  const bessel = (x: number) => {
    let [term, sum] = [1, 1];
    for (let k = 1; term > 1e-17 * sum; k++) sum += term *= (x / (2 * k)) ** 2;
    return sum;
  };
  const beta = 8;
  return Array.from({ length: PLACES + 1 }, (_, place) => {
    const values = Array.from({ length: TAPS }, (_, k) => {
      const x = k - TAPS / 2 + 1 - place / PLACES;
      const window = bessel(beta * Math.sqrt(Math.max(0, 1 - (x / (TAPS / 2)) ** 2)));
      if (Number.isInteger(x)) return x === 0 ? 1 : 0;
      return window * Math.sin(Math.PI * x) / (Math.PI * x);
    });
    const sum = values.reduce((a, b) => a + b);
    return values.map((value) => value / sum);
  }).flat();
}

const SINC = Float32Array.from(sincValues());

/** 16 frames under a windowed sinc. */
export function sinc(
  sound: Sound,
  zone: Region,
  t: number,
  tap: Tap,
  values: ArrayLike<number>,
): number {
  const place = t * 256;
  const low = place | 0;
  const share = place - low;
  const first = (low * 16) | 0;
  let sum = 0;
  for (let k = 0; k < 16; k++) {
    const a = values[(first + k) | 0];
    const b = values[(first + 16 + k) | 0];
    sum += tap(sound, zone, k - 7) * (a + (b - a) * share);
  }
  return sum;
}

/** The interpolations by name. */
export const INTERPOLATIONS = { nearest, linear, cubic, sinc } as const;
/** What {@linkcode sinc} reads. */
export const SINC_VALUES: Float32Array = SINC;
