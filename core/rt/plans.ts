// This module is real-time safe.
/**
 * The plan that sounds, and those that wait for their frame, in the order in which they were sent.
 * Control may withdraw those that were sent last, until the moment in which they are taken.
 *
 * @module
 */
import {
  HEADER,
  type Layout,
  NODE_BYTES,
  pieceBytes,
  PLAN_COUNT,
  PLAN_ROOMS,
  ROOM_PIECES,
} from "../layout.ts";
import type { Driver } from "./driver/compile_driver.ts";
import { COPY_BYTES, FADE, FADE_BYTES, PLAN, STATE_COPY } from "./plan_format.ts";
import type { ReplyProducer } from "./reply_ring.ts";
import { COMMAND, REPLY } from "./shared.ts";
import type { StateResets } from "./state_resets.ts";

const DECIDED = HEADER.DECIDED >> 2;
const WAITING = HEADER.WAITING >> 2;
const WAITING_FIRST = HEADER.WAITING_FIRST >> 2;
const WAITING_COUNT = HEADER.WAITING_COUNT >> 2;
/** Words of a waiting plan. */
const [ADDRESS, EPOCH, LOW, HIGH, WORDS] = [0, 1, 2, 3, 4];

/** Takes plans when they are due. All it knows is in shared memory, so another one may go on. */
export class Plans {
  readonly #driver: Driver;
  readonly #u32: Uint32Array;
  readonly #nodes: number;
  readonly #replies: ReplyProducer;
  readonly #resets: StateResets;
  readonly #rooms: number;
  readonly #roomBytes: number;
  readonly #pieceBytes: number;

  /** @param nodes Address of the node table. @thread set-up */
  constructor(
    driver: Driver,
    words: Uint32Array,
    nodes: number,
    replies: ReplyProducer,
    resets: StateResets,
    { plans, capacity }: Pick<Layout, "plans" | "capacity">,
  ) {
    this.#driver = driver;
    this.#u32 = words;
    this.#nodes = nodes;
    this.#replies = replies;
    this.#resets = resets;
    this.#rooms = plans;
    this.#roomBytes = capacity.planBytes;
    this.#pieceBytes = pieceBytes(capacity);
  }

  /** Address of the plan that sounds, 0 for none. @thread audio */
  get sounding(): number {
    return this.#u32[HEADER.PLAN >> 2];
  }

