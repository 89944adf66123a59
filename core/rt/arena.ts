// This module is real-time safe.
/**
 * Generational arena over the node table in shared memory.
 *
 * A slot is a place in the table. Its generation counts up whenever it is taken or given back, so
 * it is odd while in use, and an id made of both detects that its slot belongs to another by now.
 *
 * ```text
 *   id   bits 0..13 slot, bits 14..29 generation     (30 bits: a small integer in every engine)
 * ```
 *
 * Generations wrap after 2^16 steps: an id could be taken for a live one only after its slot has
 * been taken exactly a multiple of 32,768 times since. Free slots are reused first in, first out,
 * which spreads that over all slots (with n free slots the wrap takes 32,768 n inserts) and leaves
 * a slot alone as long as possible after its removal.
 *
 * @module
 */
import { NODE, NODE_BYTES } from "../layout.ts";

/** Most slots an arena can have. */
export const MAX_NODES = 10_240;
/** Answer of {@linkcode Arena.insert} when no slot is free. */
export const ARENA_FULL = -1;

// What the loops below use is not exported: V8 reads an exported constant from memory every time,
// which makes inserts and removes a third slower.
/** Bits of an id that hold the slot. */
const SLOT_BITS = 14;
const FULL: typeof ARENA_FULL = -1;
const SLOT_MASK = (1 << SLOT_BITS) - 1;
const GENERATION_MASK = 0xffff;
/** The ends of the free list run freely in as many bits as any engine holds without the heap. */
const COUNTER_MASK = 0x3fff_ffff;
const STRIDE = NODE_BYTES / 4;
const GENERATION = NODE.GENERATION / 4;

/** Slots of nodes. Only the control thread calls it; the audio thread reads the generations. */
export class Arena {
  /** Slots in all. */
  readonly capacity: number;
  readonly #words: Int32Array;
  /** Free slots in the order in which they are used; a ring with free-running ends. */
  readonly #free: Uint16Array;
  readonly #mask: number;
  #head = 0;
  #tail = 0;

  /**
   * @param buffer The shared memory.
   * @param address Of the node table, which must be all zero.
   * @param capacity Slots, in [1, 10240].
   * @thread control
   */
  constructor(buffer: ArrayBufferLike, address: number, capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_NODES) {
      throw new RangeError(
        `Cannot create an arena: capacity must be an integer in [1, ${MAX_NODES}], current value is ${capacity}`,
      );
    }
    this.capacity = capacity;
    this.#words = new Int32Array(buffer, address, capacity * STRIDE);
    this.#free = new Uint16Array(1 << Math.ceil(Math.log2(capacity + 1)));
    this.#mask = this.#free.length - 1;
    for (let slot = 0; slot < capacity; slot++) this.#free[slot] = slot;
    this.#tail = capacity;
  }

  /** Slots that {@linkcode insert} could hand out now. */
  get available(): number {
    return (this.#tail - this.#head) & COUNTER_MASK;
  }

  /** Takes a slot. @returns Its id, or `ARENA_FULL`, and then nothing has changed. */
  insert(): number {
    const head = this.#head;
    if (head === this.#tail) return FULL;
    this.#head = (head + 1) & COUNTER_MASK;
    const slot = this.#free[head & this.#mask];
    const words = this.#words;
    const at = slot * STRIDE + GENERATION;
    const generation = (words[at] + 1) & GENERATION_MASK;
    words[at] = generation;
    return generation << SLOT_BITS | slot;
  }

  /**
   * Makes an id stale and its slot free at once: {@linkcode retire} and {@linkcode release} in one.
   * @returns Whether the id was alive; if not, nothing has changed.
   */
  remove(id: number): boolean {
    const slot = id & SLOT_MASK;
    const generation = id >>> SLOT_BITS;
    const words = this.#words;
    const at = slot * STRIDE + GENERATION;
    if ((generation & 1) === 0 || words[at] !== generation) return false;
    words[at] = (generation + 1) & GENERATION_MASK;
    const tail = this.#tail;
    this.#tail = (tail + 1) & COUNTER_MASK;
    this.#free[tail & this.#mask] = slot;
    return true;
  }

  /**
   * Makes an id stale, so that commands and events for it are dropped, but keeps its slot out of
   * use until {@linkcode release}: for nodes that the audio side has not let go yet.
   * @returns Whether the id was alive; if not, nothing has changed.
   */
  retire(id: number): boolean {
    if (!this.isAlive(id)) return false;
    this.#words[this.slot(id) * STRIDE + GENERATION] = (this.generation(id) + 1) & GENERATION_MASK;
    return true;
  }

  /** Frees the slot of an id that was retired, once. */
  release(id: number): void {
    const tail = this.#tail;
    this.#tail = (tail + 1) & COUNTER_MASK;
    this.#free[tail & this.#mask] = id & SLOT_MASK;
  }

  /** Whether the id's slot still belongs to it. False for anything that is not an id. */
  isAlive(id: number): boolean {
    const slot = id & SLOT_MASK;
    const generation = id >>> SLOT_BITS;
    return (generation & 1) === 1 && this.#words[slot * STRIDE + GENERATION] === generation;
  }

  /** The slot of an id. */
  slot(id: number): number {
    return id & SLOT_MASK;
  }

  /** The generation of an id. */
  generation(id: number): number {
    return id >>> SLOT_BITS;
  }

  /**
   * Says where the parameter records of a new node lie, and how many there are. What the audio side
   * wrote of the slot's last node is forgotten.
   */
  setParams(id: number, address: number, count: number): void {
    const at = (id & SLOT_MASK) * STRIDE;
    this.#words[at + NODE.MOVING_UNTIL / 4] = 0;
    this.#words[at + NODE.LANES / 4] = 0;
    this.#words[at + NODE.PARAMS / 4] = address;
    this.#words[at + NODE.PARAM_COUNT / 4] = count;
  }

  /** Says how much of a node's state blocks a reset clears, and what a new one begins with. */
  setState(id: number, stateBytes: number, image: number, imageBytes: number): void {
    const at = (id & SLOT_MASK) * STRIDE;
    this.#words[at + NODE.STATE_BYTES / 4] = stateBytes;
    this.#words[at + NODE.IMAGE / 4] = image;
    this.#words[at + NODE.IMAGE_BYTES / 4] = imageBytes;
  }
}
