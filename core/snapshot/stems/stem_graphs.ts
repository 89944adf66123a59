/** The parts of a divided graph as graphs of their own. @module */
import { PLAN_ROOMS, QUANTUM } from "../../layout.ts";
import { DEFAULT_CAPACITY } from "../../rt/engine_memory.ts";
import { MAX_COMMANDS } from "../../rt/shared.ts";
import { ENGINE_INPUT } from "../check_graph.ts";
import type {
  EdgeSnapshot,
  EngineSettings,
  GraphSnapshot,
  NodeSnapshot,
  OutputSnapshot,
  ParamState,
  Wire,
} from "../graph_snapshot.ts";
import { GRAPH_LIMITS } from "../limits.ts";
import type { AnyNodeDefinition } from "../types.ts";
import { divide, type Division, type Stem } from "./divide.ts";
import { Shapes, STILL } from "./shapes.ts";
import { signal } from "./signal.ts";
import { narrowSums } from "./wide_sums.ts";

/** A graph as several, which together sound like it, bit for bit. */
export interface StemGraphs {
  /** What is rendered last; its output is the graph's. Its inputs are what stems have, one after the other. */
  readonly trunk: GraphSnapshot;
  /** What the thread of the trunk renders before; null if that is nothing. */
  readonly own: GraphSnapshot | null;
  /** What other threads render, each one of them. They read nothing of each other. */
  readonly ahead: readonly GraphSnapshot[];
  /** The types of all of them. */
  readonly types: readonly AnyNodeDefinition[];
  readonly costs: Division["costs"];
}

/**
 * Divides a graph for several threads.
 *
 * @param costOf Microseconds that a node takes for 64 frames.
 * @returns Undefined if it cannot be divided: it is not rendered ahead, as it has inputs, or as more
 * changes of parameters are due at once than an engine takes, so that some would be late.
 */
export function stemGraphs(
  graph: GraphSnapshot,
  types: readonly AnyNodeDefinition[],
  costOf: (node: string) => number,
  threads: number,
): StemGraphs | undefined {
  const { engine, nodes } = graph;
  const isNamedInput = nodes.some(({ name }) => name === ENGINE_INPUT);
  if (engine.inputs > 0 || isNamedInput || hasHaste(graph)) return undefined;
  const all = [...types, signal];
  const shapes = new Shapes(graph, all);
  const narrow = narrowSums({ ...graph, engine: roomier(engine) }, shapes);
  const division = divide(narrow, shapes, costOf, threads);
  const [own, ...others] = division.stems;
  const ahead = others.filter(({ signals }) => signals.length > 0);
  if (ahead.length === 0) return undefined;
  return {
    trunk: trunkGraph(narrow, division, shapes),
    own: own.signals.length > 0 ? stemGraph(narrow, own) : null,
    ahead: ahead.map((stem) => stemGraph(narrow, stem)),
    types: all,
    costs: division.costs,
  };
}

/** What one thread renders ahead: its signals are the output's channels, one after the other. */
function stemGraph(graph: GraphSnapshot, { nodes, signals }: Stem): GraphSnapshot {
  const outputs = signals.flatMap(({ node, output, channels }) =>
    channels.map((c) => ({ from: node, output, outputChannel: c, ...STILL }))
  ).map((wire, channel): OutputSnapshot => ({ ...wire, channel }));
  return { ...within(graph, nodes), engine: { ...graph.engine, outputs: outputs.length }, outputs };
}

/** The rest. Single channels are read from its inputs, several at once through a node that holds them. */
function trunkGraph(graph: GraphSnapshot, { trunk, stems }: Division, shapes: Shapes) {
  const { nodes, edges, modulations } = within(graph, trunk);
  const inputs = new Map<string, number>();
  const keyOf = (node: string, output: string, channel: number) =>
    JSON.stringify([node, output, channel]);
  for (const { node, output, channels } of stems.flatMap(({ signals }) => signals)) {
    for (const channel of channels) inputs.set(keyOf(node, output, channel), inputs.size);
  }
  const stubs = new Map<string, NodeSnapshot>();
  const wires: EdgeSnapshot[] = [];
  const moved = <W extends Wire>(wire: W): W => {
    if (trunk.has(wire.from)) return wire;
    const { from, output: _, outputChannel: __, ...rest } = wire;
    const output = shapes.outputOf(wire);
    const sources = shapes.channelsOf(wire).map((channel) =>
      inputs.get(keyOf(from, output, channel))!
    );
    if (sources.length === 1) {
      return { ...rest, from: ENGINE_INPUT, outputChannel: sources[0] } as W;
    }
    const key = JSON.stringify([from, output]);
    let stub = stubs.get(key);
    if (!stub) {
      stub = shapes.addSignal("stem", sources.length);
      stubs.set(key, stub);
      for (const [inputChannel, outputChannel] of sources.entries()) {
        wires.push({ from: ENGINE_INPUT, outputChannel, ...STILL, to: stub.name, inputChannel });
      }
    }
    return { ...rest, from: stub.name } as W;
  };
  const ends = {
    edges: edges.map(moved),
    modulations: modulations.map(moved),
    outputs: graph.outputs.map(moved),
  };
  return {
    ...graph,
    ...ends,
    engine: { ...graph.engine, inputs: inputs.size },
    nodes: [...nodes, ...stubs.values()],
    edges: [...ends.edges, ...wires],
  };
}

/** With room for what stands between the parts. */
function roomier(engine: EngineSettings): EngineSettings {
  const { nodes, buffers, planBytes } = { ...DEFAULT_CAPACITY, ...engine.capacity };
  const capacity = {
    ...engine.capacity,
    nodes: Math.min(GRAPH_LIMITS.nodes, nodes + 512),
    buffers: buffers + 256,
    planBytes: planBytes + 65_536,
  };
  return { ...engine, capacity };
}

/** Some nodes of a graph with all that ends at them. */
function within(graph: GraphSnapshot, names: ReadonlySet<string>): GraphSnapshot {
  return {
    ...graph,
    nodes: graph.nodes.filter(({ name }) => names.has(name)),
    edges: graph.edges.filter(({ to }) => names.has(to)),
    modulations: graph.modulations.filter(({ to }) => names.has(to)),
  };
}

/** Whether changes of parameters are due before one engine has taken all commands about them. */
function hasHaste({ nodes, edges, modulations, outputs }: GraphSnapshot): boolean {
  const params: (ParamState | undefined)[] = [
    ...nodes.flatMap(({ params }) => Object.values(params)),
    ...[...edges, ...modulations, ...outputs].map(({ gain }) => gain),
  ];
  const events = params.flatMap((state) => typeof state === "object" ? state.events ?? [] : []);
  const commands = events.length + PLAN_ROOMS;
  if (commands <= MAX_COMMANDS) return false;
  const taken = QUANTUM * Math.ceil(commands / MAX_COMMANDS);
  return events.some((event) => event.in < taken);
}