  /** The piece of the rooms for plans that begins at this address, -1 for none. @thread audio */
  placeOf(plan: number): number {
    for (let room = 0; room < PLAN_ROOMS; room++) {
      const offset = plan - this.#rooms - room * this.#roomBytes;
      for (let piece = 0; piece < ROOM_PIECES; piece++) {
        if (offset === piece * this.#pieceBytes) return room * ROOM_PIECES + piece;
      }
    }
    return -1;
  }

  /** Queues a plan and takes those that are due. @returns Whether there was room. @thread audio */
  add(plan: number, epoch: number, frameLow: number, frameHigh: number): boolean {
    const header = this.#u32;
    // What was withdrawn was sent last: its places are free.
    while (header[WAITING_COUNT] > 0 && this.#isWithdrawn(header[WAITING_COUNT] - 1)) {
      header[WAITING_COUNT]--;
    }
    const waiting = header[WAITING_COUNT];
    if (waiting === PLAN_COUNT) return false;
    const at = WAITING + (header[WAITING_FIRST] + waiting) % PLAN_COUNT * WORDS;
    header[at + ADDRESS] = plan;
    header[at + EPOCH] = epoch;
    header[at + LOW] = frameLow;
    header[at + HIGH] = frameHigh;
    header[WAITING_COUNT] = waiting + 1;
    // The commands that follow may mean nodes of this plan.
    this.takeDue();
    return true;
  }

  /** Takes the plans whose frame has come. @thread audio */
  takeDue(): void {
    const header = this.#u32;
    while (header[WAITING_COUNT] > 0 && (this.#isWithdrawn(0) || this.framesToNext(1) === 0)) {
      const first = header[WAITING_FIRST];
      const at = WAITING + first * WORDS;
      const plan = header[at + ADDRESS];
      const epoch = header[at + EPOCH];
      if (this.#claim(plan, epoch)) {
        const late = this.#driver.frames_late(header[at + LOW], header[at + HIGH]);
        if (late > 0) this.#replies.report(REPLY.LATE, epoch, late, COMMAND.USE_PLAN);
        this.#take(plan, epoch);
      }
      header[WAITING_FIRST] = (first + 1) % PLAN_COUNT;
      header[WAITING_COUNT]--;
    }
  }

  /** Whether control has withdrawn the plan that is so many behind the first that waits. */
  #isWithdrawn(behind: number): boolean {
    const header = this.#u32;
    const at = WAITING + (header[WAITING_FIRST] + behind) % PLAN_COUNT * WORDS;
    const decided = Atomics.load(header, DECIDED + this.placeOf(header[at + ADDRESS]));
    return decided > 2 * header[at + EPOCH];
  }

  /** Takes the plan before control can withdraw it. @returns Whether it came first. */
  #claim(plan: number, epoch: number): boolean {
    const word = DECIDED + this.placeOf(plan);
    const decided = Atomics.load(this.#u32, word);
    return decided <= 2 * epoch &&
      Atomics.compareExchange(this.#u32, word, decided, 2 * epoch) === decided;
  }

  /** Frames until the next plan is due, in [0, most]. @thread audio */
  framesToNext(most: number): number {
    const header = this.#u32;
    if (header[WAITING_COUNT] === 0) return most;
    const at = WAITING + header[WAITING_FIRST] * WORDS;
    return this.#driver.frames_until(header[at + LOW], header[at + HIGH], most);
  }

  /** Says that the sounding plan sounds, if there was no room to say so before. @thread audio */
  repeatReply(): void {
    if (this.#u32[HEADER.REPLY_DUE >> 2]) this.#reply();
  }

  #take(plan: number, epoch: number): void {
    this.#u32[HEADER.PLAN >> 2] = plan;
    this.#u32[HEADER.EPOCH >> 2] = epoch;
    this.#copyStates(this.#u32[(plan + PLAN.COPIES) >>> 2]);
    this.#startFades(this.#u32[(plan + PLAN.FADES) >>> 2]);
    this.#driver.adopt(plan, this.#nodes);
    this.#resets.keepOnly(plan);
    this.#reply();
  }

  #copyStates(list: number): void {
    if (list === 0) return;
    const count = this.#u32[list >>> 2];
    for (let k = 0; k < count; k++) {
      const at = (list + 4 + k * COPY_BYTES) >>> 2;
      this.#driver.move(
        this.#u32[at + (STATE_COPY.TO >> 2)],
        this.#u32[at + (STATE_COPY.FROM >> 2)],
        this.#u32[at + (STATE_COPY.BYTES >> 2)],
      );
    }
  }

  #startFades(list: number): void {
    if (list === 0) return;
    const count = this.#u32[list >>> 2];
    for (let k = 0; k < count; k++) {
      const fade = list + 4 + k * FADE_BYTES;
      const slot = this.#u32[(fade + FADE.SLOT) >>> 2];
      const node = this.#nodes + slot * NODE_BYTES;
      // Ops learn of it when the plan is adopted.
      this.#driver.change(this.#u32[(fade + FADE.PARAM) >>> 2], fade + FADE.TARGET, node, slot, 0);
    }
  }

  #reply(): void {
    const header = this.#u32;
    const isSent = this.#replies.send(
      REPLY.PLAN,
      header[HEADER.EPOCH >> 2],
      header[HEADER.NOW >> 2],
      header[(HEADER.NOW >> 2) + 1],
    );
    header[HEADER.REPLY_DUE >> 2] = isSent ? 0 : 1;
  }
}
