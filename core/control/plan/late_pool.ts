/**
 * Block buffers for plans that several threads run.
 *
 * @module
 */
import { BUFFER_BYTES } from "../../layout.ts";
import { BufferPool } from "../../rt/buffer_pool.ts";

/** Units that are free but not given out yet: 256 KiB, which second-level caches hold. */
const LATE_UNITS = 1024;

/** Places where the buffers of a part of the plan may begin: these sixteenths of all. */
const TURNS = 4;

/**
 * Gives a freed buffer out again only after many others, and begins elsewhere for each part of a plan:
 * a task that writes a buffer would have to wait for those that still read what it held. Needs a
 * quarter more of buffers than a pool that begins at the first one each time.
 */
export class LatePool extends BufferPool {
  readonly #waiting: number[] = [];
  #first = 0;
  #units = 0;
  #turn = 0;
  /** Units before the first one that is given out. */
  #offset = 0;

  override get reach(): number {
    return super.reach + this.#offset;
  }

  override reset(): void {
    // The first time, before there are fields.
    if (#waiting in this) {
      this.#waiting.length = this.#first = this.#units = 0;
      this.#turn = (this.#turn + 1) % TURNS;
      this.#offset = this.#turn * (this.capacity >> 4 & ~7);
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
    this.#freeUntil(LATE_UNITS);
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
