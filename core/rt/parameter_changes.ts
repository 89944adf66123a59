// This module is real-time safe.
/**
 * Changes of parameters: begun at once, or kept until their frame and then linked to their parameter
 * for the segment in which they fall. The ordering and the arithmetic are the driver's.
 *
 * @module
 */
import { EVENT, EVENT_BYTES, HEADER, NODE, NODE_BYTES, PARAM_BYTES } from "../layout.ts";
import type { CommandConsumer } from "./command_ring.ts";
import type { Driver } from "./driver/compile_driver.ts";
import type { ReplyProducer } from "./reply_ring.ts";
import { COMMAND, REPLY } from "./shared.ts";

const COUNT = HEADER.EVENT_COUNT >> 2;

/** Parameter changes, now and later. All it knows between segments is in shared memory, so another one may go on. */
export class ParameterChanges {
  readonly #driver: Driver;
  readonly #u32: Uint32Array;
  readonly #nodes: number;
  readonly #events: number;
  readonly #capacity: number;
  readonly #replies: ReplyProducer;
  #kept = 0;

  /**
   * @param nodes Address of the node table.
   * @param events Address of the events.
   * @param capacity Events that can wait.
   */
  constructor(
    driver: Driver,
    words: Uint32Array,
    nodes: number,
    events: number,
    capacity: number,
    replies: ReplyProducer,
  ) {
    this.#driver = driver;
    this.#u32 = words;
    this.#nodes = nodes;
    this.#events = events;
    this.#capacity = capacity;
    this.#replies = replies;
  }

  /**
   * Carries out a PARAM command for a node that is alive; one for a parameter that the node does not
   * have is dropped.
   *
   * @returns False if it must wait.
   * @thread audio
   */
  take(command: CommandConsumer, plan: number): boolean {
    const slot = command.a;
    const node = this.#nodes + slot * NODE_BYTES;
    if (command.c >= this.#u32[(node + NODE.PARAM_COUNT) >>> 2]) return true;
    const record = this.#u32[(node + NODE.PARAMS) >>> 2] + command.c * PARAM_BYTES;
    const { frameLow, frameHigh } = command;
    if (this.#driver.frames_until(frameLow, frameHigh, 1) > 0) return this.#queue(command, record);
    if (this.#driver.is_gone(node, slot, plan)) return true;
    const late = this.#driver.frames_late(frameLow, frameHigh);
    if (late > 0) this.#replies.report(REPLY.LATE, slot, late, COMMAND.PARAM);
    this.#u32[HEADER.CHANGE >> 2] = command.valueBits;
    this.#u32[(HEADER.CHANGE >> 2) + 1] = command.extra;
    this.#driver.change(record, HEADER.CHANGE, node, slot, plan);
    return true;
  }

  /** Carries out a FORGET command. @thread audio */
  forget({ frameLow, frameHigh }: CommandConsumer): void {
    const count = this.#u32[COUNT];
    this.#u32[COUNT] = this.#driver.forget_events(this.#events, count, frameLow, frameHigh);
  }

  /** Before a segment: links the changes that fall into it. @thread audio */
  link(plan: number, frames: number): void {
    const count = this.#u32[COUNT];
    this.#kept = count;
    if (count === 0) return;
    this.#kept = this.#driver.link_events(this.#events, count, this.#nodes, plan, frames);
  }

  /** After the segment: what was linked is how things are from now on. @thread audio */
  apply(): void {
    const count = this.#u32[COUNT];
    if (this.#kept === count) return;
    this.#driver.apply_events(this.#events, this.#kept, count);
    this.#u32[COUNT] = this.#kept;
  }

  #queue(command: CommandConsumer, record: number): boolean {
    const count = this.#u32[COUNT];
    if (count === this.#capacity) return false;
    const at = (this.#events + count * EVENT_BYTES) >>> 2;
    this.#u32[at + (EVENT.FRAME >> 2)] = command.frameLow;
    this.#u32[at + (EVENT.FRAME >> 2) + 1] = command.frameHigh;
    this.#u32[at + (EVENT.PARAM >> 2)] = record;
    this.#u32[at + (EVENT.TARGET >> 2)] = command.valueBits;
    this.#u32[at + (EVENT.DURATION >> 2)] = command.extra;
    this.#u32[at + (EVENT.NEXT >> 2)] = this.#u32[HEADER.ARRIVALS >> 2]++;
    this.#u32[at + (EVENT.SLOT >> 2)] = command.a;
    this.#u32[at + (EVENT.GENERATION >> 2)] = command.b;
    this.#driver.event_push(this.#events, count);
    this.#u32[COUNT] = count + 1;
    return true;
  }
}
