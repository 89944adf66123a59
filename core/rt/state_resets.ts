// This module is real-time safe.
/**
 * State put back to what it was at first: the node's image, then zeros. Delay lines can be large, so
 * only so many bytes are cleared in one block; the rest waits for the next ones.
 *
 * @module
 */
import { HEADER, MAX_RESETS, NODE, RESET, RESET_BYTES } from "../layout.ts";
import type { Driver } from "./driver/compile_driver.ts";

/** Bytes cleared in one block at most: about 20 us, and a second of a delay line. */
export const CLEAR_BYTES = 1 << 18;

const COUNT = HEADER.RESET_COUNT >> 2;
const WORDS = RESET_BYTES >> 2;

/** Word of the n-th reset that is under way. */
function place(n: number): number {
  return (HEADER.RESETS >> 2) + n * WORDS;
}

/** Resets of state blocks. All it knows between blocks is in shared memory, so another one may go on. */
export class StateResets {
  readonly #driver: Driver;
  readonly #u32: Uint32Array;
  #budget = CLEAR_BYTES;

  constructor(driver: Driver, words: Uint32Array) {
    this.#driver = driver;
    this.#u32 = words;
  }

  /** Whether another reset can begin. @thread audio */
  get hasRoom(): boolean {
    return this.#u32[COUNT] < MAX_RESETS;
  }

  /** Whether this state block is still being cleared. @thread audio */
  isUnderWay(state: number): boolean {
    for (let n = 0; n < this.#u32[COUNT]; n++) {
      if (this.#u32[place(n) + (RESET.STATE >> 2)] === state) return true;
    }
    return false;
  }

  /** Resets a state block of the node at `slot`, whose record is at `node`. @thread audio */
  reset(node: number, slot: number, state: number): void {
    const words = this.#u32;
    const imageBytes = words[(node + NODE.IMAGE_BYTES) >>> 2];
    if (imageBytes > 0) this.#driver.move(state, words[(node + NODE.IMAGE) >>> 2], imageBytes);
    const next = state + imageBytes;
    const end = state + words[(node + NODE.STATE_BYTES) >>> 2];
    if (next >= end || !this.hasRoom || this.isUnderWay(state)) return;
    const n = words[COUNT]++;
    const at = place(n);
    words[at + (RESET.STATE >> 2)] = state;
    words[at + (RESET.NEXT >> 2)] = next;
    words[at + (RESET.END >> 2)] = end;
    words[at + (RESET.NODE >> 2)] = node;
    words[at + (RESET.SLOT >> 2)] = slot;
    this.#clear(n);
  }

  /** At the start of a block: goes on where the last one stopped. @thread audio */
  continue(): void {
    this.#budget = CLEAR_BYTES;
    for (let n = this.#u32[COUNT] - 1; n >= 0; n--) this.#clear(n);
  }

  /** Drops the resets of nodes that are not in the plan, as their memory is not theirs any more. @thread audio */
  keepOnly(plan: number): void {
    const words = this.#u32;
    for (let n = words[COUNT] - 1; n >= 0; n--) {
      const at = place(n);
      const node = words[at + (RESET.NODE >> 2)];
      if (this.#driver.lanes_of(node, words[at + (RESET.SLOT >> 2)], plan) === 0) this.#drop(n);
    }
  }

  #clear(n: number): void {
    const words = this.#u32;
    const next = place(n) + (RESET.NEXT >> 2);
    const left = words[place(n) + (RESET.END >> 2)] - words[next];
    const bytes = left < this.#budget ? left : this.#budget;
    this.#driver.clear(words[next], bytes);
    words[next] += bytes;
    this.#budget -= bytes;
    if (bytes === left) this.#drop(n);
  }

  #drop(n: number): void {
    const last = --this.#u32[COUNT];
    if (n !== last) this.#u32.copyWithin(place(n), place(last), place(last) + WORDS);
  }
}
