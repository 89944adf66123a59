// This module is real-time safe.
/**
 * How threads talk: `Atomics`, and two ways of waiting. Tests put their own in its place to try all
 * interleavings.
 *
 * @module
 */

/** What the protocol does with shared words. Indices are those of the array. */
export interface Sync {
  load(words: Int32Array, index: number): number;
  store(words: Int32Array, index: number, value: number): number;
  add(words: Int32Array, index: number, value: number): number;
  compareExchange(words: Int32Array, index: number, expected: number, value: number): number;
  notify(words: Int32Array, index: number): number;
  /** Stores a value in all words from one to before another, in any order. */
  fill(words: Int32Array, from: number, to: number, value: number): void;
  /** Waits awake, for microseconds, until a word is not `value` any more. @returns whether it is not */
  spin(words: Int32Array, index: number, value: number): boolean;
  /** Sleeps until it is told that the word has changed, or for so many milliseconds. */
  sleep(words: Int32Array, index: number, value: number, milliseconds: number): void;
}

const pause: () => void = (Atomics as unknown as { pause?: () => void }).pause ?? (() => {});

/** Rounds of {@linkcode Sync.spin}: about 20 us where there is `Atomics.pause`. */
const SPINS = 256;

/** Threads that may sleep. */
export const atomics: Sync = {
  load: Atomics.load,
  store: Atomics.store,
  add: Atomics.add,
  compareExchange: Atomics.compareExchange,
  notify: Atomics.notify,
  fill(words, from, to, value) {
    for (let at = from; at < to; at++) Atomics.store(words, at, value);
  },
  spin(words, index, value) {
    for (let round = 0; round < SPINS; round++) {
      if (Atomics.load(words, index) !== value) return true;
      pause();
    }
    return false;
  },
  sleep(words, index, value, milliseconds) {
    Atomics.wait(words, index, value, milliseconds);
  },
};
