// This module is real-time safe.
/** Commands on their way from the control thread to the audio thread. @module */
import { RecordConsumer, RecordProducer } from "./record_ring.ts";
import { COMMAND_WORDS } from "./shared.ts";

/** The control thread's end. */
export class CommandProducer extends RecordProducer {
  constructor(storage: SharedArrayBuffer) {
    super(storage, COMMAND_WORDS);
  }

  /**
   * Sends a command; the words mean what `COMMAND` says of each op.
   *
   * @param value Bits of an f32.
   * @returns Whether it fitted; if not, nothing has changed.
   * @thread control
   */
  push(
    op: number,
    a: number,
    b: number,
    c: number,
    frameLow: number,
    frameHigh: number,
    value: number,
    extra: number,
  ): boolean {
    const record = this.record;
    record[0] = op;
    record[1] = a;
    record[2] = b;
    record[3] = c;
    record[4] = frameLow;
    record[5] = frameHigh;
    record[6] = value;
    record[7] = extra;
    return this.pushRecord();
  }
}

/** The audio thread's end. */
export class CommandConsumer extends RecordConsumer {
  readonly #held: Uint32Array;

  /**
   * @param place A word that says whether a command is held, then room for the command. In shared
   * memory, so that a command that must wait is not lost if another scheduler takes over.
   */
  constructor(storage: SharedArrayBuffer, place: Uint32Array = new Uint32Array(1 + COMMAND_WORDS)) {
    super(storage, place.subarray(1, 1 + COMMAND_WORDS));
    this.#held = place;
  }

  /** Commands that wait, at least, the one that was put back among them. @thread audio */
  override get waiting(): number {
    return super.waiting + this.#held[0];
  }

  /** Takes the next command, or the one that was put back. @returns Whether there is one. @thread audio */
  next(): boolean {
    if (this.#held[0] === 0) return this.takeRecord();
    this.#held[0] = 0;
    return true;
  }

  /** Puts the command taken last back in front of all others. @thread audio */
  putBack(): void {
    this.#held[0] = 1;
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
  get frameLow(): number {
    return this.record[4];
  }
  get frameHigh(): number {
    return this.record[5];
  }
  /** The bits of the f32. */
  get valueBits(): number {
    return this.record[6];
  }
  get extra(): number {
    return this.record[7];
  }
}
