/**
 * Block buffers for the plan builder: one, four or eight units of `BUFFER_BYTES` in a row.
 *
 * Buddies of three sizes: an octet of units splits into two quads, a quad into four units; what is
 * freed grows together again at once. The last one freed is the first one used, so a plan's working
 * set stays small and warm. All operations are O(1).
 *
 * @module
 */
import { BUFFER_BYTES } from "../layout.ts";

const NONE = -1;
const FULL = 15;

/** Doubly linked lists over small integers; an item is in one list at most. */
class Links {
  readonly #next: Int32Array;
  readonly #previous: Int32Array;

  constructor(items: number) {
    this.#next = new Int32Array(items);
    this.#previous = new Int32Array(items);
  }

  /** Puts an item in front of `first` and returns it: the new first. */
  push(first: number, item: number): number {
    this.#next[item] = first;
    this.#previous[item] = NONE;
    if (first !== NONE) this.#previous[first] = item;
    return item;
  }

  /** Takes an item out; returns the new first. */
  remove(first: number, item: number): number {
    const next = this.#next[item];
    const previous = this.#previous[item];
    if (next !== NONE) this.#previous[next] = previous;
    if (previous === NONE) return next;
    this.#next[previous] = next;
    return first;
  }
}

/** Hands out block buffers by address. @thread control */
export class BufferPool {
  /** Units in all; a multiple of 8, as a smaller rest could not hold a wide buffer. */
  readonly capacity: number;
  readonly #base: number;
  /** Used units of each quad, as bits. */
  readonly #used: Uint8Array;
  readonly #quads: Links;
  readonly #octets: Links;
  /** Quads with some units in use and some free. */
  #partial = NONE;
  /** Free quads whose neighbour is not free. */
  #freeQuads = NONE;
  /** Octets that are free as a whole. */
  #freeOctets = NONE;
  #units = 0;
  #peak = 0;
  #reach = 0;

  /** @param base Address of the first unit. @param count Units. */
  constructor(base: number, count: number) {
    this.capacity = count & ~7;
    this.#base = base;
    this.#used = new Uint8Array(this.capacity / 4);
    this.#quads = new Links(this.capacity / 4);
    this.#octets = new Links(this.capacity / 8);
    this.reset();
  }

  /** Units in use. */
  get used(): number {
    return this.#units;
  }

  /** Most units in use since the last {@linkcode reset}. */
  get peak(): number {
    return this.#peak;
  }

  /** Units from the first to the last one ever handed out since the last {@linkcode reset}. */
  get reach(): number {
    return this.#reach;
  }

  /** Tells how many parts a plan has, before its buffers are given out; some pools make a difference. */
  expect(_parts: number): void {}

  /** Takes everything back. */
  reset(): void {
    this.#used.fill(0);
    this.#partial = this.#freeQuads = this.#freeOctets = NONE;
    this.#units = this.#peak = this.#reach = 0;
    for (let octet = this.capacity / 8 - 1; octet >= 0; octet--) {
      this.#freeOctets = this.#octets.push(this.#freeOctets, octet);
    }
  }

  /** Address of a buffer of this width, aligned to its size counted from the base; 0 if there is none left. */
  allocate(width: number): number {
    const unit = width === 1
      ? this.#takeUnit()
      : width === 4
      ? this.#takeQuad() * 4
      : this.#takeOctet();
    if (unit < 0) return 0;
    this.#units += width;
    if (this.#units > this.#peak) this.#peak = this.#units;
    if (unit + width > this.#reach) this.#reach = unit + width;
    return this.#base + unit * BUFFER_BYTES;
  }

  /** Takes back a buffer of this width. */
  free(address: number, width: number): void {
    const unit = (address - this.#base) / BUFFER_BYTES;
    this.#units -= width;
    if (width === 1) {
      const quad = unit >> 2;
      if (this.#used[quad] === FULL) this.#partial = this.#quads.push(this.#partial, quad);
      this.#used[quad] &= ~(1 << (unit & 3));
      if (this.#used[quad] !== 0) return;
      this.#partial = this.#quads.remove(this.#partial, quad);
      this.#freeQuad(quad);
    } else if (width === 4) {
      this.#freeQuad(unit >> 2);
    } else {
      this.#used[unit >> 2] = this.#used[(unit >> 2) + 1] = 0;
      this.#freeOctets = this.#octets.push(this.#freeOctets, unit >> 3);
    }
  }

  #takeUnit(): number {
    let quad = this.#partial;
    if (quad === NONE) {
      quad = this.#takeQuad();
      if (quad < 0) return NONE;
      this.#used[quad] = 0;
      this.#partial = this.#quads.push(this.#partial, quad);
    }
    const lowest = ~this.#used[quad] & (this.#used[quad] + 1);
    this.#used[quad] |= lowest;
    if (this.#used[quad] === FULL) this.#partial = this.#quads.remove(this.#partial, quad);
    return quad * 4 + 31 - Math.clz32(lowest);
  }

  #takeQuad(): number {
    let quad = this.#freeQuads;
    if (quad !== NONE) {
      this.#freeQuads = this.#quads.remove(this.#freeQuads, quad);
    } else {
      const octet = this.#freeOctets;
      if (octet === NONE) return NONE;
      this.#freeOctets = this.#octets.remove(this.#freeOctets, octet);
      quad = octet * 2;
      this.#freeQuads = this.#quads.push(this.#freeQuads, quad + 1);
    }
    this.#used[quad] = FULL;
    return quad;
  }

  #takeOctet(): number {
    const octet = this.#freeOctets;
    if (octet === NONE) return NONE;
    this.#freeOctets = this.#octets.remove(this.#freeOctets, octet);
    this.#used[octet * 2] = this.#used[octet * 2 + 1] = FULL;
    return octet * 8;
  }

  #freeQuad(quad: number): void {
    this.#used[quad] = 0;
    const neighbour = quad ^ 1;
    if (this.#used[neighbour] !== 0) {
      this.#freeQuads = this.#quads.push(this.#freeQuads, quad);
      return;
    }
    this.#freeQuads = this.#quads.remove(this.#freeQuads, neighbour);
    this.#freeOctets = this.#octets.push(this.#freeOctets, quad >> 1);
  }
}
