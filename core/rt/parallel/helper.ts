// This module is real-time safe.
/**
 * What a helper thread does: wait for a segment to be opened, claim its tasks one by one, run them.
 *
 * A claim can be taken away until the task is started; from then on the audio thread waits for it,
 * and gives the helper up only when it has not come back for a long time.
 *
 * @module
 */
import { HELPER, HELPER_BYTES, MAX_WORKERS, PARALLEL } from "../../layout.ts";
import { TABLE, TASK, TASK_BYTES } from "../plan_format.ts";
import { type Crew, type Stages, STEP } from "./stages.ts";
import type { Sync } from "./sync.ts";
import { claimedWord, doneWord, isFree, runningWord } from "./words.ts";

/** Why {@linkcode Helper.work} has returned. */
export const LEFT = {
  /** The engine does not need helpers any more, or starts others. */
  Ended: 0,
  /** There are kernels in the mail; to be called again once they are installed. */
  Mail: 1,
  /** The audio thread has given this helper up. It must not touch anything any more. */
  Dead: 2,
  /** The audio thread's priority has changed; to be called again. */
  Priority: 3,
} as const;

/** Milliseconds after which a sleeping helper looks around. */
const IDLE_MS = 200;

/** One helper's side of the protocol. Belongs to its thread. */
export class Helper {
  readonly #sync: Sync;
  readonly #words: Int32Array;
  readonly #stages: Stages;
  readonly #base: number;
  readonly #own: number;
  readonly #thread: number;
  readonly #run: number;
  readonly #workers: number;
  readonly #spins: number;
  /** The last epoch of which nothing is left to claim. */
  #spent = 0;
  /** The segment that is being helped with. */
  #epoch = 0;
  #beat = 0;
  #done = 0;
  #table = 0;
  #count = 0;
  #frames = 0;
  /** Kernels that are installed. */
  installed = 0;
  /** The priority that this thread has asked for. */
  priority = 0;

  /**
   * @param index The helper's number.
   * @param run What PARALLEL.RUN was when it was started.
   * @thread set-up
   */
  constructor(crew: Crew, stages: Stages, index: number, run: number) {
    this.#sync = crew.sync;
    this.#workers = crew.workers;
    this.#spins = crew.spins;
    this.#words = crew.words;
    this.#stages = stages;
    this.#base = crew.region >> 2;
    this.#own = (crew.region + PARALLEL.HELPERS + index * HELPER_BYTES) >> 2;
    this.#thread = 1 + index;
    this.#run = run;
  }

