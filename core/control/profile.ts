/**
 * A measurement of nodes as a user holds it.
 *
 * @module
 */
import type { CostProfile } from "./cost_profile.ts";
import type { Profiler } from "./profiler.ts";

/** A running measurement of what each node costs. Made by `Engine.profile`. @thread control */
export class Profile implements Disposable {
  readonly #profiler: Profiler;
  #result: CostProfile | null = null;

  /** @internal */
  constructor(profiler: Profiler) {
    if (profiler.isRunning) {
      throw new RangeError("Cannot profile: a measurement is running, which must be stopped first");
    }
    this.#profiler = profiler;
    profiler.start();
  }

  /** What has been measured so far, or until it was stopped. */
  read(): CostProfile {
    return this.#result ?? this.#profiler.read();
  }

  /** Ends the measurement. May be called again. @returns What was measured. */
  stop(): CostProfile {
    if (!this.#result) {
      this.#profiler.stop();
      this.#result = this.#profiler.read();
    }
    return this.#result;
  }

  /** {@linkcode stop}, for `using`. */
  [Symbol.dispose](): void {
    this.stop();
  }
}
