/**
 * Memory of nodes: parameter records, state blocks and constant tables in the heap.
 *
 * @module
 */
import { PARAM, PARAM_BYTES, TABLE_SLOT, TABLE_SLOT_BYTES } from "../layout.ts";
import { instanceBytes, resettable, type Scalar } from "../kernel/ir.ts";
import type { Heap } from "../rt/heap.ts";
import type { Table } from "./table.ts";
import type { NodeType } from "./node_type.ts";

/** Memory of a node type. */
export interface TypeMemory {
  /** Addresses of the constant tables. */
  readonly tables: readonly number[];
  /** Those of its hop. */
  readonly hopTables: readonly number[];
  /** Address of the scalars that a new state block begins with. */
  readonly image: number;
  readonly imageBytes: number;
}

/** Allocates and prepares the memory that nodes use on the audio side. @thread control */
export class NodeMemory {
  readonly #heap: Heap;
  readonly #f32: Float32Array;
  readonly #i32: Int32Array;
  readonly #shared = new Map<NodeType, TypeMemory>();

  readonly #sampleRate: number;
  #emptySlot = 0;

  constructor(memory: WebAssembly.Memory, heap: Heap, sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#heap = heap;
    this.#f32 = new Float32Array(memory.buffer);
    this.#i32 = new Int32Array(memory.buffer);
  }

  /** What all nodes of a type share: constant tables, and what their state begins with. */
  ofType(type: NodeType): TypeMemory {
    let shared = this.#shared.get(type);
    if (!shared) {
      const { program, hop, name } = type;
      const place = (table: Float32Array) => {
        const address = this.allocate(4 * table.length, `a table of "${name}"`);
        this.#f32.set(table, address / 4);
        return address;
      };
      const tables = program.tables.map(place);
      const hopTables = (hop?.tables ?? []).map(place);
      const imageBytes = 4 * resettable(program).length;
      const image = this.allocate(imageBytes, `the initial state of "${name}"`);
      this.#initialise(resettable(program), image);
      this.#shared.set(type, shared = { tables, hopTables, image, imageBytes });
    }
    return shared;
  }

  /** A node's parameter records, at the values given, then table slots and a state block for each channel. */
  createNode(
    type: NodeType,
    name: string,
    channels: number,
    values: readonly number[],
    given: readonly (Table | null)[],
  ): { params: number; state: number } {
    const bytes = instanceBytes(type.program);
    // So that a table can always be taken away.
    if (given.length > 0) this.slotContents(null, 0);
    const paramBytes = type.params.length * PARAM_BYTES;
    const params = this.allocate(paramBytes + channels * bytes, `node "${name}"`);
    for (const { index, min, max } of type.params) {
      const record = params + index * PARAM_BYTES;
      this.#f32[(record + PARAM.TARGET) / 4] = values[index];
      this.#f32[(record + PARAM.LATCH) / 4] = values[index];
      this.#i32[(record + PARAM.EVENTS) / 4] = -1;
      this.#f32[(record + PARAM.MIN) / 4] = min;
      this.#f32[(record + PARAM.MAX) / 4] = max;
    }
    const state = params + paramBytes + given.length * TABLE_SLOT_BYTES;
    for (let c = 0; c < channels; c++) {
      this.#initialise(type.program.scalars, state + c * bytes, c);
      for (const [k, table] of given.entries()) this.setTable(state + c * bytes, k, table, c);
    }
    return { params, state };
  }

  /** Sets the value of a parameter of a node that the audio side does not know yet. */
  setParam(params: number, index: number, value: number): void {
    const record = params + index * PARAM_BYTES;
    this.#f32[(record + PARAM.TARGET) / 4] = value;
    this.#f32[(record + PARAM.LATCH) / 4] = value;
  }

  /** Puts a table into a slot of a node that the audio side does not know yet. */
  setTable(state: number, slot: number, table: Table | null, channel: number): void {
    const at = (state - (slot + 1) * TABLE_SLOT_BYTES) / 4;
    const from = this.slotContents(table, channel) / 4;
    this.#i32.copyWithin(at, from, from + TABLE_SLOT_BYTES / 4);
  }

  /** Address of what a slot holds in which this channel of a table is, or none. */
  slotContents(table: Table | null, channel: number): number {
    if (table) {
      return table.address + Math.min(channel, table.channels.length - 1) * TABLE_SLOT_BYTES;
    }
    if (this.#emptySlot === 0) {
      this.#emptySlot = this.allocate(TABLE_SLOT_BYTES, "an empty table slot");
      // Its own ID is the zero that is read from it.
      const address = this.#emptySlot + TABLE_SLOT.ID;
      this.writeSlot(this.#emptySlot, { address, length: 0, sampleRate: this.#sampleRate, id: 0 });
    }
    return this.#emptySlot;
  }

  /** Writes what a slot holds. */
  writeSlot(
    at: number,
    contents: { address: number; length: number; sampleRate: number; id: number },
  ): void {
    this.#i32[(at + TABLE_SLOT.ADDRESS) / 4] = contents.address;
    this.#i32[(at + TABLE_SLOT.LENGTH) / 4] = contents.length;
    this.#f32[(at + TABLE_SLOT.SAMPLE_RATE) / 4] = contents.sampleRate;
    this.#i32[(at + TABLE_SLOT.ID) / 4] = contents.id;
  }

  /** Zeroed memory in the heap, 16-byte aligned. */
  allocate(bytes: number, what: string): number {
    const address = this.#heap.allocate(Math.max(16, bytes));
    if (address === 0) {
      throw new RangeError(
        `Cannot make ${what}: it needs ${bytes} bytes, the largest free piece of the heap has ${this.#heap.largestFree} (capacity.heapBytes is ${this.#heap.capacity})`,
      );
    }
    return address;
  }

  /** Bytes that are free. */
  get freeBytes(): number {
    return this.#heap.freeBytes;
  }

  free(address: number): void {
    this.#heap.free(address);
  }

  #initialise(scalars: readonly Scalar[], state: number, channel = 0): void {
    for (const { type, kind, initial, offset } of scalars) {
      const value = kind === "channel" ? channel : initial;
      (type === "f32" ? this.#f32 : this.#i32)[(state + offset) / 4] = value;
    }
  }
}
