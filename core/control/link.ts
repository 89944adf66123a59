/**
 * Control's end of the line to the audio side: plans handed over, commands sent, replies read.
 *
 * @module
 */
import { type Layout, PLAN_COUNT } from "../layout.ts";
import { CommandProducer } from "../rt/command_ring.ts";
import { ReplyConsumer } from "../rt/reply_ring.ts";
import { COMMAND, REPLY, type SharedEngine } from "../rt/shared.ts";
import type { PlanWriter } from "./plan/plan_writer.ts";

const scratch = new DataView(new ArrayBuffer(4));
/** The bits of an f32. */
function bits(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

/** A node whose state or output stopped being finite and was reset. */
export interface FaultReply {
  readonly slot: number;
  readonly generation: number;
  /** Low word of the segment's first frame. */
  readonly frameLow: number;
}

/** What control does with replies. */
export interface ReplyHandler {
  /** The plan of this epoch sounds; nothing older is in use. */
  planTaken(epoch: number): void;
  fault(fault: FaultReply): void;
  /** Something arrived after its time and was done at once. */
  late(frames: number): void;
}

/** Commands down, replies up. */
export class Link {
  readonly #layout: Layout;
  readonly #memory: Int32Array;
  readonly #commands: CommandProducer;
  readonly #replies: ReplyConsumer;
  /** Epoch of the plan in each place; 0 for none. */
  readonly #epochs: number[] = Array.from({ length: PLAN_COUNT }, () => 0);
  #sent = 0;
  #taken = 0;

  constructor(shared: SharedEngine, layout: Layout) {
    this.#layout = layout;
    this.#memory = new Int32Array(shared.memory.buffer);
    this.#commands = new CommandProducer(shared.commands);
    this.#replies = new ReplyConsumer(shared.replies);
  }

  /** Epoch of the last plan that was sent. */
  get epoch(): number {
    return this.#sent;
  }

  /** Epoch of the plan that sounds, as far as replies tell. */
  get taken(): number {
    return this.#taken;
  }

  /** Commands that fit into the ring now, at least. */
  get commandRoom(): number {
    return this.#commands.room;
  }

  /** Commands that have been sent and not taken. */
  get waiting(): number {
    return this.#commands.capacity - this.#commands.room;
  }

  /** Whether a plan can be sent now: one place is sounding, one may wait, one must be free. */
  get hasFreePlan(): boolean {
    return this.#freePlace() >= 0;
  }

  /** Addresses of the plans that may sound or wait, and of those that were let go but not yet replaced. */
  get plans(): { readonly address: number; readonly epoch: number }[] {
    const { plans, capacity: { planBytes } } = this.#layout;
    return this.#epochs.flatMap((epoch, place) =>
      epoch ? [{ address: plans + place * planBytes, epoch }] : []
    );
  }

  /** Places a plan and tells the audio side to use it from `frame` on; returns its epoch. */
  sendPlan(writer: PlanWriter, outputs: readonly number[], frame: number): number {
    const place = this.#freePlace();
    const { planBytes } = this.#layout.capacity;
    if (writer.bytes > planBytes) {
      throw new RangeError(
        `Cannot plan the graph: it needs ${writer.bytes} bytes, capacity.planBytes is ${planBytes}`,
      );
    }
    const address = this.#layout.plans + place * planBytes;
    writer.place(this.#memory, address, outputs);
    this.#push(COMMAND.USE_PLAN, address, this.#sent + 1, 0, frame, 0, 0);
    this.#epochs[place] = ++this.#sent;
    return this.#sent;
  }

  /** Changes a parameter from `frame` on (0: at once) over `duration` frames. */
  sendParam(
    slot: number,
    generation: number,
    param: number,
    target: number,
    frame: number,
    duration: number,
  ): void {
    this.#push(COMMAND.PARAM, slot, generation, param, frame, bits(target), duration);
  }

  #push(
    op: number,
    a: number,
    b: number,
    c: number,
    frame: number,
    value: number,
    extra: number,
  ): void {
    const low = frame % 0x100000000;
    const high = Math.floor(frame / 0x100000000);
    if (!this.#commands.push(op, a, b, c, low, high, value, extra)) {
      throw new RangeError(
        `Cannot send a command: all ${this.#commands.capacity} places of the command ring are taken; ` +
          `let the audio side take some (32 a block), or create the engine with a larger ring`,
      );
    }
  }

  /** Reads all replies that have arrived. */
  readReplies(handler: ReplyHandler): void {
    const replies = this.#replies;
    while (replies.next()) {
      if (replies.op === REPLY.PLAN) {
        this.#taken = replies.a;
        handler.planTaken(replies.a);
      } else if (replies.op === REPLY.FAULT) {
        handler.fault({ slot: replies.a, generation: replies.b, frameLow: replies.c });
      } else if (replies.op === REPLY.LATE) {
        handler.late(replies.b);
      }
    }
  }

  /** A place whose plan is neither sounding nor waiting, or -1. */
  #freePlace(): number {
    return this.#epochs.findIndex((epoch) => epoch === 0 || epoch < this.#taken);
  }
}
