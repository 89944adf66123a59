// This module is real-time safe.
/**
 * Records of a fixed number of 32-bit words through a ring of `ringbuf.js`: one thread pushes,
 * one thread takes. A record goes in whole or not at all, so it also comes out whole.
 *
 * `push` and `pop` of `ringbuf.js` copy element by element between typed arrays and allocate
 * nothing (its `writeCallback` does, and is not used).
 *
 * @module
 */
import { RingBuffer } from "ringbuf.js";

/** Memory for a ring of so many records of so many words. @thread control */
export function recordStorage(records: number, words: number): SharedArrayBuffer {
  return RingBuffer.getStorageForCapacity(records * words, Uint32Array as never);
}

/** The end that pushes. Belongs to one thread. */
export class RecordProducer {
  /** Records that fit in the ring. */
  readonly capacity: number;
  /** The record to push next. */
  readonly record: Uint32Array;
  readonly #ring: RingBuffer;

  constructor(storage: SharedArrayBuffer, words: number) {
    this.#ring = new RingBuffer(storage, Uint32Array as never);
    this.record = new Uint32Array(words);
    this.capacity = Math.floor(this.#ring.capacity() / words);
  }

  /** Records that fit now, at least. */
  get room(): number {
    return Math.floor(this.#ring.available_write() / this.record.length);
  }

  /** Pushes `record`. @returns Whether it fitted; if not, nothing has changed. */
  pushRecord(): boolean {
    const words = this.record.length;
    if (this.#ring.available_write() < words) return false;
    // deno-lint-ignore aether/realtime-safe -- this push writes into the ring's own memory
    this.#ring.push(this.record, words);
    return true;
  }
}

/** The end that takes. Belongs to one thread. */
export class RecordConsumer {
  /** The record taken last. */
  readonly record: Uint32Array;
  readonly #ring: RingBuffer;

  /** @param record Where records are to be put. */
  constructor(storage: SharedArrayBuffer, record: Uint32Array) {
    this.#ring = new RingBuffer(storage, Uint32Array as never);
    this.record = record;
  }

  /** Records that wait, at least. */
  get waiting(): number {
    return Math.floor(this.#ring.available_read() / this.record.length);
  }

  /** Takes the next record into `record`. @returns Whether there was one. */
  takeRecord(): boolean {
    return this.#ring.pop(this.record, this.record.length) > 0;
  }
}
