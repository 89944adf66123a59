/** {@linkcode restore} and {@linkcode load}: engines from data. @module */
import { Engine } from "../control/engine.ts";
import type { EngineOptions } from "../control/engine_options.ts";
import type { Edit } from "../control/history.ts";
import { type Capacity, layout } from "../layout.ts";
import { DEFAULT_CAPACITY } from "../rt/engine_memory.ts";
import { apply, type ApplyOptions } from "./apply.ts";
import { atRate, complete, settled } from "./adapt.ts";
import { snapshot } from "./capture.ts";
import { diff, type GraphChange, wiresOf } from "./diff.ts";
import { EngineMemory } from "./engine_memory.ts";
import { graphSchema } from "./graph_schema.ts";
import type { GraphSnapshot } from "./graph_snapshot.ts";
import { type Path, SchemaError } from "./schema/mod.ts";
import { encode } from "./schema/encode.ts";
import { type AnyNodeDefinition, typesByName } from "./types.ts";
import type { Samples } from "./samples.ts";
import { Tables } from "./tables.ts";
import { listOf } from "./wires.ts";

/** Options of {@linkcode restore}; the engine's options win over the snapshot's. */
export interface RestoreOptions<E extends Engine = Engine> extends EngineOptions {
  /** The node types that may appear. */
  readonly types: readonly AnyNodeDefinition[];
  /** Sample data by name; see `loadSamples`. They are copied. */
  readonly samples?: Samples;
  /** Makes the engine, e.g. that of `@aether/dsp/parallel`. Default: the constructor of `Engine`. */
  readonly make?: (options: EngineOptions) => E;
  /** Bytes of shared memory that the snapshot may ask for. Default 256 MiB. */
  readonly maxBytes?: number;
}

/**
 * A new engine with the graph of a snapshot. With state, it goes on where the snapshot was taken: same
 * frame time, same bits. At a higher sample rate its memory is so much larger, unless its size is given.
 *
 * @example
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { oscillator } from "@aether/dsp/nodes";
 * import { restore, snapshot } from "@aether/dsp/snapshot";
 * import { assertEquals } from "@std/assert";
 *
 * const first = new Engine({ sampleRate: 44_100 });
 * first.add(oscillator, { frequency: 110 }, { name: "osc" }).connect(first.output);
 * const second = restore(snapshot(first, { state: true }), { types: [oscillator] });
 * assertEquals(second.node("osc")?.params.frequency.value, 110);
 * ```
 *
 * @throws {SchemaError} With the path of the part that does not fit.
 */
export function restore<E extends Engine = Engine>(
  graph: GraphSnapshot,
  options: RestoreOptions<E>,
): E {
  const { types, samples, maxBytes = 256 * 2 ** 20, make, ...engineOptions } = options;
  check(graph, types);
  const { inputs, outputs, sampleRate } = graph.engine;
  const made: EngineOptions = {
    sampleRate,
    inputs,
    outputs,
    ...engineOptions,
    capacity: { ...roomAt(graph, samples, engineOptions.sampleRate), ...engineOptions.capacity },
  };
  const { bytes } = layout({ ...DEFAULT_CAPACITY, ...made.capacity });
  if (bytes > maxBytes) {
    throw new SchemaError(
      ["engine", "capacity"],
      `expected sizes of at most ${maxBytes} bytes in all, got ${bytes}`,
    );
  }
  const engine = make?.(made) ?? new Engine(made) as E;
  const wanted = complete(atRate(graph, engine.sampleRate), typesByName(types));
  EngineMemory.of(engine).now = wanted.frame;
  const empty = { ...wanted, nodes: [], edges: [], modulations: [], outputs: [] };
  change(engine, diff(empty, wanted), wanted, { types, samples, isNew: true });
  return engine;
}

/** The capacity that a snapshot asks for; at a higher rate its delay lines are so much longer. */
function roomAt(
  { engine, nodes }: GraphSnapshot,
  samples: Samples = new Map(),
  sampleRate = engine.sampleRate,
): Partial<Capacity> {
  const ratio = Math.max(1, sampleRate / engine.sampleRate);
  const stated = engine.capacity?.heapBytes;
  // A size that is stated is that of an engine which had its sample data.
  let bytes = 0;
  const names = nodes.flatMap(({ tables = {} }) => Object.values(tables));
  for (const name of stated === undefined ? new Set(names) : []) {
    for (const { length } of samples.get(name)?.channels ?? []) bytes += 4 * length + 64;
  }
  if (ratio === 1 && bytes === 0) return engine.capacity ?? {};
  const heapBytes = Math.ceil(ratio * (stated ?? DEFAULT_CAPACITY.heapBytes)) + bytes;
  return { ...engine.capacity, heapBytes };
}

