/**
 * What a workload is: a patch of ordinary nodes, and the changes made while it plays.
 *
 * @module
 */
import type { Engine, EngineOptions } from "../../mod.ts";

/** A patch to be measured. */
export interface Workload {
  readonly name: string;
  readonly about: string;
  /** Sizes that the patch needs beyond the default ones. */
  readonly capacity?: EngineOptions["capacity"];
  /**
   * Makes the patch; `seconds` is how long it will play.
   *
   * @returns Makes the changes that come before a frame, to be called again and again.
   */
  build(engine: Engine, seconds: number): ((until: number) => void) | void;
}

/** The numbers 0 to `count` - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k);
}
