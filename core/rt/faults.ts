// This module is real-time safe.
/**
 * What happens to lanes whose state or output is not finite: their state is reset, their output
 * silenced for the segment, and control is told which node it was.
 *
 * @module
 */
import { HEADER, NODE, NODE_BYTES, QUANTUM } from "../layout.ts";
import { LANE, LANE_BYTES, OP } from "./plan_format.ts";
import type { ReplyProducer } from "./reply_ring.ts";
import { REPLY } from "./shared.ts";
import type { StateResets } from "./state_resets.ts";

/** Handles faults of ops. */
export class Faults {
  readonly #u32: Uint32Array;
  readonly #nodes: number;
  readonly #replies: ReplyProducer;
  /** Set once there is a driver, whose import this is. */
  resets: StateResets | null = null;

  /** @param nodes Address of the node table. */
  constructor(words: Uint32Array, nodes: number, replies: ReplyProducer) {
    this.#u32 = words;
    this.#nodes = nodes;
    this.#replies = replies;
  }

  /** Bit l of `mask`: lane l of the op has faulted. @thread audio */
  handle(address: number, mask: number): void {
    const op = address >>> 2;
    const shape = this.#u32[op + (OP.SHAPE >> 2)];
    const width = shape >>> 8 & 0xff;
    // A fused chain has no state and no lanes of its own: its nodes run next, one by one.
    if (width === 0) return;
    const desc = this.#u32[op + (OP.DESC >> 2)] >>> 2;
    this.#silence(desc + (shape >>> 16), this.#u32[op + (OP.FILL >> 2)] >>> 24, width, mask);
    const lanes = this.#u32[op + (OP.LANES >> 2)];
    if (lanes === 0) return;
    for (let l = 0; l < (shape & 0xff); l++) {
      if (mask >>> l & 1) this.#reset(lanes + l * LANE_BYTES, this.#u32[desc + l]);
    }
  }

  /** Zeroes the faulted lanes of the buffers whose addresses stand before `rows`, for a whole quantum. */
  #silence(rows: number, outputs: number, width: number, mask: number): void {
    for (let at = rows - outputs; at < rows; at++) {
      const buffer = this.#u32[at] >>> 2;
      for (let l = 0; l < width; l++) {
        if ((mask >>> l & 1) === 0) continue;
        for (let t = 0; t < QUANTUM; t++) this.#u32[buffer + t * width + l] = 0;
      }
    }
  }

  #reset(lane: number, state: number): void {
    const resets = this.resets!;
    const slot = this.#u32[(lane + LANE.SLOT) >>> 2];
    const node = this.#nodes + slot * NODE_BYTES;
    const again = resets.isUnderWay(state);
    resets.reset(node, slot, state);
    // While a long line is being cleared, what is left in it may fault again: that is no news.
    if (again) return;
    const generation = this.#u32[(node + NODE.GENERATION) >>> 2];
    this.#replies.report(REPLY.FAULT, slot, generation, this.#u32[HEADER.NOW >> 2]);
  }
}