/** Options of {@linkcode load}. */
export interface LoadOptions {
  /** The node types that may appear. */
  readonly types: readonly AnyNodeDefinition[];
  /** Sample data by name, where the engine's nodes have them not yet, or others. They are copied. */
  readonly samples?: Samples;
  /** Frame on which the new graph takes effect. Default: the next possible one. */
  readonly at?: number;
}

/**
 * Turns the graph of an engine, which may be playing, into that of a snapshot: one edit, crossfaded.
 * Nodes of the same name and type go on undisturbed; new ones begin with the snapshot's state if it has
 * one for this sample rate. Changes that were scheduled before are called off, those of the snapshot
 * come in their place. Nodes whose sample data are given with other values get them. If anything does
 * not fit, nothing changes.
 *
 * @example
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { gain, oscillator } from "@aether/dsp/nodes";
 * import { graphCodec, load } from "@aether/dsp/snapshot";
 * import { assertEquals } from "@std/assert";
 *
 * const types = [oscillator, gain];
 * const engine = new Engine();
 * load(engine, graphCodec(types).fromJson(`{
 *   "version": 1,
 *   "nodes": [{ "type": "oscillator", "name": "osc", "params": { "frequency": 220 } }],
 *   "outputs": [{ "from": "osc", "gain": 0.3 }]
 * }`), { types });
 * assertEquals(engine.node("osc")?.params.frequency.value, 220);
 * ```
 *
 * @returns The edit, which can be undone.
 * @throws {SchemaError} With the path of the part that does not fit; nothing has changed then.
 */
export function load(engine: Engine, graph: GraphSnapshot, options: LoadOptions): Edit {
  check(graph, options.types);
  const types = typesByName(options.types);
  const wanted = complete(atRate(graph, engine.sampleRate), types);
  const here = settled(complete(snapshot(engine), types));
  const changes = [...diff(here, wanted), ...otherData(engine, wanted, options.samples)];
  return change(engine, changes, wanted, { ...options, cancel: true });
}

/** Tables that keep their name, and get other data. */
function otherData(engine: Engine, wanted: GraphSnapshot, samples?: Samples): GraphChange[] {
  const given = new Tables(engine, samples);
  return wanted.nodes.flatMap(({ name, type, channels, tables = {} }) => {
    const node = engine.node(name);
    // Another node under this name begins with the data that are given.
    if (node?.type !== type || node.record.channels !== channels) return [];
    return Object.entries(tables).filter(([slot, sample]) => given.isStale(node, slot, sample))
      .map(([table, sample]): GraphChange => ({ kind: "table", node: name, table, sample }));
  });
}

/** Checks a value as if it had been read. */
function check(graph: GraphSnapshot, types: readonly AnyNodeDefinition[]): void {
  encode(graphSchema(types), graph, "binary");
}

/** Makes the changes; what the engine refuses is reported with its place in the snapshot. */
function change(
  engine: Engine,
  changes: readonly GraphChange[],
  graph: GraphSnapshot,
  options: ApplyOptions,
): Edit {
  let current: GraphChange | undefined;
  try {
    return apply(engine, changes, { ...options, onChange: (change) => current = change });
  } catch (error) {
    if (error instanceof SchemaError) throw error;
    const place = current === undefined ? [] : placeOf(current, graph);
    throw Object.assign(new SchemaError(place, (error as Error).message), { cause: error });
  }
}

/** Where the thing that a change is about stands in the snapshot. */
function placeOf(change: GraphChange, graph: GraphSnapshot): Path {
  if ("wire" in change) {
    if (!wiresOf(graph).includes(change.wire)) return [];
    const list = listOf(change.wire);
    return [list, (graph[list] as unknown[]).indexOf(change.wire)];
  }
  const name = typeof change.node === "string" ? change.node : change.node.name;
  const index = graph.nodes.findIndex((node) => node.name === name);
  return index < 0 ? [] : ["nodes", index];
}
