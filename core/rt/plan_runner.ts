// This module is real-time safe.
/**
 * Who runs plans: the driver alone, or several threads if the parallel part has been loaded.
 *
 * @module
 */
import type { Driver } from "./driver/compile_driver.ts";
import type { Faults } from "./faults.ts";
import type { SharedEngine } from "./shared.ts";

/** Runs one segment of a plan. */
export interface PlanRunner {
  run(plan: number, frames: number): void;
}

/** Makes what runs the plans of an engine that has helpers. `hasClock`: whether ops can be timed. */
export type RunnerMaker = (
  shared: SharedEngine,
  driver: Driver,
  faults: Faults,
  hasClock: boolean,
) => PlanRunner;

let maker: RunnerMaker | null = null;

/** Says how plans of engines with helpers are run; called by the parallel part when it is loaded. @thread set-up */
export function setRunnerMaker(make: RunnerMaker): void {
  maker = make;
}

/** What makes the runner for an engine; null if it has no helpers, or nobody knows how. @thread set-up */
export function runnerMaker(shared: SharedEngine): RunnerMaker | null {
  return (shared.capacity.workers ?? 0) > 0 ? maker : null;
}
