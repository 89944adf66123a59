// This module is real-time safe.
/**
 * State put back to what it was at first: the node's image, then zeros. Delay lines can be large, so
 * only so many bytes are cleared in one block; the rest waits for the next ones.
 *
 * @module
 */
import { NODE } from "../layout.ts";
import type { Driver } from "./driver/compile_driver.ts";

/** Bytes cleared in one block at most: about 20 us, and a second of a delay line. */
export const CLEAR_BYTES = 1 << 18;
/** Resets that can be under way. */
const JOBS = 64;

/** Resets of state blocks. */
export class StateResets {
  readonly #driver: Driver;
  readonly #u32: Uint32Array;
  readonly #state = new Uint32Array(JOBS);
  readonly #next = new Uint32Array(JOBS);
  readonly #end = new Uint32Array(JOBS);
  readonly #node = new Uint32Array(JOBS);
  readonly #slot = new Uint32Array(JOBS);
  #jobs = 0;
  #budget = CLEAR_BYTES;

  constructor(driver: Driver, words: Uint32Array) {
    this.#driver = driver;
    this.#u32 = words;
  }

  /** Whether another reset can begin. @thread audio */
  get hasRoom(): boolean {
    return this.#jobs < JOBS;
  }

  /** Whether this state block is still being cleared. @thread audio */
  isUnderWay(state: number): boolean {
    for (let k = 0; k < this.#jobs; k++) {
      if (this.#state[k] === state) return true;
    }
    return false;
  }

  /** Resets a state block of the node at `slot`, whose record is at `node`. @thread audio */
  reset(node: number, slot: number, state: number): void {
    const imageBytes = this.#u32[(node + NODE.IMAGE_BYTES) >>> 2];
    if (imageBytes > 0) {
      this.#driver.move(state, this.#u32[(node + NODE.IMAGE) >>> 2], imageBytes);
    }
    const next = state + imageBytes;
    const end = state + this.#u32[(node + NODE.STATE_BYTES) >>> 2];
    if (next >= end || !this.hasRoom || this.isUnderWay(state)) return;
    const job = this.#jobs++;
    this.#state[job] = state;
    this.#next[job] = next;
    this.#end[job] = end;
    this.#node[job] = node;
    this.#slot[job] = slot;
    this.#clear(job);
  }

  /** At the start of a block: goes on where the last one stopped. @thread audio */
  continue(): void {
    this.#budget = CLEAR_BYTES;
    for (let job = this.#jobs - 1; job >= 0; job--) this.#clear(job);
  }

  /** Drops the resets of nodes that are not in the plan, as their memory is not theirs any more. @thread audio */
  keepOnly(plan: number): void {
    for (let job = this.#jobs - 1; job >= 0; job--) {
      if (this.#driver.lanes_of(this.#node[job], this.#slot[job], plan) === 0) this.#drop(job);
    }
  }

  #clear(job: number): void {
    const left = this.#end[job] - this.#next[job];
    const bytes = left < this.#budget ? left : this.#budget;
    this.#driver.clear(this.#next[job], bytes);
    this.#next[job] += bytes;
    this.#budget -= bytes;
    if (bytes === left) this.#drop(job);
  }

  #drop(job: number): void {
    const last = --this.#jobs;
    this.#state[job] = this.#state[last];
    this.#next[job] = this.#next[last];
    this.#end[job] = this.#end[last];
    this.#node[job] = this.#node[last];
    this.#slot[job] = this.#slot[last];
  }
}
