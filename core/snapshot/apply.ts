/** Graph changes made in an engine, as one edit. @module */
import { PLAN_ROOMS } from "../layout.ts";
import { CommandProducer } from "../rt/command_ring.ts";
import { EDGE_PARAM } from "../control/edge_gain.ts";
import type { Engine } from "../control/engine.ts";
import type { GraphEdge, GraphNode } from "../control/graph.ts";
import type { Connection } from "../control/connection.ts";
import type { Param } from "../control/param.ts";
import type { Edit } from "../control/history.ts";
import { hasPlace } from "../control/sum_places.ts";
import type { GraphChange } from "./diff.ts";
import { EngineMemory } from "./engine_memory.ts";
import type { NodeSnapshot, ParamState } from "./graph_snapshot.ts";
import type { Samples } from "./samples.ts";
import { givenPlaces } from "./sum_places.ts";
import { Tables } from "./tables.ts";
import { type AnyNodeDefinition, typesByName } from "./types.ts";
import { type AnyWire, connectWire, describeWire, nodeOf, wireKey } from "./wires.ts";

/** How changes are made. */
export interface ApplyOptions {
  /** The node types that may be needed. */
  readonly types: readonly AnyNodeDefinition[];
  /** Frame on which all takes effect. Default: the next possible one. */
  readonly at?: number;
  /** Sample data by name. Those that nodes of the engine have already need not be given. */
  readonly samples?: Samples;
  /** Whether changes of parameters that were scheduled before are called off. Default false. */
  readonly cancel?: boolean;
  /** @internal Whether the engine has no graph yet, so that sums can be as they were. */
  readonly isNew?: boolean;
  /** @internal Called with each change before it is made. */
  readonly onChange?: (change: GraphChange) => void;
}

/**
 * Makes changes, e.g. those of `diff`, in an engine: all of them on one frame, or none. What sounds is
 * crossfaded as with any edit. Changes to come are scheduled behind it, counted from then.
 *
 * @returns The edit, which can be undone.
 * @throws {RangeError} If a change does not fit the engine; nothing has changed then.
 */
export function apply(
  engine: Engine,
  changes: readonly GraphChange[],
  options: ApplyOptions,
): Edit {
  const { at, cancel } = options;
  const tables = new Tables(engine, options.samples);
  const applier = new Applier(engine, options.types, Math.max(at ?? 0, engine.now), tables);
  applier.checkRoom(changes);
  const edit = tables.orFree(() =>
    engine.edit(() => {
      for (const change of changes) {
        options.onChange?.(change);
        applier.make(change);
      }
      if (options.isNew) {
        applier.givePlaces((wire) => options.onChange?.({ kind: "connect", wire }));
      }
    }, { at, cancel })
  );
  applier.schedule();
  return edit;
}

class Applier {
  readonly #types: ReadonlyMap<string, AnyNodeDefinition>;
  readonly #memory: EngineMemory;
  /** Connections by what they join, the last made last. */
  readonly #connections: Map<string, Connection[]>;
  /** Connections that were made. */
  readonly #made = new Map<GraphEdge, AnyWire>();
  /** What is done when the edit has been made: ramps of gains, changes to come. */
  readonly #after: (() => void)[] = [];

  /** @param start Frame from which changes to come are counted. */
  constructor(
    readonly engine: Engine,
    types: readonly AnyNodeDefinition[],
    readonly start: number,
    readonly tables: Tables,
  ) {
    this.#types = typesByName(types);
    this.#memory = EngineMemory.of(engine);
    this.#connections = Map.groupBy(engine.connections, (c) => keyOf(c, engine));
  }

  /** Refuses more changes of parameters than the audio side can be told at once, or can hold. */
  checkRoom(changes: readonly GraphChange[]): void {
    const { capacity, commands } = this.engine.shared;
    const sets = changes.filter(({ kind }) => kind === "set" || kind === "gain").length;
    let events = 0;
    for (const state of changes.flatMap(statesOf)) {
      if (typeof state === "object") events += state.events?.length ?? 0;
    }
    if (events > capacity.events) {
      throw new RangeError(
        `Cannot schedule ${events} changes of parameters: capacity.events is ${capacity.events}`,
      );
    }
    const free = new CommandProducer(commands).room - PLAN_ROOMS;
    if (events + sets > free) {
      throw new RangeError(
        `Cannot change ${events + sets} parameters at once: the command ring has room for ${free}`,
      );
    }
  }

  make(change: GraphChange): void {
    const { engine } = this;
    switch (change.kind) {
      case "add":
        return this.#add(change.node);
      case "remove":
        return engine.remove(nodeOf(engine, change.node));
      case "replace": {
        const { name, type, params } = change.node;
        const definition = this.#type(type);
        const tables = this.tables.of(change.node);
        engine.replace(nodeOf(engine, name), definition, startOf(params, definition), { tables });
        return this.#eventsOf(change.node);
      }
      case "table":
        return this.tables.set(nodeOf(engine, change.node), change.table, change.sample);
      case "set":
        return this.#set(change.node, change.param, change.value);
      case "connect":
        return this.#connect(change.wire);
      case "disconnect":
        return this.#take(change.wire).remove();
      case "gain":
        return this.#gain(change.wire);
    }
  }

