/**
 * What is rendered ahead, on its way from the thread that renders it to the one that needs it: frames
 * in a ring, counted from the first one. Both threads may sleep.
 *
 * @module
 */

// This module is browser compatible.
import { QUANTUM } from "../../core/layout.ts";

/** Words before the samples: frames written and read (modulo 2^32), whether it is to end, or has broken. */
const WORD = { WRITTEN: 0, READ: 1, STOP: 2, BROKEN: 3 } as const;
const HEAD_BYTES = 64;
/** Frames of a ring: enough for a thread to go on while the other one is held up for some milliseconds. */
const FRAMES = 128 * QUANTUM;
/** Frames after which the other thread is told: waking up takes longer than a block. */
const STEP = 8 * QUANTUM;
/** Milliseconds of one wait. A machine that stood still counts as one. */
const WAIT_MS = 100;

/** A ring in shared memory. */
export class StemRing {
  readonly #words: Int32Array;
  readonly #samples: Float32Array;
  readonly #frames: number;

  /** @param buffer What {@linkcode StemRing.make} has made. */
  constructor(readonly buffer: SharedArrayBuffer, readonly channels: number) {
    this.#words = new Int32Array(buffer, 0, HEAD_BYTES / 4);
    this.#samples = new Float32Array(buffer, HEAD_BYTES);
    this.#frames = this.#samples.length / channels;
  }

  /** @param blockFrames Frames that are read at once, at most. */
  static make(channels: number, blockFrames: number): StemRing {
    let frames = FRAMES;
    while (frames < 4 * blockFrames) frames *= 2;
    return new StemRing(new SharedArrayBuffer(HEAD_BYTES + 4 * frames * channels), channels);
  }

  /** Frames that can be written. */
  get room(): number {
    return this.#frames - this.ready;
  }

  /** Frames that can be read. */
  get ready(): number {
    const { WRITTEN, READ } = WORD;
    return (Atomics.load(this.#words, WRITTEN) - Atomics.load(this.#words, READ)) | 0;
  }

  /** Writes a block of `QUANTUM` frames, interleaved, for which there is room. @thread the stem's */
  write(block: Float32Array): void {
    const written = Atomics.load(this.#words, WORD.WRITTEN);
    this.#samples.set(block, (written & (this.#frames - 1)) * this.channels);
    Atomics.store(this.#words, WORD.WRITTEN, (written + QUANTUM) | 0);
    if (((written + QUANTUM) & (STEP - 1)) === 0) Atomics.notify(this.#words, WORD.WRITTEN);
  }

  /** Waits until there is room for a block; false if it is to end. @thread the stem's */
  waitForRoom(): boolean {
    const words = this.#words;
    for (;;) {
      const read = Atomics.load(words, WORD.READ);
      const { room } = this;
      if (Atomics.load(words, WORD.STOP) !== 0) return false;
      if (room >= QUANTUM) return true;
      Atomics.wait(words, WORD.READ, read);
    }
  }

  /**
   * Copies frames from the first unread one on into some channels of an interleaved block. They stay.
   *
   * @thread the trunk's
   */
  copy(into: Float32Array, frames: number, first: number, channels: number): void {
    const { channels: own } = this;
    const samples = this.#samples;
    const mask = this.#frames - 1;
    const read = Atomics.load(this.#words, WORD.READ);
    for (let t = 0, to = first; t < frames; t++, to += channels) {
      const from = ((read + t) & mask) * own;
      for (let c = 0; c < own; c++) into[to + c] = samples[from + c];
    }
  }

  /** Frees frames that have been read. @thread the trunk's */
  free(frames: number): void {
    const read = Atomics.load(this.#words, WORD.READ);
    const next = (read + frames) | 0;
    Atomics.store(this.#words, WORD.READ, next);
    if ((read & -STEP) !== (next & -STEP)) Atomics.notify(this.#words, WORD.READ);
  }

  /** Whether no more will come. */
  get isBroken(): boolean {
    return Atomics.load(this.#words, WORD.BROKEN) !== 0;
  }

  /**
   * Waits for more if so many frames are not there yet, a tenth of a second at most; says whether
   * something has come. @thread the trunk's
   */
  waitForFrames(frames: number): boolean {
    const written = Atomics.load(this.#words, WORD.WRITTEN);
    if (this.ready >= frames) return true;
    sleep(this.#words, written);
    return Atomics.load(this.#words, WORD.WRITTEN) !== written;
  }

  /** Ends the thread that renders it. @thread the trunk's */
  stop(): void {
    Atomics.store(this.#words, WORD.STOP, 1);
    // A thread that is about to wait, and has not seen STOP, sees that this is another number.
    Atomics.add(this.#words, WORD.READ, QUANTUM);
    Atomics.notify(this.#words, WORD.READ);
  }

  /** Says that no more will come. @thread the stem's */
  breakDown(): void {
    Atomics.store(this.#words, WORD.BROKEN, 1);
    Atomics.notify(this.#words, WORD.WRITTEN);
  }
}

/** Sleeps until more is written. A page's main thread must not sleep: it looks again and again. */
function sleep(words: Int32Array, written: number): void {
  try {
    Atomics.wait(words, WORD.WRITTEN, written, WAIT_MS);
  } catch {
    const end = performance.now() + WAIT_MS;
    while (Atomics.load(words, WORD.WRITTEN) === written && performance.now() < end);
  }
}