  /** Helps until there is a reason not to. */
  work(): number {
    const { load, store, add, compareExchange } = this.#sync;
    const words = this.#words;
    const base = this.#base;
    const counted = this.#own + (HELPER.COUNTED >> 2);
    let why = this.#reason();
    if (why >= 0) return why;
    add(words, base + (PARALLEL.ACTIVE >> 2), 1);
    store(words, counted, this.#run);
    while (why < 0) {
      this.#beat = (this.#beat + 1) | 0 || 1;
      store(words, this.#own + (HELPER.BEAT >> 2), this.#beat);
      const epoch = load(words, base + (PARALLEL.EPOCH >> 2));
      if ((epoch & 1) === 0 || epoch === this.#spent) this.#idle(epoch);
      else this.help(epoch);
      why = this.#reason();
    }
    // Whoever has given it up has counted it out.
    if (compareExchange(words, counted, this.#run, 0) === this.#run) {
      add(words, base + (PARALLEL.ACTIVE >> 2), -1);
    }
    return why;
  }

  /** Does what it can get of the tasks of one segment: its own, then those of others. */
  help(epoch: number): void {
    const { load, store } = this.#sync;
    const words = this.#words;
    const base = this.#base;
    const table = load(words, base + (PARALLEL.TABLE >> 2));
    const count = load(words, base + (PARALLEL.COUNT >> 2)) >>> 0;
    const frames = load(words, base + (PARALLEL.FRAMES >> 2));
    const kernels = load(words, (table + TABLE.KERNELS) >> 2);
    // Only if it is still open have all of these been read as they belong together.
    if (load(words, base + (PARALLEL.EPOCH >> 2)) !== epoch) return;
    this.#spent = epoch;
    if (kernels > this.installed) return;
    store(words, this.#own + (HELPER.SEEN >> 2), epoch);
    this.#table = table;
    this.#count = count;
    this.#frames = frames;
    this.#epoch = epoch;
    this.#done = doneWord(epoch);
    if (!this.#runAll(load(words, this.#headOf(this.#thread)), true)) return;
    for (let other = 0; other <= this.#workers; other++) {
      if (other === this.#thread) continue;
      const head = load(words, this.#headOf(other));
      if (head < 0 || head >= count) continue;
      // Who goes on while this thread looks may leave a wrong number: then there is less to help with.
      const cursor = load(words, this.#cursorOf(other));
      if (!this.#runAll(cursor < 0 || cursor >= count ? head : cursor, false)) return;
    }
  }

  /** Index of the word that holds an owner's first task. */
  #headOf(thread: number): number {
    return (this.#table + TABLE.OWNERS + 4 * thread) >> 2;
  }

  /** Index of the word that says how far an owner is. */
  #cursorOf(thread: number): number {
    const place = thread === 0 ? MAX_WORKERS : thread - 1;
    return this.#base + ((PARALLEL.HELPERS + place * HELPER_BYTES + HELPER.CURSOR) >> 2);
  }

  /** Runs what is free of an owner's tasks from one on. @returns whether to go on with this segment */
  #runAll(from: number, isOwn: boolean): boolean {
    const { load, store } = this.#sync;
    const words = this.#words;
    const cursor = this.#own + (HELPER.CURSOR >> 2);
    for (let task = from; task >= 0 && task < this.#count;) {
      // The table is read only while the segment is open, which a look at its epoch shows afterwards.
      const record = this.#table + TABLE.TASKS + task * TASK_BYTES;
      const at = this.#base + (PARALLEL.TASKS >> 2) + load(words, (record + TASK.WORD) >> 2);
      const next = load(words, (record + TASK.NEXT) >> 2);
      if (load(words, this.#base + (PARALLEL.EPOCH >> 2)) !== this.#epoch) return false;
      if (isOwn) store(words, cursor, task);
      const before = load(words, at);
      if (isFree(before, this.#done) && !this.#claim(record, at, before)) return false;
      task = next;
    }
    return true;
  }

  /** Claims and runs a task. @returns whether to go on with this segment */
  #claim(record: number, at: number, before: number): boolean {
    const { load, store, add, compareExchange, notify } = this.#sync;
    const words = this.#words;
    const done = this.#done;
    const claimed = claimedWord(done, this.#thread);
    const running = runningWord(done, this.#thread);
    // Only if the segment was open when the word was read does it still mean that the task is free:
    // a closed segment has changed it.
    if (load(words, this.#base + (PARALLEL.EPOCH >> 2)) !== this.#epoch) return false;
    if (compareExchange(words, at, before, claimed) !== before) return true;
    // From here on the segment stays open, unless the claim is taken away.
    store(words, this.#own + (HELPER.STEP >> 2), STEP.Begun);
    if (words[(record + TASK.ALONE) >> 2] !== 0) return true;
    if (!this.#wait(record + TASK.WAITS, at, claimed)) return true;
    if (compareExchange(words, at, claimed, running) !== claimed) return true;
    if (!this.#stages.first(record, this.#frames)) return false;
    this.#stages.reach(STEP.Between);
    if (!this.#wait(record + TASK.SECOND_WAITS, at, running)) return false;
    if (!this.#stages.second(record, this.#frames)) return false;
    if (compareExchange(words, at, running, done) !== running) return false;
    add(words, this.#own + (HELPER.DONE >> 2), 1);
    if (load(words, this.#base + (PARALLEL.SLEEPERS >> 2)) !== 0) notify(words, at);
    return true;
  }

  /** Why to leave, or -1. */
  #reason(): number {
    const { load } = this.#sync;
    const words = this.#words;
    if (load(words, this.#own + (HELPER.DEAD >> 2)) !== 0) return LEFT.Dead;
    if (load(words, this.#base + (PARALLEL.RUN >> 2)) !== this.#run) return LEFT.Ended;
    if (load(words, this.#base + (PARALLEL.MAIL >> 2)) !== this.installed) return LEFT.Mail;
    if (load(words, this.#base + (PARALLEL.PRIORITY >> 2)) !== this.priority) return LEFT.Priority;
    return -1;
  }

  /** Waits for tasks as long as the own one's word is `mine`. @returns whether all are done */
  #wait(list: number, at: number, mine: number): boolean {
    const { load, add, spin, sleep } = this.#sync;
    const words = this.#words;
    const waits = words[list >> 2] >> 2;
    const count = words[waits];
    const sleepers = this.#base + (PARALLEL.SLEEPERS >> 2);
    for (let k = 1; k <= count; k++) {
      const record = this.#table + TABLE.TASKS + words[waits + k] * TASK_BYTES;
      const other = this.#base + (PARALLEL.TASKS >> 2) + words[(record + TASK.WORD) >> 2];
      for (let spun = 0;;) {
        const word = load(words, other);
        if (word === this.#done) break;
        if (load(words, at) !== mine) return false;
        if (spin(words, other, word) || ++spun < this.#spins) continue;
        add(words, sleepers, 1);
        sleep(words, other, word, 1);
        add(words, sleepers, -1);
      }
    }
    return true;
  }

  #idle(epoch: number): void {
    const { add, spin, sleep } = this.#sync;
    const at = this.#base + (PARALLEL.EPOCH >> 2);
    if (spin(this.#words, at, epoch)) return;
    const idlers = this.#base + (PARALLEL.IDLERS >> 2);
    add(this.#words, idlers, 1);
    sleep(this.#words, at, epoch, IDLE_MS);
    add(this.#words, idlers, -1);
  }
}
