/**
 * Places of nodes: slots of the arena and memory of the heap.
 *
 * @module
 */
import { resetBytes } from "../kernel/ir.ts";
import { QUANTUM } from "../layout.ts";
import { instanceBytes } from "../kernel/ir.ts";
import type { Arena } from "../rt/arena.ts";
import { type GraphNode, makePlace, type Place } from "./graph.ts";
import type { NodeMemory } from "./node_memory.ts";

/** How much of an engine's memory is free. */
export interface FreeMemory {
  /** Places for nodes. */
  readonly nodes: number;
  /** Bytes of the heap, in one piece or several. */
  readonly heapBytes: number;
}

/** Gives nodes their places and takes them back. @thread control */
export class NodeStore {
  readonly #arena: Arena;
  readonly #memory: NodeMemory;
  readonly #capacity: number;
  readonly #bySlot: (GraphNode | undefined)[] = [];

  constructor(arena: Arena, memory: NodeMemory, capacity: number) {
    this.#arena = arena;
    this.#memory = memory;
    this.#capacity = capacity;
  }

  /**
   * Places a node: parameters at their last targets, state at its beginning.
   *
   * @throws {RangeError} If there is no slot or no memory left; nothing has changed then.
   */
  place(node: GraphNode): void {
    const { type, name, channels, tracks } = node;
    const id = this.#arena.insert();
    if (id < 0) {
      throw new RangeError(
        `Cannot add node "${name}": all ${this.#capacity} places are taken; raise capacity.nodes (at most 10240)`,
      );
    }
    try {
      const { tables, hopTables, image, imageBytes } = this.#memory.ofType(type);
      const values = tracks.map((track) => track.target);
      const { params, state } = this.#memory.createNode(type, name, channels, values, node.tables);
      const slot = this.#arena.slot(id);
      const generation = this.#arena.generation(id);
      this.#arena.setParams(id, params, type.params.length);
      this.#arena.setState(id, resetBytes(type.program), image, imageBytes);
      const place = { id, slot, generation, params, state, tables, hopTables };
      node.place = makePlace(place, channels, instanceBytes(type.program));
      this.#bySlot[slot] = node;
    } catch (error) {
      this.#arena.remove(id);
      throw error;
    }
  }

  /** Places a node if there is room. */
  tryPlace(node: GraphNode): boolean {
    try {
      this.place(node);
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  /** Takes a place back that the audio side does not use any more. */
  release(place: Place): void {
    this.#arena.remove(place.id);
    this.#memory.free(place.params);
    this.#bySlot[place.slot] = undefined;
  }

  /** What is free. */
  get free(): FreeMemory {
    return { nodes: this.#arena.available, heapBytes: this.#memory.freeBytes };
  }

  /** The node at a slot if its generation is this one. */
  at(slot: number, generation: number): GraphNode | undefined {
    const node = this.#bySlot[slot];
    return node?.place?.generation === generation ? node : undefined;
  }

  /** The node that has a slot, or had it last while the audio side may still use it. */
  ofSlot(slot: number): GraphNode | undefined {
    return this.#bySlot[slot];
  }

  /** Sets a parameter that the audio side does not know yet. */
  setParam({ place }: GraphNode, index: number, value: number): void {
    if (place) this.#memory.setParam(place.params, index, value);
  }

  /** Puts the table of a slot where the audio side, which does not know the node yet, will find it. */
  setTable({ place, tables }: GraphNode, slot: number): void {
    for (const { lane, state } of place?.lanes ?? []) {
      this.#memory.setTable(state, slot, tables[slot], lane);
    }
  }

  /** Rings for a feedback connection. */
  rings(channels: number): number[] {
    const rings: number[] = [];
    try {
      while (rings.length < channels) {
        rings.push(this.#memory.allocate(RING_BYTES, "a feedback delay"));
      }
    } catch (error) {
      this.freeRings(rings);
      throw error;
    }
    return rings;
  }

  freeRings(rings: readonly number[]): void {
    for (const address of rings) this.#memory.free(address);
  }
}

/** A ring holds two control periods of f32. */
const RING_BYTES = 2 * QUANTUM * 4;
