/**
 * An engine with helpers, rendered in place, with tasks as small as wanted and threads that can be
 * made to stand still.
 *
 * @module
 */
import { Engine, type EngineOptions } from "@aether/dsp";
import { type HelperStart, ParallelPlans } from "../../core/control/parallel_plans.ts";
import type { PartSize } from "../../core/control/plan/part.ts";
import { HELPER, HELPER_BYTES, layout, PARALLEL } from "../../core/layout.ts";
import { makeCrew } from "../../core/rt/parallel/mod.ts";
import { ParallelRunner, type RunnerOptions } from "../../core/rt/parallel/parallel_runner.ts";
import { setRunnerMaker } from "../../core/rt/plan_runner.ts";
import type { KernelMail } from "../../core/rt/shared.ts";
import { EnginePlayer } from "./engine_player.ts";

/** What is to be tried. */
export interface ParallelPlayerOptions extends EngineOptions {
  readonly workers: number;
  /** Nanoseconds of a task. Default 300. */
  readonly taskNs?: number;
  /** How large parts of plans are. Default: as the engine makes them. */
  readonly partSize?: PartSize;
  readonly runner?: RunnerOptions;
  /** Helpers stand still at this one of their steps, counted from the first segment on. */
  readonly stallAt?: number;
  readonly onLost?: (helper: number) => void;
  /** The clock by which silent helpers are given up. */
  readonly now?: () => number;
}

/** Words of the memory that stalled helpers share with the test. */
const RELEASED = 0;
const STALLED = 1;

/** Renders an engine in the calling thread, together with helpers. */
export class ParallelPlayer {
  readonly engine: Engine;
  readonly workers: number;
  readonly #words: Int32Array;
  readonly #region: number;
  readonly #stall = new Int32Array(new SharedArrayBuffer(8));
  readonly #player: EnginePlayer;
  readonly #ended: Promise<void>[] = [];
  #plans!: ParallelPlans;

  constructor(
    { workers, taskNs = 300, partSize, runner, stallAt, onLost, now, ...options }:
      ParallelPlayerOptions,
  ) {
    this.workers = workers;
    const capacity = { ...options.capacity, workers };
    this.engine = new Engine(
      { ...options, capacity },
      (shared, programs) => {
        const plans = new ParallelPlans(shared, programs, {
          workers,
          threads: 1 + workers,
          threshold: 0,
          taskNs,
          spawn: (start) => this.#spawn(start, stallAt),
          onLost,
          now,
        });
        return this.#plans = Object.assign(plans, { partSize });
      },
    );
    const { shared } = this.engine;
    this.#words = new Int32Array(shared.memory.buffer);
    this.#region = layout(shared.capacity).parallel;
    setRunnerMaker((shared, driver, faults, hasClock) =>
      new ParallelRunner(makeCrew(shared), driver, faults, hasClock, { mayRest: false, ...runner })
    );
    this.#player = new EnginePlayer(this.engine);
  }

  /** Tasks of the last plan. */
  get tasks(): number {
    return this.#plans.figures.tasks;
  }

  /** Whether a helper stands still. */
  get isStalled(): boolean {
    return Atomics.load(this.#stall, STALLED) !== 0;
  }

  /** Tasks that helpers have finished. */
  get helped(): number {
    return this.#sum(HELPER.DONE);
  }

  /** Helpers that were given up. */
  get dead(): number {
    return this.#sum(HELPER.DEAD);
  }

  /** Helpers that count. */
  get active(): number {
    return Atomics.load(this.#words, (this.#region + PARALLEL.ACTIVE) >> 2);
  }

  #sum(offset: number): number {
    let sum = 0;
    for (let k = 0; k < this.workers; k++) {
      const at = this.#region + PARALLEL.HELPERS + k * HELPER_BYTES + offset;
      sum += Atomics.load(this.#words, at >> 2);
    }
    return sum;
  }

  /** Sets the word of the segment number, to try what happens where it comes round. */
  setEpoch(epoch: number): void {
    Atomics.store(this.#words, (this.#region + PARALLEL.EPOCH) >> 2, epoch);
  }

  /** Settled when all helpers are there. */
  async ready(): Promise<void> {
    while (this.active < this.workers) await this.turn();
  }

  /** Lets the event loop run. */
  turn(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** Renders so many frames; interleaved. */
  play(frames: number): Float32Array {
    return this.#player.play(frames);
  }

  /** Lets helpers that stand still go on. */
  release(): void {
    Atomics.store(this.#stall, RELEASED, 1);
    Atomics.notify(this.#stall, RELEASED);
  }

  /** Ends the helpers. */
  async close(): Promise<void> {
    this.release();
    this.#player.detach();
    await Promise.all(this.#ended);
  }

  #spawn(start: HelperStart, stallAt = 0) {
    const worker = new Worker(new URL("./parallel_worker.ts", import.meta.url), { type: "module" });
    this.#ended.push(new Promise((resolve) => worker.onmessage = () => resolve()));
    worker.postMessage({ start, stall: this.#stall.buffer, stallAt });
    return { install: (kernel: KernelMail) => worker.postMessage(kernel) };
  }
}
