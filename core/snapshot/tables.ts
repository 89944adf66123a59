/** Tables of an engine, made of sample data as snapshots name them. @module */
import type { Engine } from "../control/engine.ts";
import type { AnyNode } from "../control/node.ts";
import type { Table } from "../control/table.ts";
import type { NodeSnapshot } from "./graph_snapshot.ts";
import type { SampleData, Samples } from "./samples.ts";

/** Finds tables by the names of samples, and makes those that are not there. */
export class Tables {
  readonly #engine: Engine;
  readonly #samples: Samples;
  readonly #known = new Map<string, Table>();
  readonly #made: Table[] = [];

  constructor(engine: Engine, samples: Samples = new Map()) {
    this.#engine = engine;
    this.#samples = samples;
    for (const { record: { tables } } of engine.nodes) {
      for (const table of tables) if (table?.name !== undefined) this.#known.set(table.name, table);
    }
  }

  /** The tables that a node begins with. @throws {RangeError} If the data of one are not given. */
  of({ name, tables = {} }: NodeSnapshot): Record<string, Table> {
    return Object.fromEntries(
      Object.entries(tables).map(([slot, sample]) => [slot, this.#table(name, slot, sample)]),
    );
  }

  /** Puts other data, or none, into a node. */
  set(node: AnyNode, slot: string, sample: string | null): void {
    if (!Object.hasOwn(node.tables, slot)) {
      throw new RangeError(`Cannot set "${slot}" of "${node.name}": it has no such table`);
    }
    node.tables[slot].set(sample === null ? null : this.#table(node.name, slot, sample));
  }

  /** Whether other data are given for what a node has under this name. */
  isStale(node: AnyNode, slot: string, sample: string): boolean {
    const table = Object.hasOwn(node.tables, slot) ? node.tables[slot].value : null;
    const data = this.#samples.get(sample);
    return table?.name === sample && data !== undefined && !holds(table, data);
  }

  /** Does something; if it fails, tables that were made for it are freed. */
  orFree<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      for (const table of this.#made) table.free();
      throw error;
    }
  }

  #table(node: string, slot: string, sample: string): Table {
    const known = this.#known.get(sample);
    // Given data win: they may have changed under the same name.
    const data = this.#samples.get(sample);
    if (known && (!data || holds(known, data))) return known;
    if (!data) {
      throw new RangeError(
        `Cannot set "${slot}" of "${node}": the data of sample "${sample}" are not given`,
      );
    }
    const { channels, sampleRate } = data;
    const table = this.#engine.table(channels, { name: sample, sampleRate });
    this.#made.push(table);
    this.#known.set(sample, table);
    return table;
  }
}

/** Whether a table has these data: the same bits, and the same rate if they tell one. */
function holds({ channels, sampleRate }: Table, data: SampleData): boolean {
  return (data.sampleRate === undefined ||
    Math.fround(data.sampleRate) === Math.fround(sampleRate)) &&
    channels.length === data.channels.length &&
    channels.every((channel, c) => {
      const given = data.channels[c];
      return channel.length === given.length && channel.every((x, t) => Object.is(x, given[t]));
    });
}
