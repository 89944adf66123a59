// This module is real-time safe.
/**
 * The phase of an oscillator as an i32 whose 2^32 steps are one turn. It wraps for free and never
 * drifts, and read as a signed number it is most precise around 0, where waveforms jump.
 *
 * Helpers in the kernel language: pass them in `uses`.
 *
 * @module
 */

/** A phase as a number in [-0.5, 0.5). */
export function turns(phase: number): number {
  return phase * 2.3283064365386963e-10;
}

/** Turns in (-0.5, 0.5) as steps of a phase, rounded. */
export function steps(x: number): number {
  return Math.floor(x * 4294967296 + 0.5) | 0;
}

/** Any number of turns as steps of a phase. */
export function wrappedSteps(x: number): number {
  return ((x - Math.floor(x + 0.5)) * 4294967296) | 0;
}
