/**
 * Watches one core with a thread of higher priority than anything that is tested. When even that one
 * does not wake, the machine itself stands still (a virtual one whose host is busy, or a kernel that
 * cannot be interrupted), and no program on this core could keep a deadline.
 *
 * @module
 */

/** A span of time: milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Words that the two threads share. */
export const WATCH = {
  /** Not 0: the watch is over. */
  STOP: 0,
  /** Stalls noted so far. */
  COUNT: 1,
  /** One of `WATCHING`. */
  STATE: 2,
} as const;
/** Whether the watching thread goes before all others. */
export const WATCHING = { Starting: 0, Raised: 1, Refused: 2 } as const;

/** What the watching thread is given. */
export interface WatchStart {
  readonly core: number;
  readonly words: Int32Array<SharedArrayBuffer>;
  /** From and to of each stall; the oldest are overwritten. */
  readonly times: Float64Array<SharedArrayBuffer>;
}

/** Stalls that can be kept. */
const MAX_STALLS = 1 << 16;

/** A watch that is kept until it is disposed of. */
export class CoreWatch implements AsyncDisposable {
  readonly core: number;
  readonly #start: WatchStart;
  readonly #ended: Promise<void>;

  constructor(core: number) {
    this.core = core;
    this.#start = {
      core,
      words: new Int32Array(new SharedArrayBuffer(16)),
      times: new Float64Array(new SharedArrayBuffer(16 * MAX_STALLS)),
    };
    const url = new URL("./core_watch_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    this.#ended = new Promise((resolve) => worker.onmessage = () => resolve());
    worker.postMessage(this.#start);
  }

  /** Whether it can be believed: the system lets it go before all others. */
  get isRaised(): boolean {
    return Atomics.load(this.#start.words, WATCH.STATE) === WATCHING.Raised;
  }

  /** The times in which the core stood still. */
  get stalls(): Span[] {
    const { words, times } = this.#start;
    const count = Math.min(Atomics.load(words, WATCH.COUNT), MAX_STALLS);
    return Array.from({ length: count }, (_, k) => ({ from: times[2 * k], to: times[2 * k + 1] }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    Atomics.store(this.#start.words, WATCH.STOP, 1);
    await this.#ended;
  }
}
