/** Snapshots adapted: to another sample rate, in full, at rest. @module */
import type { ParamSpec } from "../kernel/definition.ts";
import type { GraphSnapshot, NodeSnapshot, ParamState, Wire } from "./graph_snapshot.ts";
import { type AnyNodeDefinition, portChannels } from "./types.ts";

/**
 * The snapshot for another sample rate: times in frames keep their length in seconds. States belong to
 * the old rate and are left out; a ramp under way starts at its end.
 */
export function atRate(graph: GraphSnapshot, sampleRate: number): GraphSnapshot {
  const ratio = sampleRate / graph.engine.sampleRate;
  if (ratio === 1) return graph;
  const param = (state: ParamState) => paramAt(state, ratio);
  const wire = <W extends Wire>({ memory: _, ...wire }: W) => ({
    ...wire,
    ...(wire.gain === undefined ? {} : { gain: param(wire.gain) }),
  });
  return {
    ...graph,
    engine: { ...graph.engine, sampleRate },
    frame: 0,
    nodes: graph.nodes.map(({ state: _, latches: __, ...node }) => ({
      ...node,
      params: mapValues(node.params, param),
    })),
    edges: graph.edges.map(wire),
    modulations: graph.modulations.map(wire),
    outputs: graph.outputs.map(wire),
  };
}

function paramAt(state: ParamState, ratio: number): ParamState {
  if (typeof state !== "object") return state;
  const { value, events } = state;
  if (events === undefined) return value;
  return {
    value,
    events: events.map((event) => ({
      ...event,
      in: Math.round(event.in * ratio),
      frames: Math.round(event.frames * ratio),
    })),
  };
}

/**
 * The snapshot with what a file may leave out, as an engine would describe it: all parameters, and no
 * names of first ports.
 */
export function complete(
  graph: GraphSnapshot,
  types: ReadonlyMap<string, AnyNodeDefinition>,
): GraphSnapshot {
  const nodes = new Map(graph.nodes.map((node) => [node.name, types.get(node.type)]));
  const isFirst = (side: "inputs" | "outputs", name: string, port: string | undefined) => {
    const type = nodes.get(name);
    return type !== undefined && port === portChannels(type[side]).keys().next().value;
  };
  const from = <W extends Wire>(wire: W): W => {
    const { output, ...rest } = wire;
    return isFirst("outputs", wire.from, output) ? rest as W : wire;
  };
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, params: allParams(node, types.get(node.type)) })),
    edges: graph.edges.map(from).map((edge) => {
      const { input, ...rest } = edge;
      return isFirst("inputs", edge.to, input) ? rest : edge;
    }),
    modulations: graph.modulations.map(from),
    outputs: graph.outputs.map(from),
  };
}

/**
 * The snapshot with every parameter where it will be when what is under way has ended; one with
 * changes to come, which may be anywhere by the time it is set, is at NaN: different from all values.
 */
export function settled(graph: GraphSnapshot): GraphSnapshot {
  const rest = (state: ParamState) =>
    typeof state !== "object" ? state : state.events === undefined ? state.value : NaN;
  const wire = <W extends Wire>(wire: W): W =>
    wire.gain === undefined ? wire : { ...wire, gain: rest(wire.gain) };
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, params: mapValues(node.params, rest) })),
    edges: graph.edges.map(wire),
    modulations: graph.modulations.map(wire),
    outputs: graph.outputs.map(wire),
  };
}

function allParams(
  { params }: NodeSnapshot,
  type: AnyNodeDefinition | undefined,
): Record<string, ParamState> {
  if (type === undefined) return params;
  return mapValues(type.params as Record<string, ParamSpec>, (spec, name) => {
    if (Object.hasOwn(params, name)) return params[name];
    return typeof spec.default === "number" ? Math.fround(spec.default) : spec.default;
  });
}

function mapValues<A, B>(
  table: Record<string, A>,
  map: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, map(value, name)]));
}
