/**
 * Block buffers for plans that several threads run.
 *
 * @module
 */
import { BUFFER_BYTES } from "../../layout.ts";
import { BufferPool } from "../../rt/buffer_pool.ts";

/** Parts of a plan from which on each is one task, in which nothing waits for a buffer. */
const MANY_PARTS = 8;
/**
 * Units that are free but not given out yet: 16 KiB, which first-level caches hold beside what is in
 * use; of a few parts, which are cut into tasks, 256 KiB, which second-level caches hold.
 */
const LATE_UNITS = 64;
const LATE_UNITS_OF_FEW = 1024;

/** Share of all units that parts of a plan take turns in; the others are left to what lies between parts. */
const TURNS = 0.75;

/**
 * Gives a freed buffer out again only after many others, and begins for each part of a plan where
 * the one before has ended, until it comes round: a task that writes a buffer has to wait for those
 * that still read what it held.
 */
export class LatePool extends BufferPool {
  readonly #waiting: number[] = [];
  #first = 0;
  #late = LATE_UNITS_OF_FEW;
  #units = 0;
  /** Units before the first one that is given out. */
  #offset = 0;
  /** Units of the largest of the last parts. */
  #most = 0;

  override get reach(): number {
    return super.reach + this.#offset;
  }

  override expect(parts: number): void {
    this.#late = parts < MANY_PARTS ? LATE_UNITS_OF_FEW : LATE_UNITS;
  }

  override reset(): void {
    // The first time, before there are fields.
    if (#waiting in this) {
      this.#waiting.length = this.#first = this.#units = 0;
      const own = super.reach + 7 & ~7;
      this.#most = Math.max(own, this.#most - (this.#most >> 3));
      const next = this.#offset + own;
      this.#offset = next + this.#most <= TURNS * this.capacity ? next : 0;
    }
    super.reset();
  }

  override allocate(width: number): number {
    let address = super.allocate(width);
    if (address === 0 && this.#units > 0) {
      this.#freeUntil(0);
      address = super.allocate(width);
    }
    if (address === 0 || this.reach > this.capacity) return 0;
    return address + this.#offset * BUFFER_BYTES;
  }

  override free(address: number, width: number): void {
    this.#waiting.push(address - this.#offset * BUFFER_BYTES, width);
    this.#units += width;
    this.#freeUntil(this.#late);
  }

  #freeUntil(units: number): void {
    while (this.#units > units) {
      const width = this.#waiting[this.#first + 1];
      super.free(this.#waiting[this.#first], width);
      this.#first += 2;
      this.#units -= width;
    }
  }
}
