// This module is real-time safe.
/**
 * What happens to lanes whose state or output is not finite: their state is reset, their output
 * silenced for the segment, and control is told which node it was.
 *
 * @module
 */
import { HEADER, NODE, NODE_BYTES, QUANTUM } from "../layout.ts";
import { LANE, LANE_BYTES, OP, OP_BYTES, TABLE } from "./plan_format.ts";
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
  /** Task table of the segment that several threads render, 0 if one does. */
  #table = 0;
  /** Index of the word that says whether there are notes. */
  #noted = 0;

  /** @param nodes Address of the node table. */
  constructor(words: Uint32Array, nodes: number, replies: ReplyProducer) {
    this.#u32 = words;
    this.#nodes = nodes;
    this.#replies = replies;
  }

  /** From now on faults are only noted in a task table, until they are told; with 0, told at once. @thread audio */
  note(table: number, noted: number): void {
    this.#table = table;
    this.#noted = noted;
  }

  /** Tells what all threads have noted, in the order of a single thread. @thread audio */
  tell(table: number, noted: number): void {
    const words = this.#u32;
    if (words[noted] === 0) return;
    words[noted] = 0;
    const count = words[(table + TABLE.OP_COUNT) >>> 2];
    const order = words[(table + TABLE.ORDER) >>> 2] >>> 2;
    const faults = words[(table + TABLE.FAULTS) >>> 2] >>> 2;
    const ops = words[(table + TABLE.OPS) >>> 2];
    for (let k = 0; k < count; k++) {
      const number = words[order + k];
      const mask = words[faults + number];
      if (mask === 0) continue;
      words[faults + number] = 0;
      this.#resetLanes((ops + number * OP_BYTES) >>> 2, mask);
    }
  }

  /** Bit l of `mask`: lane l of the op has faulted. @thread audio */
  handle(address: number, mask: number): void {
    const op = address >>> 2;
    // A fused chain has no state and no lanes of its own: its nodes run next, one by one.
    if ((this.#u32[op + (OP.SHAPE >> 2)] >>> 8 & 0xff) === 0) return;
    silence(this.#u32, op, mask);
    if (this.#table !== 0) noteFault(this.#u32, this.#table, this.#noted, address, mask);
    else this.#resetLanes(op, mask);
  }

  #resetLanes(op: number, mask: number): void {
    const desc = this.#u32[op + (OP.DESC >> 2)] >>> 2;
    const lanes = this.#u32[op + (OP.LANES >> 2)];
    if (lanes === 0) return;
    const used = this.#u32[op + (OP.SHAPE >> 2)] & 0xff;
    for (let l = 0; l < used; l++) {
      if (mask >>> l & 1) this.#reset(lanes + l * LANE_BYTES, this.#u32[desc + l]);
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

/** Zeroes the faulted lanes of an op's outputs for a whole quantum. @thread audio, helper */
export function silence(words: Uint32Array, op: number, mask: number): void {
  const shape = words[op + (OP.SHAPE >> 2)];
  const width = shape >>> 8 & 0xff;
  // The outputs' addresses stand before those of the rows.
  const rows = (words[op + (OP.DESC >> 2)] >>> 2) + (shape >>> 16);
  const outputs = words[op + (OP.FILL >> 2)] >>> 24;
  for (let at = rows - outputs; at < rows; at++) {
    const buffer = words[at] >>> 2;
    for (let l = 0; l < width; l++) {
      if ((mask >>> l & 1) === 0) continue;
      for (let t = 0; t < QUANTUM; t++) words[buffer + t * width + l] = 0;
    }
  }
}

/** Notes a fault in a task table, to be told by the audio thread. @thread audio, helper */
export function noteFault(
  words: Uint32Array,
  table: number,
  noted: number,
  op: number,
  mask: number,
): void {
  const number = (op - words[(table + TABLE.OPS) >>> 2]) / OP_BYTES;
  words[(words[(table + TABLE.FAULTS) >>> 2] >>> 2) + number] |= mask;
  Atomics.store(words, noted, 1);
}
