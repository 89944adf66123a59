/**
 * PortAudio may be started, stopped and asked to open devices by one thread at a time.
 *
 * @module
 */

const FREE = 0;
const TAKEN = 1;

/** A lock in memory that threads share. */
export class ThreadLock {
  readonly #word: Int32Array<SharedArrayBuffer>;

  /** @param buffer that of the lock to share */
  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.#word = new Int32Array(buffer);
  }

  /** Runs a function while no other thread runs one. */
  hold<T>(run: () => T): T {
    while (Atomics.compareExchange(this.#word, 0, FREE, TAKEN) !== FREE) {
      Atomics.wait(this.#word, 0, TAKEN);
    }
    try {
      return run();
    } finally {
      Atomics.store(this.#word, 0, FREE);
      Atomics.notify(this.#word, 0);
    }
  }
}