  /** Puts the signals of a new graph into the places that its sums had. */
  givePlaces(onWire: (wire: AnyWire) => void): void {
    if (!this.#made.values().some(({ position }) => position !== undefined)) return;
    const edges = [...this.#made.keys()].filter(hasPlace);
    this.engine.places.move(givenPlaces(edges, (edge) => {
      const wire = this.#made.get(edge)!;
      onWire(wire);
      return wire.position;
    }));
  }

  /** Does what had to wait for the end of the edit. */
  schedule(): void {
    for (const step of this.#after) step();
  }

  #type(name: string): AnyNodeDefinition {
    const type = this.#types.get(name);
    if (type !== undefined) return type;
    const known = [...this.#types.keys()].map((t) => `"${t}"`).join(", ") || "none";
    throw new RangeError(`Cannot add a node of type "${name}": registered types are ${known}`);
  }

  #add(snapshot: NodeSnapshot): void {
    const { name, type, channels, params, state = [], latches = {} } = snapshot;
    const definition = this.#type(type);
    const start = startOf(params, definition);
    const tables = this.tables.of(snapshot);
    const { record } = this.engine.add(definition, start, { name, channels, tables });
    for (const { name, index } of record.type.params) {
      const param = params[name];
      if (typeof param === "object") this.#startRamp(record, index, param);
      if (Object.hasOwn(latches, name)) this.#memory.setLatch(record, index, latches[name]);
    }
    state.slice(0, channels).forEach((lane, c) => this.#memory.setLane(record, c, lane));
    this.#eventsOf(snapshot);
  }

  /** A node that the audio side does not know yet begins within its ramp. */
  #startRamp(record: GraphNode, index: number, param: ParamState): void {
    if (typeof param !== "object" || !param.slope || !param.frames) return;
    if (typeof param.value !== "number") return;
    const { value: target, slope, frames } = param;
    const { now } = this.#memory;
    this.#memory.setRamp(record, index, { target, slope, frames });
    // Begun a frame ago: what begins now has yet to reach the audio side.
    record.tracks[index].reset(target - slope * (frames + 1));
    record.tracks[index].change(now - 1, target, frames + 1, now);
  }

  #set(name: string, param: string, value: ParamState | null): void {
    const node = nodeOf(this.engine, name);
    if (!Object.hasOwn(node.params, param)) {
      throw new RangeError(`Cannot set "${param}" of "${name}": it has no such parameter`);
    }
    const { info } = node.params[param];
    const standard = info.values ? info.values[info.default] : info.default;
    this.#setParam(node.params[param] as Param<number | string>, value ?? standard);
  }

  #setParam(param: Param<number | string>, state: ParamState): void {
    param.set(inRange(state, param.range));
    this.#schedule(() => param, state);
  }

  #connect(wire: AnyWire): void {
    const { memory = [], gain } = wire;
    const connection = connectWire(this.engine, wire);
    const { edge } = connection;
    this.#made.set(edge, wire);
    if (edge.feedback) {
      edge.rings.slice(0, memory.length).forEach((at, c) =>
        this.#memory.setDelayed(edge.feedback!, at, memory[c])
      );
    }
    if (typeof gain !== "object") return;
    // The node of the gain gets its place at the end of the edit.
    this.#after.push(() => {
      if (edge.gain?.place) this.#startRamp(edge.gain, EDGE_PARAM.GAIN, gain);
    });
    this.#schedule(() => connection.gain!, gain);
  }

  #gain(wire: AnyWire): void {
    const { gain } = this.#find(wire);
    if (gain && wire.gain !== undefined) this.#setParam(gain as Param<number | string>, wire.gain);
  }

  #find(wire: AnyWire): Connection {
    const connection = this.#connections.get(wireKey(wire))?.at(-1);
    if (connection) return connection;
    throw new RangeError(`Cannot find the connection from "${wire.from}": it is not in the engine`);
  }

  #take(wire: AnyWire): Connection {
    const connection = this.#find(wire);
    this.#connections.get(wireKey(wire))!.pop();
    return connection;
  }

  #eventsOf({ name, params }: NodeSnapshot): void {
    for (const [param, state] of Object.entries(params)) {
      this.#schedule(
        () => nodeOf(this.engine, name).params[param] as Param<number | string>,
        state,
      );
    }
  }

  #schedule(param: () => Param<number | string>, state: ParamState): void {
    if (typeof state !== "object" || state.events === undefined) return;
    const { engine, start } = this;
    for (const { in: frames, value, frames: ramp } of state.events) {
      this.#after.push(() => {
        const options = { at: start + frames, ramp: ramp / engine.sampleRate };
        param().set(inRange(value, param().range), options);
      });
    }
  }
}

/** Values that nodes begin with. */
function startOf(
  params: Readonly<Record<string, ParamState>>,
  { params: specs }: AnyNodeDefinition,
): Record<string, number | string> {
  const values = Object.entries(params).map(([name, state]) => {
    return [name, Object.hasOwn(specs, name) ? inRange(state, specs[name]) : state];
  });
  return Object.fromEntries(values);
}

/** The value, at the limit itself where it is the f32 next to it, which may lie beyond. */
function inRange(
  state: ParamState,
  { min, max }: { readonly min?: number; readonly max?: number },
): number | string {
  const value = typeof state === "object" ? state.value : state;
  if (typeof value !== "number" || min === undefined || max === undefined) return value;
  return value === Math.fround(max) ? max : value === Math.fround(min) ? min : value;
}

function statesOf(change: GraphChange): ParamState[] {
  switch (change.kind) {
    case "add":
    case "replace":
      return Object.values(change.node.params);
    case "set":
      return change.value === null ? [] : [change.value];
    case "connect":
    case "gain":
      return change.wire.gain === undefined ? [] : [change.wire.gain];
    default:
      return [];
  }
}

function keyOf(connection: Connection, engine: Engine): string {
  const wire = describeWire(connection, engine);
  return wireKey(connection.edge.hasGain ? { ...wire, gain: 1 } : wire);
}
