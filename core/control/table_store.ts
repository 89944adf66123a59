/**
 * Memory of tables: who reads them, and when it can be given back.
 *
 * @module
 */
import { TABLE_SLOT_BYTES } from "../layout.ts";
import { MAX_TABLE_LENGTH } from "../kernel/language/table_slots.ts";
import type { Change } from "./editor.ts";
import type { GraphNode } from "./graph.ts";
import type { NodeMemory } from "./node_memory.ts";
import type { NodeType } from "./node_type.ts";
import type { PlanWriter } from "./plan/plan_writer.ts";
import { checkTable, showTable, Table, type TableOptions } from "./table.ts";

/** Channels a table may have: as many as a node. */
const MAX_TABLE_CHANNELS = 32;

/** Makes tables and takes their memory back once no plan in use knows them. @thread control */
export class TableStore {
  readonly #memory: NodeMemory;
  readonly #buffer: ArrayBufferLike;
  readonly #sampleRate: number;
  /** Says which node of the graph has the table. */
  readonly #userOf: (table: Table) => GraphNode | undefined;
  /** Tables of the plan sent last. */
  #known: ReadonlySet<Table> = new Set();
  /** Tables that a plan does without; older plans may be in use until it is taken. */
  #retired: { readonly epoch: number; readonly table: Table }[] = [];
  #nextId = 1;

  constructor(
    memory: NodeMemory,
    buffer: ArrayBufferLike,
    sampleRate: number,
    userOf: (table: Table) => GraphNode | undefined,
  ) {
    this.#memory = memory;
    this.#buffer = buffer;
    this.#sampleRate = sampleRate;
    this.#userOf = userOf;
  }

  /** Copies data to shared memory. @throws {TypeError | RangeError} If it is not fit, or there is no room. */
  make(data: Float32Array | readonly Float32Array[], options: TableOptions): Table {
    const channels = data instanceof Float32Array ? [data] : [...data];
    const { name, sampleRate = this.#sampleRate } = options;
    check(channels, sampleRate, name);
    const { length } = channels[0];
    const stride = Math.ceil(length / 4) * 16;
    const contents = channels.length * TABLE_SLOT_BYTES;
    const what = name === undefined ? "a table" : `table "${name}"`;
    const address = this.#memory.allocate(contents + channels.length * stride, what);
    const id = this.#nextId++;
    const views = channels.map((channel, c) => {
      const at = address + contents + c * stride;
      this.#memory.writeSlot(address + c * TABLE_SLOT_BYTES, {
        address: at,
        length,
        sampleRate,
        id,
      });
      const view = new Float32Array(this.#buffer, at, length);
      view.set(channel);
      return view;
    });
    return new Table({ name, sampleRate, channels: views, id, address }, (table) => {
      this.#free(table);
    });
  }

  /** Writes the slots that the changes fill; the copies are made when the plan is taken. */
  writeCopies(writer: PlanWriter, changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind !== "table" || !change.node.place) continue;
      const { node, slot } = change;
      for (const { lane, state } of change.node.place.lanes) {
        const from = this.#memory.slotContents(node.tables[slot], lane);
        writer.copy(from, state - (slot + 1) * TABLE_SLOT_BYTES, TABLE_SLOT_BYTES);
      }
    }
  }

  /** Whether any node of the last plan has a table. */
  get isUsed(): boolean {
    return this.#known.size > 0;
  }

  /** A plan with these nodes was sent. */
  sent(nodes: Iterable<GraphNode>, epoch: number): void {
    const now = new Set<Table>();
    for (const { tables } of nodes) for (const table of tables) if (table) now.add(table);
    for (const table of this.#known) if (!now.has(table)) this.#retired.push({ epoch, table });
    this.#known = now;
  }

  /** The tables of the plan sent last. */
  get known(): ReadonlySet<Table> {
    return this.#known;
  }

  /** The plan of this epoch is not sent after all; before it, these were the tables. */
  takeBack(known: ReadonlySet<Table>, epoch: number): void {
    this.#known = known;
    this.#retired = this.#retired.filter((item) => item.epoch !== epoch);
  }

  /** The audio side has taken the plan of this epoch. */
  taken(epoch: number): void {
    if (this.#retired.length === 0) return;
    const free = this.#retired.filter((item) => item.epoch <= epoch);
    this.#retired = this.#retired.filter((item) => item.epoch > epoch);
    for (const table of new Set(free.map((item) => item.table))) {
      if (table.isFreed && !this.#isKnown(table)) this.#memory.free(table.address);
    }
  }

  #isKnown(table: Table): boolean {
    return this.#known.has(table) || this.#retired.some((item) => item.table === table);
  }

  #free(table: Table): void {
    const user = this.#userOf(table);
    if (user) {
      throw new RangeError(
        `Cannot free ${
          showTable(table)
        }: node "${user.name}" has it; set another table, or none, first`,
      );
    }
    table.isFreed = true;
    if (!this.#isKnown(table)) this.#memory.free(table.address);
  }
}

/** The tables of a new node by slot. @throws {RangeError} If its type has no such table. */
export function startTables(
  type: NodeType,
  given: Readonly<Record<string, Table | null | undefined>> = {},
): (Table | null)[] {
  for (const [name, table] of Object.entries(given)) {
    if (!type.tables.includes(name)) {
      throw new RangeError(
        `Cannot use table "${name}" of "${type.name}": it must be one of ${
          type.tables.map((t) => `"${t}"`).join(", ") || "none"
        }`,
      );
    }
    if (table) checkTable(table, type.name);
  }
  return type.tables.map((name) => given[name] ?? null);
}

function check(
  channels: readonly Float32Array[],
  sampleRate: number,
  name: string | undefined,
): void {
  const what = name === undefined ? "Cannot make a table" : `Cannot make table "${name}"`;
  if (name === "") throw new RangeError(`${what}: name must not be empty`);
  if (channels.length < 1 || channels.length > MAX_TABLE_CHANNELS) {
    throw new RangeError(
      `${what}: channels must be in [1, ${MAX_TABLE_CHANNELS}], current value is ${channels.length}`,
    );
  }
  if (!(sampleRate > 0) || !Number.isFinite(Math.fround(sampleRate))) {
    throw new RangeError(
      `${what}: sampleRate must be positive and finite, current value is ${sampleRate}`,
    );
  }
  for (const [c, channel] of channels.entries()) {
    if (!(channel instanceof Float32Array)) {
      throw new TypeError(
        `${what}: channel ${c} must be a Float32Array, current value is ${channel}`,
      );
    }
    const { length } = channel;
    if (length < 1 || length > MAX_TABLE_LENGTH || length !== channels[0].length) {
      throw new RangeError(
        `${what}: length of channel ${c} must be in [1, ${MAX_TABLE_LENGTH}] and that of channel 0 (${
          channels[0].length
        }), current value is ${length}`,
      );
    }
    const wrong = channel.findIndex((x) => !Number.isFinite(x));
    if (wrong >= 0) {
      throw new RangeError(
        `${what}: values must be finite, value ${wrong} of channel ${c} is ${channel[wrong]}`,
      );
    }
  }
}
