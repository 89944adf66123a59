/**
 * Block buffers for plans that several threads run.
 *
 * @module
 */
import { BufferPool } from "../../rt/buffer_pool.ts";

/** Units that are free but not given out yet: 256 KiB, which second-level caches hold. */
const LATE_UNITS = 1024;

/**
 * Gives a freed buffer out again only after many others: a task that writes it would have to wait
 * for those that still read what it held.
 */
export class LatePool extends BufferPool {
  readonly #waiting: number[] = [];
  #first = 0;
  #units = 0;

  override reset(): void {
    // The first time, before there are fields.
    if (#waiting in this) this.#waiting.length = this.#first = this.#units = 0;
    super.reset();
  }

  override allocate(width: number): number {
    const address = super.allocate(width);
    if (address !== 0 || this.#units === 0) return address;
    this.#freeUntil(0);
    return super.allocate(width);
  }

  override free(address: number, width: number): void {
    this.#waiting.push(address, width);
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
