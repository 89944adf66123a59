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
import { MAX_LANES } from "../../layout.ts";
import type { GraphEdge, GraphNode, Place } from "../graph.ts";
import type { NodeType } from "../node_type.ts";

/** In place of a signal where an input has none. */
export const SILENCE = -1;

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
  const gains = edges.flatMap(({ gain }) => gain ?? []);
  const nodes = [...graph.nodes, ...gains] as PlacedNode[];
  nodes.sort((a, b) => a.place.slot - b.place.slot);
  const indexOf = new Map<GraphNode, number>(nodes.map((node, k) => [node, k]));
  const firstSignal = new Int32Array(nodes.length + 1);
  const firstInput = new Int32Array(nodes.length + 1);
  for (const [k, { type: { program }, channels }] of nodes.entries()) {
    firstSignal[k + 1] = firstSignal[k] + channels * program.outputs.length;
    firstInput[k + 1] = firstInput[k] + channels * program.inputs;
  }
  const signals = firstSignal[nodes.length];
  const inputs = firstInput[nodes.length] + outputChannels;
  const owner = new Int32Array(signals);
  for (let k = 0; k < nodes.length; k++) owner.fill(k, firstSignal[k], firstSignal[k + 1]);

  const rings: Ring[] = [];
  const signalOf = signalNumbers(firstSignal, indexOf, signals, rings);
  const place = (edge: GraphEdge, channel: number): number => {
    const { to } = edge;
    if (to.kind === "output") return firstInput[nodes.length] + to.first + channel;
    if (to.kind !== "input") throw new TypeError("A parameter is not an input");
    const program = to.node.type.program;
    const lanes = to.node.channels;
    const first = firstInput[indexOf.get(to.node)!];
    return lanes > 1
      ? first + (to.lane ?? channel) * program.inputs + to.first
      : first + to.first + channel;
  };

  const places: Feed[] = [];
  /** The signal at the far end of channel c: behind the connection's gain if it has one. */
  const arriving = (edge: GraphEdge, channel: number): number =>
    edge.gain ? firstSignal[indexOf.get(edge.gain)!] + channel : signalOf(edge, channel);
  const modulations = new Map<
    number,
    Map<number, { rate: "audio" | "control"; by: Modulation[] }>
  >();
  for (const edge of edges) {
    if (edge.gain) {
      const first = firstInput[indexOf.get(edge.gain)!];
      for (let c = 0; c < edge.from.channels; c++) {
        places.push({ input: first + c, position: 0, signal: signalOf(edge, c) });
      }
    }
    if (edge.to.kind === "param") {
      addModulation(modulations, indexOf.get(edge.to.node)!, edge, arriving);
      continue;
    }
    const wide = Math.max(edge.from.channels, edge.to.channels);
    const isSum = edge.to.channels === 1;
    for (let c = 0; c < wide; c++) {
      places.push({
        input: place(edge, isSum ? 0 : c),
        position: edge.position + (isSum ? c : 0),
        signal: arriving(edge, edge.from.channels === 1 ? 0 : c),
      });
    }
  }
  const { feedStart, feeds } = group(places, inputs);
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
    feedStart,
    feeds,
    // The sums of a loop are written inside it.
    sameAs: sharedSums(feedStart, feeds, !rings.some((ring) => ring.isSample)),
    modulated,
    rings,
  };
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
  indexOf: ReadonlyMap<GraphNode, number>,
  signals: number,
  rings: Ring[],
): (edge: GraphEdge, channel: number) => number {
  const ringOf = new Map<number, number>();
  return (edge, channel) => {
    const { node, first, lane } = edge.from;
    const outputs = node.type.program.outputs.length;
    const base = firstSignal[indexOf.get(node)!];
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

/** A signal at a position of an input's sum. */
interface Feed {
  readonly input: number;
  readonly position: number;
  readonly signal: number;
}

/** Orders signals by input and position. Of two at one position the later one stays. */
function group(
  places: readonly Feed[],
  inputs: number,
): { feedStart: Int32Array; feeds: Int32Array } {
  const lists: number[][] = Array.from({ length: inputs }, () => []);
  // A signal that fades out may still be where a new one has come: it moves on by whole rounds of
  // partial sums, so that the others do not notice when it goes.
  for (let k = places.length - 1; k >= 0; k--) {
    const { input, position, signal } = places[k];
    const list = lists[input];
    let at = position;
    while (list[at] !== undefined && list[at] !== SILENCE) at += MAX_LANES;
    while (list.length < at) list.push(SILENCE);
    list[at] = signal;
  }
  const feedStart = new Int32Array(inputs + 1);
  for (const [input, list] of lists.entries()) {
    feedStart[input + 1] = feedStart[input] + list.length;
  }
  const feeds = new Int32Array(feedStart[inputs]);
  for (const [input, list] of lists.entries()) feeds.set(list, feedStart[input]);
  return { feedStart, feeds };
}

/** A mono signal on both channels of a stereo mix is summed once. */
function sharedSums(feedStart: Int32Array, feeds: Int32Array, share: boolean): Int32Array {
  const same = new Int32Array(feedStart.length - 1);
  for (let input = 0; input < same.length; input++) {
    same[input] = input;
    const count = feedStart[input + 1] - feedStart[input];
    if (!share || count < 2 || input === 0 || feedStart[input] - feedStart[input - 1] !== count) {
      continue;
    }
    let k = 0;
    let terms = 0;
    while (k < count && feeds[feedStart[input] + k] === feeds[feedStart[input - 1] + k]) {
      if (feeds[feedStart[input] + k++] !== SILENCE) terms++;
    }
    if (k === count && terms > 1) same[input] = same[input - 1];
  }
  return same;
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
