/** {@linkcode snapshot}: an engine as data. @module */
import type { Engine } from "../control/engine.ts";
import { EDGE_PARAM } from "../control/edge_gain.ts";
import type { GraphEdge, GraphNode } from "../control/graph.ts";
import type { Connection } from "../control/connection.ts";
import type { ParamInfo } from "../control/node_type.ts";
import type { Capacity } from "../layout.ts";
import { DEFAULT_CAPACITY } from "../rt/engine_memory.ts";
import { EngineMemory } from "./engine_memory.ts";
import type {
  CapacitySettings,
  GraphSnapshot,
  NodeSnapshot,
  ParamEvent,
  ParamState,
  SampleMapSnapshot,
  SampleReference,
  TuningText,
} from "./graph_snapshot.ts";
import { unusualPlaces } from "./sum_places.ts";
import { type AnyWire, describeWire, listOf } from "./wires.ts";

/** What a snapshot holds beside the graph. */
export interface SnapshotOptions {
  /** Whether it has the state of all signals (phases, memories, delay lines), to go on exactly. Default false. */
  readonly state?: boolean;
  /**
   * Whether a state that would not go on with the same bits is refused: while a connection fades, an
   * edit waits for the audio side, or more changes of parameters wait than it takes in 64 frames.
   * Such moments pass: `await engine.settled()` before. Default false.
   */
  readonly exact?: boolean;
  /** What it is called. */
  readonly title?: string;
  /** What it is, for people. */
  readonly about?: string;
  /** References to sample data: the engine knows only the names of its tables. */
  readonly samples?: readonly SampleReference[];
  /** How sample maps are put together: the engine knows only the names of its tables. */
  readonly sampleMaps?: readonly SampleMapSnapshot[];
  /** The tuning that pitches are meant in. */
  readonly tuning?: TuningText;
}

/**
 * The graph of an engine as data: nodes with their parameters, ramps in progress and changes to come,
 * connections, and with `state` all that the signals remember. Restored, a snapshot with state goes
 * on with the same bits as the engine itself. A connection that is fading counts as faded, and
 * changes that wait because there were more than 32 in 64 frames come with the next frame.
 *
 * @example
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { svf } from "@aether/dsp/nodes";
 * import { graphCodec, snapshot } from "@aether/dsp/snapshot";
 * import { assertEquals } from "@std/assert";
 *
 * const engine = new Engine();
 * engine.add(svf, { cutoff: 300 }, { name: "filter" }).connect(engine.output);
 * const data = snapshot(engine);
 * assertEquals(data.nodes[0].params.cutoff, 300);
 * const text = graphCodec().toJson(data);
 * assertEquals(graphCodec().fromJson(text), data);
 * ```
 *
 * An exact snapshot of an engine that plays and may be fading:
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { sine } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 * import { snapshot } from "@aether/dsp/snapshot";
 *
 * const engine = new Engine();
 * for await (const _ of render(engine, { seconds: 0.1 }));
 * engine.add(sine).connect(engine.output, { fade: 0.02 });
 * const settled = engine.settled();
 * for await (const _ of render(engine, { seconds: 0.1 })); // live, the audio thread does this
 * await settled;
 * snapshot(engine, { state: true, exact: true });
 * ```
 *
 * @throws {Error} With `state`, if the audio side is never idle long enough to copy its memory; with
 * `exact`, if something is under way that a snapshot does not hold.
 */
export function snapshot(engine: Engine, options: SnapshotOptions = {}): GraphSnapshot {
  engine.pump();
  const underWay = options.state && options.exact ? engine.underWay : null;
  if (underWay) {
    throw new Error(
      `Cannot take the exact state: ${underWay}; let the audio side render, and await engine.settled()`,
    );
  }
  const capture = new Capture(
    engine,
    options.state ? EngineMemory.frozen(engine) : EngineMemory.of(engine),
    options.state === true,
  );
  const { title, about, samples = [], sampleMaps = [], tuning } = options;
  const graph: GraphSnapshot = {
    version: 1,
    ...(title === undefined ? {} : { title }),
    ...(about === undefined ? {} : { about }),
    engine: {
      sampleRate: engine.sampleRate,
      outputs: engine.output.channels,
      inputs: engine.input?.channels ?? 0,
      ...capacityOf(engine.ownCapacity),
    },
    frame: capture.now,
    nodes: engine.nodes.map(({ record }) => capture.node(record)),
    edges: [],
    modulations: [],
    outputs: [],
    samples: [...samples],
    ...(sampleMaps.length === 0 ? {} : { sampleMaps: [...sampleMaps] }),
    ...(tuning === undefined ? {} : { tuning }),
  };
  for (const connection of engine.connections) {
    const wire = capture.wire(connection);
    (graph[listOf(wire)] as AnyWire[]).push(wire);
  }
  return graph;
}

