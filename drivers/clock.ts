// This module is real-time safe.
/**
 * The clock of the audio thread. It is read in this one place only: V8 keeps a number off its heap
 * when it has optimised the function in which it appears, and this one it optimises early.
 *
 * @module
 */

// This module is browser compatible.
/** Writes the time in milliseconds, since the thread's beginning. @thread audio */
export function readClock(into: Float64Array, at = 0): void {
  into[at] = performance.now();
}
