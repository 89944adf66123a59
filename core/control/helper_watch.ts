/**
 * Which helper threads are gone: those that were given up or broke down, and those that have not
 * looked around for seconds, whatever has become of them.
 *
 * @module
 */
import { HELPER, HELPER_BYTES, PARALLEL } from "../layout.ts";

/** Milliseconds without a beat after which a helper counts as gone. It looks around every 200. */
const SILENT_MS = 2000;
/** And one that has never been there, which loads its code. */
const LOADING_MS = 30_000;
/**
 * Milliseconds for which one look counts at most: where the whole machine, or this thread, has stood
 * still, helpers had no chance to show that they are there.
 */
const MOST_MS = 100;

/** Watches the helpers of one engine. @thread control */
export class HelperWatch {
  readonly #words: Int32Array;
  readonly #region: number;
  readonly #now: () => number;
  #beats = new Int32Array(0);
  #silent = new Float64Array(0);
  readonly #lost = new Set<number>();
  #looked = 0;

  /**
   * @param words All memory.
   * @param region Address of the PARALLEL region.
   * @param now A clock, in milliseconds.
   */
  constructor(words: Int32Array, region: number, now: () => number = Date.now) {
    this.#words = words;
    this.#region = region;
    this.#now = now;
  }

  /** Clears the words of helpers that are about to be started; older ones do not count any more. */
  start(workers: number): void {
    for (let helper = 0; helper < workers; helper++) {
      this.#discount(helper);
      const first = this.#at(helper, 0);
      this.#words.fill(0, first, first + HELPER_BYTES / 4);
    }
    this.#beats = new Int32Array(workers);
    this.#silent = new Float64Array(workers);
    this.#lost.clear();
    this.#looked = this.#now();
  }

  /** Tells each helper that is gone, once. One that comes back later finds itself given up. */
  look(workers: number, onLost?: (helper: number) => void): void {
    const now = this.#now();
    const passed = Math.min(MOST_MS, Math.max(0, now - this.#looked));
    this.#looked = now;
    for (let helper = 0; helper < workers; helper++) {
      if (this.#lost.has(helper)) continue;
      const dead = this.#at(helper, HELPER.DEAD);
      if (this.#isSilent(helper, passed)) Atomics.compareExchange(this.#words, dead, 0, 1);
      if (Atomics.load(this.#words, dead) === 0) continue;
      this.#lost.add(helper);
      this.#discount(helper);
      onLost?.(helper);
    }
  }

  #isSilent(helper: number, passed: number): boolean {
    const beat = Atomics.load(this.#words, this.#at(helper, HELPER.BEAT));
    if (beat !== this.#beats[helper]) {
      this.#beats[helper] = beat;
      this.#silent[helper] = 0;
      return false;
    }
    this.#silent[helper] += passed;
    return this.#silent[helper] > (beat === 0 ? LOADING_MS : SILENT_MS);
  }

  /** The audio thread need not open segments for it. Whoever empties the word takes it out. */
  #discount(helper: number): void {
    const counted = this.#at(helper, HELPER.COUNTED);
    if (Atomics.exchange(this.#words, counted, 0) === 0) return;
    Atomics.sub(this.#words, (this.#region + PARALLEL.ACTIVE) >> 2, 1);
  }

  #at(helper: number, offset: number): number {
    return (this.#region + PARALLEL.HELPERS + helper * HELPER_BYTES + offset) >> 2;
  }
}
