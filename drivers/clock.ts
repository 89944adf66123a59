// This module is real-time safe.
/** The clock that nodes are profiled with. @module */

// This module is browser compatible.
/** Writes the time in milliseconds. @thread audio */
export function readClock(into: Float64Array): void {
  into[0] = performance.now();
}
