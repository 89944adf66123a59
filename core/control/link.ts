/**
 * Control's end of the line to the audio side: plans handed over, commands sent, replies read.
 *
 * @module
 */
import { HEADER, type Layout, pieceBytes, ROOM_PIECES } from "../layout.ts";
import { CommandProducer } from "../rt/command_ring.ts";
import { PLAN, TABLE } from "../rt/plan_format.ts";
import { ReplyConsumer } from "../rt/reply_ring.ts";
import { COMMAND, REPLY, type SharedEngine } from "../rt/shared.ts";
import { PlanRooms } from "./plan_rooms.ts";
import type { PlacedPlan, PlanSupport } from "./plan_support.ts";
import type { PlanWriter } from "./plan/plan_writer.ts";

const scratch = new DataView(new ArrayBuffer(4));
/** The bits of an f32. */
function bits(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

/** Frame time of the audio side. */
function frameTime(memory: Int32Array): number {
  const word = (offset: number) => Atomics.load(memory, (HEADER.NOW + offset) / 4) >>> 0;
  return word(0) + 0x100000000 * word(4);
}

function eventsTaken(wanted: number, { capacity: { events } }: Layout): string {
  return `${wanted} of the ${events} places for changes to come are wanted and not free ` +
    `(capacity.events); wait until some of them have come, or create the engine with more`;
}

/** Plans that wait for the audio side when one is sent: it takes no more at once than it must. */
const MAX_WAITING = 2;
const PLANS_WAIT = "two edits wait for the audio side already; let it render, or edit later";

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
  /** Frames of the parameter events that were sent and may not have come yet. */
  #events: number[] = [];
  readonly #rooms: PlanRooms;
  #sent = 0;
  #taken = 0;

  readonly #support: PlanSupport | undefined;

  constructor(shared: SharedEngine, layout: Layout, support?: PlanSupport) {
    this.#support = support;
    this.#layout = layout;
    this.#rooms = new PlanRooms(pieceBytes(layout.capacity));
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

  /** Whether a plan of any size can be sent now, to be taken at once. */
  get hasFreePlan(): boolean {
    return this.#rooms.waiting < MAX_WAITING && this.#rooms.find(ROOM_PIECES) >= 0;
  }

  /** Whether there is room for a plan of so many pieces, and for a command. */
  hasRoomFor(pieces: number): boolean {
    return this.commandRoom > 0 && this.#find(pieces) >= 0;
  }

  /** Addresses of the plans that may sound or wait, and of those that were let go but not yet replaced. */
  get plans(): PlacedPlan[] {
    return this.#rooms.epochs.map((epoch) => (
      { address: this.#addressOf(this.#rooms.placeOf(epoch)), epoch }
    ));
  }

  /**
   * Pieces that a plan takes of the rooms for plans, without what helpers need.
   *
   * @throws {RangeError} If it is larger than a room.
   */
  piecesOf({ bytes }: PlanWriter): number {
    const { planBytes } = this.#layout.capacity;
    if (bytes > planBytes) {
      throw new RangeError(
        `Cannot plan the graph: it needs ${bytes} bytes, capacity.planBytes is ${planBytes}`,
      );
    }
    return this.#rooms.piecesOf(bytes);
  }

  /**
   * Places a plan and tells the audio side to use it from `frame` on; returns its epoch.
   *
   * @throws {RangeError} If there is no room; nothing was sent then.
   */
  sendPlan(writer: PlanWriter, outputs: readonly number[], frame: number): number {
    const place = this.#find(this.piecesOf(writer));
    if (place < 0) throw new RangeError(`Cannot edit: ${PLANS_WAIT}`);
    const address = this.#addressOf(place);
    writer.place(this.#memory, address, outputs);
    this.#support?.finish({ address, epoch: this.#sent + 1 }, writer);
    this.#push(COMMAND.USE_PLAN, address, this.#sent + 1, 0, frame, 0, 0);
    this.#rooms.take(++this.#sent, place, this.#rooms.piecesOf(this.#usedBytes(address, writer)));
    return this.#sent;
  }

  /**
   * Withdraws a plan that waits, unless the audio side has taken it. Those sent after it must have
   * been withdrawn before it. @returns Whether the audio side will never take it.
   */
  withdraw(epoch: number): boolean {
    const place = this.#rooms.placeOf(epoch);
    if (place < 0) return false;
    const word = HEADER.DECIDED / 4 + place;
    const decided = Atomics.load(this.#memory, word);
    if (
      decided >= 2 * epoch ||
      Atomics.compareExchange(this.#memory, word, decided, 2 * epoch + 1) !== decided
    ) return false;
    this.#rooms.leave(epoch);
    return true;
  }

  /** Drops the changes of parameters that wait for a frame or a later one. */
  forget(frame: number): void {
    this.#push(COMMAND.FORGET, 0, 0, 0, frame, 0, 0);
    this.#events = this.#events.filter((at) => at < frame);
  }

  /** Whether changes of parameters wait for this frame or a later one. */
  hasEvents(frame: number): boolean {
    const from = Math.max(frame, frameTime(this.#memory));
    return this.#events.some((at) => at >= from);
  }

  /** Parameter events that can be sent now: no more than the audio side has room to keep. */
  get eventRoom(): number {
    const { events } = this.#layout.capacity;
    if (this.#events.length >= events) {
      const now = frameTime(this.#memory);
      this.#events = this.#events.filter((frame) => frame >= now);
    }
    return events - this.#events.length;
  }

  /** @throws {RangeError} If there is no room for so many parameter events. */
  checkEvents(wanted: number): void {
    if (wanted <= this.eventRoom) return;
    throw new RangeError(`Cannot schedule a change: ${eventsTaken(wanted, this.#layout)}`);
  }

  /**
   * Why an edit with so many changes of parameters cannot be sent now, or null.
   */
  obstacle(values: number): string | null {
    if (!this.hasFreePlan) return PLANS_WAIT;
    return this.ringObstacle(values + 1);
  }

  /** Why so many commands cannot be sent now, or null. */
  ringObstacle(wanted: number): string | null {
    const { room, capacity } = this.#commands;
    if (wanted <= room) return null;
    return `it takes ${wanted} command${wanted > 1 ? "s" : ""}, of which ${room} fit into the ` +
      `command ring now, and ${capacity} at most; let the audio side take some (32 a block), or ` +
      `make it smaller`;
  }

  /** @throws {RangeError} If an edit with so many changes of parameters could never be sent. */
  checkSize(values: number): void {
    if (values < this.#commands.capacity) return;
    throw new RangeError(
      `Cannot edit: ${values} changes of parameters are to take effect at once, which is more than the command ring holds`,
    );
  }

  /**
   * Changes a parameter from `frame` on (0: at once) over `duration` frames.
   *
   * @throws {RangeError} If the command ring, or the room for events, is full; nothing was sent then.
   */
  sendParam(
    slot: number,
    generation: number,
    param: number,
    target: number,
    frame: number,
    duration: number,
  ): void {
    if (frame > 0) this.checkEvents(1);
    this.#push(COMMAND.PARAM, slot, generation, param, frame, bits(target), duration);
    if (frame > 0) this.#events.push(frame);
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
        this.#rooms.taken(replies.a);
        handler.planTaken(replies.a);
      } else if (replies.op === REPLY.FAULT) {
        handler.fault({ slot: replies.a, generation: replies.b, frameLow: replies.c });
      } else if (replies.op === REPLY.LATE) {
        handler.late(replies.b);
      }
    }
  }

  /** A place for a plan: helpers' tasks may fill all that a plan may take. */
  #find(pieces: number): number {
    return this.#rooms.find(this.#support ? ROOM_PIECES : pieces);
  }

  /** Bytes of a plan with its helpers' tasks, which end with a word for each op. */
  #usedBytes(address: number, { bytes }: PlanWriter): number {
    const word = (at: number) => this.#memory[at >> 2];
    const table = this.#support ? word(address + PLAN.TASKS) : 0;
    if (table === 0) return bytes;
    return word(table + TABLE.FAULTS) + 4 * word(table + TABLE.OP_COUNT) - address;
  }

  /** Address of a piece of the rooms for plans. */
  #addressOf(place: number): number {
    const { plans, capacity } = this.#layout;
    const room = Math.floor(place / ROOM_PIECES);
    return plans + room * capacity.planBytes + place % ROOM_PIECES * pieceBytes(capacity);
  }
}
