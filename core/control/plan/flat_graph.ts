/**
 * The graph as numbers: what the plan builder works on.
 *
 * Nodes get dense indices in slot order. Every output channel of every lane is a *signal*, every
 * input channel of every lane (and every channel of the engine's output) an *input* with the list
 * of signals that feed it, in the order of their edges.
 *
 * @module
 */
import { ParamSource } from "../../kernel/ir.ts";
import type { GraphEdge, GraphNode, Place } from "../graph.ts";
import type { NodeType } from "../node_type.ts";
import { FeedList, sharedSums } from "./feeds.ts";

/** One output that acts on one parameter. */
export interface Modulation {
  /** The signal that acts on each lane. */
  readonly signals: readonly number[];
  readonly amount: number;
}

/** Modulations of one parameter. */
export interface ModulatedParam {
  readonly param: number;
  readonly rate: "audio" | "control";
  readonly by: readonly Modulation[];
}

/** Nodes that may share a batch: one type, the same parameters modulated in the same way. */
export interface BatchKind {
  readonly type: NodeType;
  readonly sources: readonly ParamSource[];
}

/** A signal delayed by a control period, through a ring, or by one sample, which is kept. */
export interface Ring {
  readonly source: number;
  readonly address: number;
  readonly isSample: boolean;
}

/** The graph, flat. */
export interface FlatGraph {
  readonly nodes: readonly PlacedNode[];
  readonly kinds: readonly BatchKind[];
  /** Kind of each node. */
  readonly kind: Int32Array;
  /** First signal of each node; lane l, output o is `firstSignal + l * outputs + o`. */
  readonly firstSignal: Int32Array;
  /** First input of each node, likewise; the engine's output channels come after all nodes. */
  readonly firstInput: Int32Array;
  /** Node of each signal. */
  readonly owner: Int32Array;
  readonly signals: number;
  readonly inputs: number;
  readonly outputChannels: number;
  /**
   * Signals that feed input i, each at its position in the sum: `feeds[feedStart[i]] ...
   * feeds[feedStart[i + 1] - 1]`; -1 where there is none. The last one is a signal.
   */
  readonly feedStart: Int32Array;
  readonly feeds: Int32Array;
  /** The first of the neighbouring inputs that are fed by exactly the same signals: they share a sum. */
  readonly sameAs: Int32Array;
  /** Modulated parameters of each node that has any. */
  readonly modulated: ReadonlyMap<number, readonly ModulatedParam[]>;
  /** Delayed signals: signal `signals + k` is read from `rings[k].address`. */
  readonly rings: readonly Ring[];
}

/** A node that has its place in memory. */
export type PlacedNode = GraphNode & { readonly place: Place };

/** What is to sound: nodes that have their places, and the edges between them. */
export interface SoundingGraph {
  readonly nodes: Iterable<GraphNode>;
  readonly edges: Iterable<GraphEdge>;
}

/** Flattens a graph. `outputChannels` is the engine's. */
export function flatten(graph: SoundingGraph, outputChannels: number): FlatGraph {
  const edges = sortedEdges(graph.edges);
  const nodes = sortedNodes(graph.nodes, edges);
  const firstSignal = new Int32Array(nodes.length + 1);
  const firstInput = new Int32Array(nodes.length + 1);
  for (const [k, { type: { program }, channels, place }] of nodes.entries()) {
    place.index = k;
    firstSignal[k + 1] = firstSignal[k] + channels * program.outputs.length;
    firstInput[k + 1] = firstInput[k] + channels * program.inputs;
  }
  const signals = firstSignal[nodes.length];
  const inputs = firstInput[nodes.length] + outputChannels;
  const owner = new Int32Array(signals);
  for (let k = 0; k < nodes.length; k++) owner.fill(k, firstSignal[k], firstSignal[k + 1]);

  const rings: Ring[] = [];
  const signalOf = signalNumbers(firstSignal, signals, rings);
  const place = (edge: GraphEdge, channel: number): number => {
    const { to } = edge;
    if (to.kind === "output") return firstInput[nodes.length] + to.first + channel;
    if (to.kind !== "input") throw new TypeError("A parameter is not an input");
    const program = to.node.type.program;
    const lanes = to.node.channels;
    const first = firstInput[indexOf(to.node)];
    return lanes > 1
      ? first + (to.lane ?? channel) * program.inputs + to.first
      : first + to.first + channel;
  };

  const places = new FeedList();
  /** The signal at the far end of channel c: behind the connection's gain if it has one. */
  const arriving = (edge: GraphEdge, channel: number): number =>
    edge.gain ? firstSignal[indexOf(edge.gain)] + channel : signalOf(edge, channel);
  const modulations = new Map<
    number,
    Map<number, { rate: "audio" | "control"; by: Modulation[] }>
  >();
  for (const edge of edges) {
    if (edge.gain) {
      const first = firstInput[indexOf(edge.gain)];
      for (let c = 0; c < edge.from.channels; c++) {
        places.add(first + c, 0, signalOf(edge, c));
      }
    }
    if (edge.to.kind === "param") {
      addModulation(modulations, indexOf(edge.to.node), edge, arriving);
      continue;
    }
    const wide = Math.max(edge.from.channels, edge.to.channels);
    const isSum = edge.to.channels === 1;
    for (let c = 0; c < wide; c++) {
      places.add(
        place(edge, isSum ? 0 : c),
        edge.position + (isSum ? c : 0),
        arriving(edge, edge.from.channels === 1 ? 0 : c),
      );
    }
  }
  const feeds = places.build(inputs);
  const modulated = new Map<number, ModulatedParam[]>();
  for (const [node, params] of modulations) {
    modulated.set(
      node,
      [...params].sort(([a], [b]) => a - b).map(([param, { rate, by }]) => ({ param, rate, by })),
    );
  }
  const { kinds, kind } = batchKinds(nodes, modulated);
  return {
    nodes,
    kinds,
    kind,
    firstSignal,
    firstInput,
    owner,
    signals,
    inputs,
    outputChannels,
    ...feeds,
    // The sums of a loop are written inside it.
    sameAs: sharedSums(feeds, !rings.some((ring) => ring.isSample)),
    modulated,
    rings,
  };
}

