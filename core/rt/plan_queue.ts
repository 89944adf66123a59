// This module is real-time safe.
/** Plans that wait for their frame, in the order in which they were sent. @module */
import { PLAN_COUNT } from "../layout.ts";

/** A queue of at most `PLAN_COUNT` plans. */
export class PlanQueue {
  readonly #plan = new Uint32Array(PLAN_COUNT);
  readonly #epoch = new Uint32Array(PLAN_COUNT);
  readonly #low = new Uint32Array(PLAN_COUNT);
  readonly #high = new Uint32Array(PLAN_COUNT);
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length === PLAN_COUNT;
  }

  /** Appends a plan; there must be room. @thread audio */
  add(plan: number, epoch: number, frameLow: number, frameHigh: number): void {
    const at = (this.#first + this.#length++) % PLAN_COUNT;
    this.#plan[at] = plan;
    this.#epoch[at] = epoch;
    this.#low[at] = frameLow;
    this.#high[at] = frameHigh;
  }

  /** Takes the first one out. @thread audio */
  drop(): void {
    this.#first = (this.#first + 1) % PLAN_COUNT;
    this.#length--;
  }

  /** Address of the first one. */
  get plan(): number {
    return this.#plan[this.#first];
  }
  get epoch(): number {
    return this.#epoch[this.#first];
  }
  get frameLow(): number {
    return this.#low[this.#first];
  }
  get frameHigh(): number {
    return this.#high[this.#first];
  }
}