/** Sizes that differ from the engine's defaults. */
function capacityOf(capacity: Capacity): { capacity?: CapacitySettings } {
  const names = ["nodes", "heapBytes", "buffers", "events", "planBytes"] as const;
  const changed = names.filter((name) => capacity[name] !== DEFAULT_CAPACITY[name]);
  if (changed.length === 0) return {};
  return { capacity: Object.fromEntries(changed.map((name) => [name, capacity[name]])) };
}

/** The tables of a node that have names. */
function tablesOf({ type, tables }: GraphNode): { tables?: Record<string, string> } {
  const named = type.tables.flatMap((slot, i) => {
    const name = tables[i]?.name;
    return name === undefined ? [] : [[slot, name]];
  });
  return named.length === 0 ? {} : { tables: Object.fromEntries(named) };
}

/** One moment of an engine. */
class Capture {
  readonly now: number;
  /** Parameters modulated at control rate. */
  readonly #latched = new Map<GraphNode, Set<number>>();
  readonly #places: ReadonlyMap<GraphEdge, number>;

  constructor(
    readonly engine: Engine,
    readonly memory: EngineMemory,
    readonly hasState: boolean,
  ) {
    this.now = memory.now;
    const edges = engine.connections.map(({ edge }) => edge);
    this.#places = unusualPlaces(edges);
    for (const { to, rate } of edges) {
      if (to.kind !== "param" || rate !== "control") continue;
      const params = this.#latched.get(to.node);
      if (params) params.add(to.param);
      else this.#latched.set(to.node, new Set([to.param]));
    }
  }

  node(node: GraphNode): NodeSnapshot {
    const { name, type, channels } = node;
    const params: Record<string, ParamState> = {};
    for (const info of type.params) params[info.name] = this.#param(node, info);
    const data = { type: type.name, name, channels, params, ...tablesOf(node) };
    if (!this.hasState) return data;
    const state = Array.from({ length: channels }, (_, c) => this.memory.lane(node, c));
    const latches: Record<string, number> = {};
    for (const param of this.#latched.get(node) ?? []) {
      latches[type.params[param].name] = this.memory.latch(node, param);
    }
    const isEmpty = type.program.scalars.length + type.program.blocks.length === 0;
    return {
      ...data,
      ...(isEmpty ? {} : { state }),
      ...(Object.keys(latches).length === 0 ? {} : { latches }),
    };
  }

  wire(connection: Connection): AnyWire {
    const wire = describeWire(connection, this.engine);
    const { edge } = connection;
    if (edge.hasGain && edge.gain) wire.gain = this.#gain(edge.gain);
    const place = this.#places.get(edge);
    if (place !== undefined) wire.position = place;
    if (this.hasState && edge.feedback) {
      wire.memory = edge.rings.map((at) => this.memory.delayed(edge.feedback!, at));
    }
    return wire;
  }

  /** A gain that has no place yet is what control set it to. */
  #gain(node: GraphNode): ParamState {
    const info = node.type.params[EDGE_PARAM.GAIN];
    return node.place ? this.#param(node, info) : Math.fround(node.tracks[info.index].target);
  }

  #param(node: GraphNode, info: ParamInfo): ParamState {
    const { target, slope, frames } = this.memory.ramp(node, info.index);
    const events = this.#events(node, info, target);
    const value = this.#value(info, target);
    if (slope === 0 && events.length === 0) return value;
    return {
      value,
      ...(slope === 0 ? {} : { slope, frames }),
      ...(events.length === 0 ? {} : { events }),
    };
  }

  /** Changes to come, and one that should have begun but is still on its way to the audio side. */
  #events(node: GraphNode, info: ParamInfo, known: number): ParamEvent[] {
    const { now } = this;
    const track = node.tracks[info.index];
    const coming = track.coming(now).map(({ at, target, frames }) => ({
      in: at - now,
      value: this.#value(info, Math.fround(target)),
      frames,
    }));
    const { target, frames } = track.course(now - 1);
    if (Math.fround(target) === known) return coming;
    return [{ in: 0, value: this.#value(info, Math.fround(target)), frames }, ...coming];
  }

  #value({ values }: ParamInfo, value: number): number | string {
    return values ? values[Math.round(value)] : value;
  }
}
