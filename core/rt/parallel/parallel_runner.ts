// This module is real-time safe.
/**
 * The audio thread's side of parallel rendering: opens a segment for the helpers, works like one of
 * them, and ends it when all tasks are done, whoever had claimed them.
 *
 * @module
 */
import {
  HELPER,
  HELPER_BYTES,
  MAX_TASKS,
  MAX_WORKERS,
  PARALLEL,
  QUANTUM,
  TASK_WORDS,
} from "../../layout.ts";
import type { Driver } from "../driver/compile_driver.ts";
import type { Faults } from "../faults.ts";
import { PLAN, TABLE, TASK, TASK_BYTES } from "../plan_format.ts";
import { type Crew, Stages, STEP, TIMING } from "./stages.ts";
import type { Sync } from "./sync.ts";
import { doneWord, isFree, isRunning, runningWord, threadOf } from "./words.ts";

/** Milliseconds that a helper may stand still in the middle of a task before it is given up. */
export const PATIENCE_MS = 100;

/** Segments that are run alone after one in which this thread had to sleep, at first and at most. */
const FIRST_REST = 8;
const MOST_REST = 128;
/** Segments without sleep that halve it. */
const SMOOTH = 16;
/** One in so many segments, plus one, is timed: of one thread's all ops, of several threads' one task. */
const SAMPLED_ALONE = 127;
/** And which of these is timed as a whole, by one thread only. */
const TIMED_ALONE = 64;
const SAMPLED = 7;
const SAMPLED_BITS = 3;
/** And which of these is timed as a whole. */
const TIMED = 4;

/** What tests may set. */
export interface RunnerOptions {
  /** Default {@linkcode PATIENCE_MS}. */
  readonly patience?: number;
  /** Whether to do without helpers for a while where waiting for them takes long. Default true. */
  readonly mayRest?: boolean;
}

/** Renders segments together with helpers. */
export class ParallelRunner {
  readonly #sync: Sync;
  readonly #words: Int32Array;
  readonly #driver: Driver;
  readonly #faults: Faults;
  readonly #stages: Stages;
  readonly #base: number;
  readonly #region: number;
  readonly #patience: number;
  readonly #mayRest: boolean;
  readonly #spins: number;
  readonly #workers: number;
  /** The table of the last segment that was opened. */
  #table = 0;
  #count = 0;
  #frames = 0;
  #done = 0;
  /** Tasks before this one are known to be done. */
  #floor = 0;
  /** Segments so far, modulo 2^30; the times of a few are taken. */
  #segments = 0;
  readonly #hasClock: boolean;
  /** Segments that are still to be run alone, and how many it will be the next time. */
  #alone = 0;
  #rest = 0;
  /** Tasks of this thread whose first stage is done and whose second waits for others, ascending. */
  readonly #suspended = new Int32Array(MAX_TASKS);
  #suspendedCount = 0;
  readonly #isSuspended = new Uint8Array(MAX_TASKS);
  /** Whether this thread has slept in this segment, and segments in a row in which it has not. */
  #hasSlept = false;
  #smooth = 0;

  /** @thread set-up */
  constructor(
    crew: Crew,
    driver: Driver,
    faults: Faults,
    hasClock: boolean,
    options: RunnerOptions = {},
    stages: Stages = new Stages(crew, driver, -1),
  ) {
    this.#mayRest = options.mayRest ?? true;
    this.#spins = crew.spins;
    this.#hasClock = hasClock;
    this.#sync = crew.sync;
    this.#workers = crew.workers;
    this.#words = crew.words;
    this.#driver = driver;
    this.#faults = faults;
    this.#stages = stages;
    this.#base = crew.region >> 2;
    this.#region = crew.region;
    this.#patience = options.patience ?? PATIENCE_MS;
  }