/** Nodes and the hidden ones of edges, in the order of their slots. */
function sortedNodes(all: Iterable<GraphNode>, edges: readonly GraphEdge[]): PlacedNode[] {
  const nodes = [...all];
  for (const { gain } of edges) if (gain) nodes.push(gain);
  return (nodes as PlacedNode[]).sort((a, b) => a.place.slot - b.place.slot);
}

/** Index of a node in the graph that is being flattened. */
function indexOf(node: GraphNode): number {
  return node.place!.index;
}

function sortedEdges(all: Iterable<GraphEdge>): GraphEdge[] {
  const edges = [...all];
  for (let k = 1; k < edges.length; k++) {
    if (edges[k].id < edges[k - 1].id) return edges.sort((a, b) => a.id - b.id);
  }
  return edges;
}

/** Number of the signal that channel c of an edge's source carries; feedback edges carry a ring's. */
function signalNumbers(
  firstSignal: Int32Array,
  signals: number,
  rings: Ring[],
): (edge: GraphEdge, channel: number) => number {
  const ringOf = new Map<number, number>();
  return (edge, channel) => {
    const { node, first, lane } = edge.from;
    const outputs = node.type.program.outputs.length;
    const base = firstSignal[indexOf(node)];
    const signal = node.channels > 1
      ? base + (lane ?? channel) * outputs + first
      : base + first + channel;
    if (!edge.feedback) return signal;
    const address = edge.rings[channel];
    let ring = ringOf.get(address);
    if (ring === undefined) {
      ring = signals +
        rings.push({ source: signal, address, isSample: edge.feedback === "sample" }) - 1;
      ringOf.set(address, ring);
    }
    return ring;
  };
}

function addModulation(
  modulations: Map<number, Map<number, { rate: "audio" | "control"; by: Modulation[] }>>,
  node: number,
  edge: GraphEdge,
  signalOf: (edge: GraphEdge, channel: number) => number,
): void {
  if (edge.to.kind !== "param") return;
  let params = modulations.get(node);
  if (!params) modulations.set(node, params = new Map());
  let list = params.get(edge.to.param);
  if (!list) params.set(edge.to.param, list = { rate: "control", by: [] });
  // A latched value is one for all channels of a node, so several signals act on each frame.
  if (edge.rate === "audio" || edge.from.channels > 1) list.rate = "audio";
  const signals = Array.from(
    { length: edge.to.node.channels },
    (_, lane) => signalOf(edge, edge.from.channels > 1 ? lane : 0),
  );
  list.by.push({ signals, amount: edge.amount });
}

function batchKinds(
  nodes: readonly GraphNode[],
  modulated: ReadonlyMap<number, readonly ModulatedParam[]>,
): { kinds: BatchKind[]; kind: Int32Array } {
  const kinds: BatchKind[] = [];
  const known = new Map<NodeType, Map<string, number>>();
  const kind = new Int32Array(nodes.length);
  for (const [k, { type }] of nodes.entries()) {
    const params = modulated.get(k) ?? [];
    const key = params.map((p) => `${p.param}${p.rate[0]}`).join();
    let byKey = known.get(type);
    if (!byKey) known.set(type, byKey = new Map());
    let index = byKey.get(key);
    if (index === undefined) {
      const sources: ParamSource[] = type.params.map(() => ParamSource.Still);
      for (const p of params) {
        sources[p.param] = p.rate === "audio" ? ParamSource.Row : ParamSource.Latch;
      }
      index = kinds.push({ type, sources }) - 1;
      byKey.set(key, index);
    }
    kind[k] = index;
  }
  return { kinds, kind };
}
