/**
 * An engine that renders with several threads: the audio thread, or whichever renders, and helpers
 * beside it. The sound is the same, bit for bit.
 *
 * @module
 */

// This module is browser compatible.
import { Engine as SingleEngine } from "../core/control/engine.ts";
import type { EngineOptions } from "../core/control/engine_options.ts";
import {
  type HelperStart,
  ParallelPlans,
  type PlanFigures,
} from "../core/control/parallel_plans.ts";
import { PartSize } from "../core/control/plan/part.ts";
import type { Task } from "../core/control/plan/tasks.ts";
import { type Capacity, HELPER, HELPER_BYTES, layout, PARALLEL } from "../core/layout.ts";
import { DEFAULT_CAPACITY } from "../core/rt/engine_memory.ts";
import { useHelpers } from "../core/rt/parallel/mod.ts";
import type { KernelMail } from "../core/rt/shared.ts";
import { cores, hasWorkers, workerCount } from "./parallel/workers.ts";
import { rehearseTasks } from "./realtime/rehearsal.ts";

export type { PlanFigures } from "../core/control/parallel_plans.ts";

/** Options of an engine with helpers. */
export interface ParallelEngineOptions extends EngineOptions {
  /**
   * Helper threads, an integer in [0, 16]. Default: one less than the machine has cores; none where there
   * is no `Worker`, as in Node.
   */
  readonly workers?: number;
  /** Microseconds that 64 frames take on one thread from which on helpers are asked. Default 80. */
  readonly threshold?: number;
  /**
   * Called with the number of a helper that broke down, stood still in the middle of its work for a
   * tenth of a second and was given up, or showed no sign of life for two seconds (half a minute when
   * it is started). Rendering goes on without it.
   */
  readonly onHelperLost?: (helper: number) => void;
}

/** What a helper has done. */
export interface HelperFigures {
  /** Tasks it has finished since it was started. */
  readonly tasks: number;
  /** Whether it was given up, or broke down. */
  readonly lost: boolean;
  /** Whether it goes before other threads of the system: it asks when the audio thread does. */
  readonly priority: "normal" | "raised" | "refused";
}

/** How an engine's last plan is rendered, and by whom. */
export interface ParallelFigures {
  /** The plan's tasks and what was expected of them, in nanoseconds for 64 frames. */
  readonly plan: PlanFigures;
  /** The helpers, by number. */
  readonly helpers: readonly HelperFigures[];
}

/** Microseconds of {@linkcode ParallelEngineOptions.threshold}. */
const DEFAULT_THRESHOLD_US = 80;
const PRIORITIES = ["normal", "raised", "refused"] as const;

useHelpers();
// Small as it is, its plans are cut into tasks as well. Its helpers never come.
rehearseTasks((shared, programs) => {
  const [workers, threads, threshold, taskNs] = [1, 2, 0, 400];
  const spawn = () => ({ install() {} });
  const plans = new ParallelPlans(shared, programs, { workers, threads, threshold, taskNs, spawn });
  return Object.assign(plans, { partSize: new PartSize(2) });
});

/**
 * An engine that renders with helper threads where it pays. Helpers run while a driver renders:
 * offline, through a sound card, on the null device.
 *
 * ```ts
 * import { Engine } from "@aether/dsp/parallel";
 * import { noise, svf } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 *
 * const engine = new Engine({ workers: 1 });
 * const source = engine.add(noise);
 * for (let k = 0; k < 100; k++) {
 *   source.connect(engine.add(svf, { cutoff: 100 * (k + 1) })).connect(engine.output);
 * }
 * for await (const block of render(engine, { seconds: 0.1 })) {
 *   if (!block.every(Number.isFinite)) throw new Error("not a sound");
 * }
 * ```
 */
export class Engine extends SingleEngine {
  /** Helper threads. */
  readonly workers: number;
  readonly #plans: ParallelPlans | undefined;
  readonly #own: Pick<Capacity, "planBytes" | "buffers">;

  /**
   * Allocates all the memory that the engine and its helpers ever need.
   *
   * @throws {RangeError} If an option is out of range.
   * @throws {Error} If there are no web workers to help.
   */
  constructor(options: ParallelEngineOptions = {}) {
    const { capacity, onHelperLost, threshold = DEFAULT_THRESHOLD_US } = options;
    const workers = workerCount(options.workers, "create an engine");
    if (workers > 0 && !hasWorkers()) {
      throw new Error(
        `Cannot create an engine with ${workers} helpers: they are web workers, which are missing here`,
      );
    }
    if (!(threshold >= 0)) {
      throw new RangeError(
        `Cannot create an engine: threshold must not be negative, current value is ${threshold}`,
      );
    }
    const made: { plans?: ParallelPlans } = {};
    const own = { ...DEFAULT_CAPACITY, ...capacity };
    // A plan with tasks is about half as large again.
    const planBytes = Math.ceil(1.5 * own.planBytes / 64) * 64;
    // Buffers are reused late.
    const buffers = 4 * own.buffers;
    super(
      workers === 0
        ? options
        : { ...options, capacity: { ...capacity, planBytes, buffers, workers } },
      workers === 0
        ? undefined
        : (shared, programs) =>
          made.plans = new ParallelPlans(shared, programs, {
            workers,
            threads: Math.min(1 + workers, cores()),
            threshold: 1000 * threshold,
            spawn: (start) => spawn(start, this.#words),
            onLost: onHelperLost,
          }),
    );
    this.workers = workers;
    this.#plans = made.plans;
    this.#own = { planBytes: own.planBytes, buffers: own.buffers };
  }

  /** @internal A snapshot has the sizes that were asked for: helpers add to them each time. */
  override get ownCapacity(): Capacity {
    return { ...this.shared.capacity, ...this.#own };
  }

  /** How the last plan is rendered, and what helpers have done. */
  get parallel(): ParallelFigures {
    const none = { tasks: 0, sequential: 0, parallel: 0, critical: 0 };
    const words = this.#words;
    const { parallel } = layout(this.shared.capacity);
    const helpers = Array.from({ length: this.workers }, (_, index): HelperFigures => {
      const own = parallel + PARALLEL.HELPERS + index * HELPER_BYTES;
      const at = (offset: number) => Atomics.load(words, (own + offset) >> 2);
      return {
        tasks: at(HELPER.DONE) >>> 0,
        lost: at(HELPER.DEAD) !== 0,
        priority: PRIORITIES[at(HELPER.PRIORITY)],
      };
    });
    return { plan: this.#plans?.figures ?? none, helpers };
  }

  /** @internal The tasks of the last plan, with their costs. */
  get parallelTasks(): readonly Task[] {
    return this.#plans?.tasks ?? [];
  }

  get #words(): Int32Array {
    return new Int32Array(this.shared.memory.buffer);
  }
}

/** Starts a helper's worker. */
function spawn(start: HelperStart, words: Int32Array) {
  const { shared, index } = start;
  const worker = new Worker(new URL("./parallel/helper_worker.ts", import.meta.url), {
    type: "module",
    name: `aether helper ${index}`,
  });
  worker.onerror = (event) => {
    event.preventDefault();
    const { parallel } = layout(shared.capacity);
    Atomics.store(
      words,
      (parallel + PARALLEL.HELPERS + index * HELPER_BYTES + HELPER.DEAD) >> 2,
      1,
    );
  };
  worker.postMessage(start);
  return { install: (kernel: KernelMail) => worker.postMessage(kernel) };
}