  /** Runs one segment of a plan. @thread audio */
  run(plan: number, frames: number): void {
    const words = this.#words;
    const table = words[(plan + PLAN.TASKS) >> 2];
    if (
      table === 0 || words[(table + TABLE.PARALLEL) >> 2] === 0 ||
      this.#sync.load(words, this.#base + (PARALLEL.ACTIVE >> 2)) <= 0
    ) {
      const turn = this.#hasClock && frames === QUANTUM ? this.#countSegment() & SAMPLED_ALONE : -1;
      if (turn === 0) this.#driver.run_profiled(plan, frames);
      else if (turn === TIMED_ALONE) this.#driver.run_timed(plan, frames);
      else this.#driver.run(plan, frames);
      return;
    }
    if (this.#alone > 0) {
      this.#alone--;
      this.#driver.run(plan, frames);
      return;
    }
    this.#stages.plan = plan;
    this.share(table, frames);
    this.#judge();
  }

  /**
   * Where other programs take the cores away, helpers stand still in the middle of tasks, and waiting
   * for them takes longer than doing without: then they are asked rarely, until that has passed.
   */
  #judge(): void {
    if (this.#hasSlept) {
      this.#hasSlept = false;
      this.#smooth = 0;
      this.#rest = this.#rest === 0
        ? FIRST_REST
        : this.#rest < MOST_REST
        ? 2 * this.#rest
        : MOST_REST;
      this.#alone = this.#mayRest ? this.#rest : 0;
    } else if (++this.#smooth >= SMOOTH) {
      this.#smooth = 0;
      this.#rest = this.#rest >> 1;
    }
  }

  /** Runs one segment with whoever comes to help. @thread audio */
  share(table: number, frames: number): void {
    const epoch = this.#open(table, frames);
    const words = this.#words;
    const cursor = this.#cursorOf(MAX_WORKERS);
    const stages = this.#stages;
    // Now and then times are taken of one of the first eight tasks.
    const turn = this.#hasClock && frames === QUANTUM ? this.#countSegment() : -1;
    const timing = turn < 0
      ? TIMING.None
      : (turn & SAMPLED) === 0
      ? TIMING.Ops
      : (turn & SAMPLED) === TIMED
      ? TIMING.Whole
      : TIMING.None;
    let place = (turn >> SAMPLED_BITS) & 7;
    for (let task = words[(table + TABLE.OWNERS) >> 2]; task >= 0;) {
      this.#sync.store(words, cursor, task);
      if (this.#take(task)) {
        stages.timing = place-- === 0 ? timing : TIMING.None;
        this.#begin(task);
        stages.timing = TIMING.None;
        this.#resume();
      }
      task = words[(this.#record(task) + TASK.NEXT) >> 2];
    }
    for (let task = this.#floor; task < this.#count; task++) {
      if (!this.#take(task)) continue;
      this.#begin(task);
      this.#resume();
    }
    this.#finish(this.#count - 1);
    this.#suspendedCount = 0;
    this.#sync.store(words, this.#base + (PARALLEL.EPOCH >> 2), (epoch + 1) | 0);
    this.#faults.tell(table, this.#base + (PARALLEL.FAULTED >> 2));
    this.#faults.note(0, 0);
  }

  #countSegment(): number {
    return this.#segments = (this.#segments + 1) & 0x3fffffff;
  }

  #open(table: number, frames: number): number {
    const { load, store, notify } = this.#sync;
    const words = this.#words;
    const base = this.#base;
    const at = base + (PARALLEL.EPOCH >> 2);
    const last = load(words, at);
    // A segment that its thread has left open is closed here: its plan is not the one that sounds.
    const epoch = (last + 1) | 1;
    const count = words[(table + TABLE.COUNT) >> 2];
    if (table !== this.#table) {
      // Tags come round after a day: words that no plan has used in between must not look done.
      const before = doneWord(epoch - 2);
      const first = base + (PARALLEL.TASKS >> 2);
      this.#sync.fill(words, first, first + TASK_WORDS, before);
    }
    this.#table = table;
    this.#count = count;
    this.#frames = frames;
    this.#done = doneWord(epoch);
    this.#floor = 0;
    this.#faults.note(table, base + (PARALLEL.FAULTED >> 2));
    store(words, base + (PARALLEL.TABLE >> 2), table);
    store(words, base + (PARALLEL.COUNT >> 2), count);
    store(words, base + (PARALLEL.FRAMES >> 2), frames);
    for (let k = 0; k < this.#workers; k++) store(words, this.#cursorOf(k), -1);
    store(words, this.#cursorOf(MAX_WORKERS), -1);
    store(words, at, epoch);
    if (load(words, base + (PARALLEL.IDLERS >> 2)) !== 0) notify(words, at);
    return epoch;
  }

  /** Makes a task that nobody runs this thread's own. @returns whether it is */
  #take(task: number): boolean {
    const { load, compareExchange } = this.#sync;
    const at = this.#wordOf(task);
    for (;;) {
      const word = load(this.#words, at);
      const isTaken = !isFree(word, this.#done) && (word === this.#done || isRunning(word));
      if (isTaken) return false;
      const mine = runningWord(this.#done, 0);
      if (compareExchange(this.#words, at, word, mine) === word) return true;
    }
  }

  /** Does the first stage of a task, and the second unless that has to wait: then it goes on with others. */
  #begin(task: number): void {
    const words = this.#words;
    const record = this.#record(task);
    if (words[(record + TASK.ALONE) >> 2] === 1) return this.#execute(task, STEP.Begun);
    this.#wait(record + TASK.WAITS);
    this.#stages.first(record, this.#frames);
    if (this.#areDone(record + TASK.SECOND_WAITS)) return this.#execute(task, STEP.Between);
    this.#suspend(task);
  }

  /** Notes a task in its order: it waits for earlier ones only, so one look at all finds all that can go on. */
  #suspend(task: number): void {
    const list = this.#suspended;
    let place = this.#suspendedCount++;
    for (; place > 0 && list[place - 1] > task; place--) list[place] = list[place - 1];
    list[place] = task;
    this.#isSuspended[task] = 1;
  }

  /** Ends those that wait no more; helpers may wait for them. */
  #resume(): void {
    const list = this.#suspended;
    let left = 0;
    for (let k = 0; k < this.#suspendedCount; k++) {
      const task = list[k];
      // Some have been ended elsewhere.
      if (this.#isSuspended[task] === 0) continue;
      if (this.#areDone(this.#record(task) + TASK.SECOND_WAITS)) this.#end(task);
      else list[left++] = task;
    }
    this.#suspendedCount = left;
  }

  /** Ends a task that was suspended. */
  #end(task: number): void {
    this.#isSuspended[task] = 0;
    this.#execute(task, STEP.Between);
  }

  /** Whether the tasks of a list are done. */
  #areDone(list: number): boolean {
    const words = this.#words;
    const waits = words[list >> 2] >> 2;
    const count = words[waits];
    for (let k = 1; k <= count; k++) {
      const task = words[waits + k];
      if (task < this.#floor) continue;
      if (this.#sync.load(words, this.#wordOf(task)) !== this.#done) return false;
    }
    return true;
  }

  /** Does what is left of a task of its own. */
  #execute(task: number, step: number): void {
    const words = this.#words;
    const record = this.#record(task);
    if (words[(record + TASK.ALONE) >> 2] === 1) {
      this.#executeAlone(task, record);
    } else {
      if (step === STEP.Begun) {
        this.#wait(record + TASK.WAITS);
        this.#stages.first(record, this.#frames);
      }
      this.#wait(record + TASK.SECOND_WAITS);
      this.#stages.second(record, this.#frames);
    }
    const at = this.#wordOf(task);
    this.#sync.store(words, at, this.#done);
    if (this.#sync.load(words, this.#base + (PARALLEL.SLEEPERS >> 2)) !== 0) {
      this.#sync.notify(words, at);
    }
  }

  /** A task that changes the clock for a while: nothing else is under way, and faults are told at once. */
  #executeAlone(task: number, record: number): void {
    const faulted = this.#base + (PARALLEL.FAULTED >> 2);
    this.#finish(task - 1);
    this.#faults.tell(this.#table, faulted);
    this.#faults.note(0, 0);
    this.#stages.first(record, this.#frames);
    this.#faults.note(this.#table, faulted);
  }

  /** Waits for the tasks of a list. */
  #wait(list: number): void {
    const words = this.#words;
    const waits = words[list >> 2] >> 2;
    const count = words[waits];
    for (let k = 1; k <= count; k++) {
      const task = words[waits + k];
      if (task >= this.#floor) this.#waitFor(task);
    }
  }

  #waitFor(task: number): void {
    const at = this.#wordOf(task);
    const word = this.#sync.load(this.#words, at);
    if (word === this.#done) return;
    if (this.#isSuspended[task] !== 0) return this.#end(task);
    // A helper that is about to come to its own task has what it needs in its cache.
    if (isFree(word, this.#done) && this.#sync.spin(this.#words, at, word)) {
      if (this.#sync.load(this.#words, at) === this.#done) return;
    }
    this.#takeUpTo(task);
    this.#await(task);
  }

  /** Sees to it that all tasks up to one are done. */
  #finish(last: number): void {
    while (this.#floor <= last) {
      const task = this.#floor;
      if (this.#take(task)) this.#execute(task, STEP.Begun);
      else if (this.#isSuspended[task] !== 0) this.#end(task);
      else this.#await(task);
      this.#floor = task + 1;
    }
  }

  /**
   * Does what nobody runs of the tasks up to one: perhaps nobody ever will, and what runs may wait
   * for it. A task waits only for earlier ones, so this comes to an end.
   */
  #takeUpTo(last: number): void {
    for (let task = this.#floor; task <= last; task++) {
      if (this.#take(task)) this.#execute(task, STEP.Begun);
      if (task === this.#floor && this.#sync.load(this.#words, this.#wordOf(task)) === this.#done) {
        this.#floor++;
      }
    }
  }

  /** Waits for a task that is done or run by a helper; does it itself if that has died. */
  #await(task: number): void {
    const { load, add, spin, sleep } = this.#sync;
    const words = this.#words;
    const at = this.#wordOf(task);
    const sleepers = this.#base + (PARALLEL.SLEEPERS >> 2);
    for (let slept = 0, spun = 0;;) {
      const word = load(words, at);
      if (word === this.#done) return;
      if (slept >= this.#patience || this.#isDead(threadOf(word) - 1)) {
        if (this.#giveUp(task, word)) return;
        continue;
      }
      // It may wait for one of these.
      this.#resume();
      if (spin(words, at, word)) continue;
      this.#takeUpTo(task - 1);
      if (++spun < this.#spins) continue;
      slept++;
      this.#hasSlept = true;
      add(words, sleepers, 1);
      sleep(words, at, word, 1);
      add(words, sleepers, -1);
    }
  }

  #record(task: number): number {
    return this.#table + TABLE.TASKS + task * TASK_BYTES;
  }

  #wordOf(task: number): number {
    return this.#base + (PARALLEL.TASKS >> 2) + this.#words[(this.#record(task) + TASK.WORD) >> 2];
  }

  /** Index of the word that says how far a helper is; the audio thread comes after all of them. */
  #cursorOf(place: number): number {
    return this.#helperWord(place) + (HELPER.CURSOR >> 2);
  }

  #helperWord(helper: number): number {
    return (this.#region + PARALLEL.HELPERS + helper * HELPER_BYTES) >> 2;
  }

  #isDead(helper: number): boolean {
    return this.#sync.load(this.#words, this.#helperWord(helper) + (HELPER.DEAD >> 2)) !== 0;
  }

  /** Takes a running task away from a helper for good. @returns whether it had not been done yet */
  #giveUp(task: number, word: number): boolean {
    const { load, compareExchange, add } = this.#sync;
    const words = this.#words;
    const helper = threadOf(word) - 1;
    const dead = this.#helperWord(helper) + (HELPER.DEAD >> 2);
    const counted = this.#helperWord(helper) + (HELPER.COUNTED >> 2);
    const run = load(words, counted);
    compareExchange(words, dead, 0, 1);
    if (run !== 0 && compareExchange(words, counted, run, 0) === run) {
      add(words, this.#base + (PARALLEL.ACTIVE >> 2), -1);
    }
    const at = this.#wordOf(task);
    if (compareExchange(words, at, word, runningWord(this.#done, 0)) !== word) return false;
    const record = this.#record(task);
    this.#execute(task, this.#stages.takeOver(record, helper));
    return true;
  }
}
