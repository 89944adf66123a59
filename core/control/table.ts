/**
 * Tables as a user holds them: data in the engine's memory that nodes read.
 *
 * @module
 */
import type { PortName, TablesSpec } from "../kernel/definition.ts";
import type { GraphNode } from "./graph.ts";
import type { Host } from "./host.ts";

/** Options of {@linkcode Engine.table}. */
export interface TableOptions {
  /** What it is called: the reference by which a snapshot knows it. Default: none. */
  readonly name?: string;
  /** Frames per second of the data. Default: those of the engine. */
  readonly sampleRate?: number;
}

/**
 * Numbers in the memory that an engine shares with its audio side: a recording, an impulse response,
 * a tuning. Nodes whose definition declares `tables` read it. Made by {@linkcode Engine.table}.
 *
 * Its values may be written while nodes read them: each value changes at once, as a whole, and a node
 * sees it from the next segment of at most 64 frames on, or in the middle of one. Values that belong
 * together can be seen half changed; then make a new table and put it in the old one's place.
 *
 * ```ts
 * import { defineNode, Engine } from "@aether/dsp";
 * import { assertEquals } from "@std/assert";
 *
 * const player = defineNode({
 *   name: "player",
 *   outputs: ["out"],
 *   tables: ["sample"],
 *   state: { at: 0 },
 *   tick: (_inputs, _params, s, { tables }) => tables.sample[s.at++],
 * });
 * const engine = new Engine();
 * const click = engine.table(new Float32Array([1, 0.5, 0.25]), { name: "click" });
 * const node = engine.add(player, {}, { tables: { sample: click } });
 * assertEquals(node.tables.sample.value?.length, 3);
 * ```
 */
export class Table {
  /** What it is called, for snapshots and messages. */
  readonly name: string | undefined;
  /** Frames per second of the data. */
  readonly sampleRate: number;
  /** The values, one array a channel, in shared memory. */
  readonly channels: readonly Float32Array[];
  /** @internal Number in its engine. */
  readonly id: number;
  /** @internal Address of the contents of a slot that holds channel 0; those of the others follow. */
  readonly address: number;
  /** @internal */
  isFreed = false;
  readonly #free: (table: Table) => void;

  /** @internal */
  constructor(
    made: Pick<Table, "name" | "sampleRate" | "channels" | "id" | "address">,
    free: (table: Table) => void,
  ) {
    this.name = made.name;
    this.sampleRate = made.sampleRate;
    this.channels = made.channels;
    this.id = made.id;
    this.address = made.address;
    this.#free = free;
  }

  /** Values in each channel. */
  get length(): number {
    return this.channels[0].length;
  }

  /**
   * Gives the memory back, as soon as the audio side does not read it any more. A second call does nothing.
   *
   * @throws {RangeError} If a node of the engine has the table.
   * @thread control
   */
  free(): void {
    if (!this.isFreed) this.#free(this);
  }
}

/** The place for a table that a node's definition declares. */
export class TableSlot {
  /** Name in the node's definition. */
  readonly name: string;
  readonly #host: Host;
  readonly #node: GraphNode;
  readonly #index: number;

  /** @internal */
  constructor(host: Host, node: GraphNode, name: string, index: number) {
    this.name = name;
    this.#host = host;
    this.#node = node;
    this.#index = index;
  }

  /** The table that is there. */
  get value(): Table | null {
    return this.#node.tables[this.#index];
  }

  /**
   * Puts a table there, or none, as part of the open edit or as one of its own: on one frame all
   * channels of the node read the new data. Channel c reads channel c of the table, or its last.
   *
   * What is heard of the change is up to the node: an oscillator jumps, a sampler lets its note go.
   * For a crossfade use {@linkcode Engine.replace} with the same type and the new table.
   *
   * @throws {RangeError} If the table is freed, or the node is not in the engine.
   * @thread control
   */
  set(table: Table | null): void {
    this.#host.setTable(this.#node, this.#index, table);
  }
}

/** Tables by the names that a node's definition gives them. */
export type TableValues<T extends TablesSpec> = {
  readonly [K in PortName<T>]?: Table | null;
};

/** Refuses what is not a table, or is not in memory any more. */
export function checkTable(table: Table, node: string): void {
  if (!(table instanceof Table)) {
    throw new TypeError(
      `Cannot give "${node}" a table: it must be made by engine.table, current value is ${table}`,
    );
  }
  if (!table.isFreed) return;
  throw new RangeError(`Cannot give "${node}" ${showTable(table)}: it has been freed`);
}

/** A table in a message. */
export function showTable({ name }: Table): string {
  return name === undefined ? "a table" : `table "${name}"`;
}
