/** How many threads may help the one that renders. @module */

// This module is browser compatible.
import { MAX_WORKERS } from "../../core/layout.ts";

/** Whether there are web workers; Node has none. */
export const hasWorkers = (): boolean => typeof Worker === "function";

/** Cores of the machine, as far as it tells. */
export function cores(): number {
  return globalThis.navigator?.hardwareConcurrency ?? 1;
}

/**
 * The number that is asked for, or one less than the machine has cores; none without web workers.
 *
 * @param action What cannot be done with a wrong one.
 * @throws {RangeError} If it is not an integer in [0, 16].
 */
export function workerCount(asked: number | undefined, action: string): number {
  const standard = hasWorkers() ? Math.min(MAX_WORKERS, cores() - 1) : 0;
  const workers = asked ?? standard;
  if (Number.isInteger(workers) && workers >= 0 && workers <= MAX_WORKERS) return workers;
  throw new RangeError(
    `Cannot ${action}: workers must be an integer in [0, ${MAX_WORKERS}], current value is ${workers}`,
  );
}
