// This module is real-time safe.
/**
 * What a thread does with a task once it is its own: the two stages of its ops. A helper notes
 * before each stage what the stage will change and how far it is, so that the audio thread can put
 * that back and do the stage again.
 *
 * @module
 */
import {
  HELPER,
  HELPER_BYTES,
  helperRows,
  MAX_PARAMS,
  PACKED_BYTES,
  PARALLEL,
} from "../../layout.ts";
import type { Driver } from "../driver/compile_driver.ts";
import { TASK } from "../plan_format.ts";
import type { Sync } from "./sync.ts";

/** How far a helper is in its task: HELPER.STEP. */
export const STEP = {
  /** Nothing of its state is changed yet. */
  Begun: 0,
  /** The first stage is noted and may have changed anything of it. */
  First: 1,
  /** The first stage is done; the second has changed nothing yet. */
  Between: 2,
  /** The second stage is noted and may have changed anything of it. */
  Second: 3,
} as const;

/** What both kinds of threads know of the engine. */
export interface Crew {
  readonly sync: Sync;
  /** All memory. */
  readonly words: Int32Array;
  /** Address of the PARALLEL region. */
  readonly region: number;
  /** Address of the audio thread's scratch rows. */
  readonly rows: number;
  /** Helpers that there may be. */
  readonly workers: number;
  /** Spins before a thread sleeps in the middle of a segment, 10 to 20 us each. */
  readonly spins: number;
}

/** Times that are taken of a stage. */
export const TIMING = {
  None: 0,
  /** Of each op. */
  Ops: 1,
  /** Of all together. */
  Whole: 2,
} as const;

/** Runs tasks on one thread. */
export class Stages {
  readonly #driver: Driver;
  readonly #words: Int32Array;
  readonly #sync: Sync;
  readonly #region: number;
  readonly #rows: number;
  readonly #stop: number;
  readonly #step: number;
  readonly #helper: number;

  /** @param helper The helper's number, -1 for the audio thread. */
  constructor(crew: Crew, driver: Driver, helper: number) {
    this.#driver = driver;
    this.#words = crew.words;
    this.#sync = crew.sync;
    this.#region = crew.region;
    this.#helper = helper;
    const own = crew.region + PARALLEL.HELPERS + helper * HELPER_BYTES;
    this.#rows = helper < 0 ? crew.rows : helperRows(crew.region, helper);
    this.#step = (own + HELPER.STEP) >> 2;
    // The audio thread is never given up: its word is one that is always 0.
    this.#stop = helper < 0 ? crew.region + PARALLEL.FAULTED + 60 : own + HELPER.DEAD;
  }

  /** The plan whose tasks are run. */
  plan = 0;
  /** Which times are taken. */
  timing: typeof TIMING[keyof typeof TIMING] = TIMING.None;

  /** The first stage. @returns Whether it has come to its end. */
  first(task: number, frames: number): boolean {
    return this.#stage(task, TASK.FIRST, TASK.SECOND, TASK.SAVES, STEP.First, frames);
  }

  /** The second stage. */
  second(task: number, frames: number): boolean {
    return this.#stage(task, TASK.SECOND, TASK.END, TASK.SECOND_SAVES, STEP.Second, frames);
  }

  /** Notes how far the task is. Helpers only. */
  reach(step: number): void {
    this.#sync.store(this.#words, this.#step, step);
  }

  /** Puts back what a helper's unfinished stage may have changed. @returns how far the task is now */
  takeOver(task: number, helper: number): number {
    const step = this.#sync.load(
      this.#words,
      (this.#region + PARALLEL.HELPERS + helper * HELPER_BYTES + HELPER.STEP) >> 2,
    );
    if (step === STEP.First || step === STEP.Second) {
      const list = step === STEP.First ? TASK.SAVES : TASK.SECOND_SAVES;
      this.#driver.restore(this.#words[(task + list) >> 2], journal(this.#region, helper));
    }
    return step === STEP.First ? STEP.Begun : step === STEP.Second ? STEP.Between : step;
  }

  #stage(
    task: number,
    from: number,
    to: number,
    saves: number,
    step: number,
    frames: number,
  ): boolean {
    const first = this.#words[(task + from) >> 2];
    const end = this.#words[(task + to) >> 2];
    if (first === end) return true;
    if (this.#helper >= 0) {
      this.#driver.save(this.#words[(task + saves) >> 2], journal(this.#region, this.#helper));
      this.reach(step);
    }
    const { plan, timing } = this;
    const driver = this.#driver;
    const result = timing === TIMING.None
      ? driver.run_part(plan, first, end, frames, this.#rows, this.#stop)
      : timing === TIMING.Ops
      ? driver.run_part_profiled(plan, first, end, frames, this.#rows, this.#stop)
      : driver.run_part_timed(plan, first, end, frames, this.#rows, this.#stop);
    return result !== 0;
  }
}

/** Address of a helper's journal. */
function journal(region: number, helper: number): number {
  return helperRows(region, helper) + MAX_PARAMS * PACKED_BYTES;
}
