// This module is real-time safe.
/** Replies on their way from the audio thread to the control thread. @module */
import { HEADER, HEADER_BYTES } from "../layout.ts";
import { RecordConsumer, RecordProducer } from "./record_ring.ts";
import { REPLY_WORDS } from "./shared.ts";

/** The audio thread's end. */
export class ReplyProducer extends RecordProducer {
  readonly #header: Uint32Array;

  /** @param header The words of shared memory, to count lost replies in. */
  constructor(storage: SharedArrayBuffer, header: Uint32Array = new Uint32Array(HEADER_BYTES / 4)) {
    super(storage, REPLY_WORDS);
    this.#header = header;
  }

  /**
   * Sends a reply; the words mean what `REPLY` says of each op.
   *
   * @returns Whether it fitted; if not, nothing has changed.
   * @thread audio
   */
  send(op: number, a: number, b: number, c: number): boolean {
    const record = this.record;
    record[0] = op;
    record[1] = a;
    record[2] = b;
    record[3] = c;
    return this.pushRecord();
  }

  /** Sends a reply that may get lost: then it is counted. @thread audio */
  report(op: number, a: number, b: number, c: number): void {
    if (!this.send(op, a, b, c)) this.#header[HEADER.LOST_REPLIES >> 2]++;
  }
}

/** The control thread's end. */
export class ReplyConsumer extends RecordConsumer {
  constructor(storage: SharedArrayBuffer) {
    super(storage, new Uint32Array(REPLY_WORDS));
  }

  /** Takes the next reply. @returns Whether there was one. @thread control */
  next(): boolean {
    return this.takeRecord();
  }

  get op(): number {
    return this.record[0];
  }
  get a(): number {
    return this.record[1];
  }
  get b(): number {
    return this.record[2];
  }
  get c(): number {
    return this.record[3];
  }
}
