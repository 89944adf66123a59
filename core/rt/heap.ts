/**
 * Allocator for the heap region of shared memory: parameters, state, tables, samples.
 *
 * Free blocks wait in lists by size class (a power of two in sixteen steps) with a bitmap of the
 * lists that are not empty, so allocating and freeing are O(1); freed neighbours grow together at
 * once. The books are kept on the control side, where nothing the audio side does can spoil them.
 *
 * Source: M. Masmano, I. Ripoll, A. Crespo, J. Real, "TLSF: a New Dynamic Memory Allocator for
 * Real-Time Systems", ECRTS 2004. Departure: if the class that surely fits is empty, the request's
 * own class is searched too, so an allocation fails only when no free block is large enough.
 *
 * @module
 */

/** Addresses and sizes are multiples of this. */
export const HEAP_ALIGNMENT = 16;

const STEP_BITS = 4;
const STEPS = 1 << STEP_BITS;
const CLASSES = 28 << STEP_BITS;
const NONE = -1;

/** The size class of a number of grains: the largest whose smallest member is not larger. */
function classOf(grains: number): number {
  const log = 31 - Math.clz32(grains);
  if (log < STEP_BITS) return grains;
  return (log - STEP_BITS + 1) << STEP_BITS | (grains >>> (log - STEP_BITS)) & (STEPS - 1);
}

/** Hands out zeroed memory by address. @thread control */
export class Heap {
  /** Bytes in all. */
  readonly capacity: number;
  readonly #bytes: Uint8Array;
  readonly #base: number;
  readonly #first = new Int32Array(CLASSES).fill(NONE);
  readonly #bitmap = new Uint32Array(CLASSES / 32);
  /** Block by first grain, of allocated blocks. */
  readonly #byGrain = new Map<number, number>();
  // One block record is one index into these; start and size are in grains.
  readonly #start: number[] = [];
  readonly #size: number[] = [];
  readonly #before: number[] = [];
  readonly #after: number[] = [];
  readonly #next: number[] = [];
  readonly #previous: number[] = [];
  readonly #isFree: boolean[] = [];
  readonly #spare: number[] = [];
  #freeGrains: number;

  /**
   * @param buffer The shared memory.
   * @param address Of the region, a multiple of 16.
   * @param bytes Of the region; a rest below 16 is not used.
   */
  constructor(buffer: ArrayBufferLike, address: number, bytes: number) {
    const grains = Math.floor(bytes / HEAP_ALIGNMENT);
    this.capacity = grains * HEAP_ALIGNMENT;
    this.#base = address;
    this.#bytes = new Uint8Array(buffer);
    this.#freeGrains = grains;
    if (grains > 0) this.#enlist(this.#block(0, grains, NONE, NONE));
  }

  /** Bytes that are free, in one piece or in many. */
  get freeBytes(): number {
    return this.#freeGrains * HEAP_ALIGNMENT;
  }

  /** Bytes of the largest block that could be allocated. */
  get largestFree(): number {
    let largest = 0;
    for (let block = this.#first[this.#lastClass()]; block >= 0; block = this.#next[block]) {
      largest = Math.max(largest, this.#size[block]);
    }
    return largest * HEAP_ALIGNMENT;
  }

  /** Number of free pieces. */
  get pieces(): number {
    return this.#isFree.reduce((count, free) => count + (free ? 1 : 0), 0);
  }

  /** Address of a block of so many bytes (at least 1), zeroed; 0 if no free block is large enough. */
  allocate(bytes: number): number {
    const grains = Math.max(1, Math.ceil(bytes / HEAP_ALIGNMENT));
    const block = this.#find(grains);
    if (block === NONE) return 0;
    this.#delist(block);
    const rest = this.#size[block] - grains;
    if (rest > 0) {
      const after = this.#after[block];
      const tail = this.#block(this.#start[block] + grains, rest, block, after);
      if (after !== NONE) this.#before[after] = tail;
      this.#after[block] = tail;
      this.#size[block] = grains;
      this.#enlist(tail);
    }
    this.#freeGrains -= grains;
    this.#byGrain.set(this.#start[block], block);
    const address = this.#base + this.#start[block] * HEAP_ALIGNMENT;
    this.#bytes.fill(0, address, address + grains * HEAP_ALIGNMENT);
    return address;
  }

  /** Takes a block back. @throws {RangeError} If the address was not handed out, or has been freed. */
  free(address: number): void {
    const grain = (address - this.#base) / HEAP_ALIGNMENT;
    const block = this.#byGrain.get(grain);
    if (block === undefined) {
      throw new RangeError(
        `Cannot free memory: address must have been allocated and not freed since, current value is ${address}`,
      );
    }
    this.#byGrain.delete(grain);
    this.#freeGrains += this.#size[block];
    const after = this.#after[block];
    if (after !== NONE && this.#isFree[after]) this.#merge(block, after);
    const before = this.#before[block];
    if (before !== NONE && this.#isFree[before]) {
      this.#delist(before);
      this.#merge(before, block);
      this.#enlist(before);
    } else {
      this.#enlist(block);
    }
  }

  /** Makes `right`, which follows `left`, a part of it. */
  #merge(left: number, right: number): void {
    if (this.#isFree[right]) this.#delist(right);
    this.#size[left] += this.#size[right];
    const after = this.#after[right];
    this.#after[left] = after;
    if (after !== NONE) this.#before[after] = left;
    this.#spare.push(right);
  }

  #block(start: number, size: number, before: number, after: number): number {
    const block = this.#spare.pop() ?? this.#start.length;
    this.#start[block] = start;
    this.#size[block] = size;
    this.#before[block] = before;
    this.#after[block] = after;
    this.#isFree[block] = false;
    return block;
  }

  #find(grains: number): number {
    const own = classOf(grains);
    // The first class whose every member fits.
    const log = 31 - Math.clz32(grains);
    const step = log < STEP_BITS ? 1 : 1 << (log - STEP_BITS);
    const sure = this.#notEmpty(classOf(grains + step - 1));
    if (sure !== NONE) return this.#first[sure];
    let block = this.#first[own];
    while (block !== NONE && this.#size[block] < grains) block = this.#next[block];
    return block;
  }

  /** The first class from `start` on that has a block. */
  #notEmpty(start: number): number {
    let word = start >> 5;
    let bits = this.#bitmap[word] & -1 << (start & 31);
    while (bits === 0) {
      if (++word === this.#bitmap.length) return NONE;
      bits = this.#bitmap[word];
    }
    return (word << 5) + 31 - Math.clz32(bits & -bits);
  }

  #lastClass(): number {
    for (let word = this.#bitmap.length - 1; word >= 0; word--) {
      const bits = this.#bitmap[word];
      if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits);
    }
    return 0;
  }

  #enlist(block: number): void {
    const size = classOf(this.#size[block]);
    const first = this.#first[size];
    this.#next[block] = first;
    this.#previous[block] = NONE;
    if (first !== NONE) this.#previous[first] = block;
    this.#first[size] = block;
    this.#bitmap[size >> 5] |= 1 << (size & 31);
    this.#isFree[block] = true;
  }

  #delist(block: number): void {
    const size = classOf(this.#size[block]);
    const next = this.#next[block];
    const previous = this.#previous[block];
    if (next !== NONE) this.#previous[next] = previous;
    if (previous !== NONE) this.#next[previous] = next;
    else this.#first[size] = next;
    if (this.#first[size] === NONE) this.#bitmap[size >> 5] &= ~(1 << (size & 31));
    this.#isFree[block] = false;
  }
}
