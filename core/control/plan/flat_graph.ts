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
import type { GraphEdge, GraphNode, Place, Target } from "../graph.ts";
import type { NodeType } from "../node_type.ts";
import { SUM_BLOCK } from "../../rt/plan_format.ts";
import { FeedList } from "./feeds.ts";

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

/**
 * A signal that is not computed here: delayed by a control period, through a ring, or by one
 * sample, which is kept; or imported from another part of the plan, out of its buffer.
 */
export interface Ring {
  readonly kind: "block" | "sample" | "import";
  /** The signal that is delayed by one sample; -1 for the others. */
  readonly source: number;
  readonly address: number;
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
  /** Inputs of nodes, of the output, of `foreign`, and last the blocks of wide sums. */
  readonly inputs: number;
  /** The signal that is the sum of input 0, if that is needed; those of the other inputs follow. */
  readonly firstSum: number;
  readonly outputChannels: number;
  /**
   * Signals that feed input i, each at its place in the sum: `feeds[feedStart[i]] ...
   * feeds[feedStart[i + 1] - 1]`, at most SUM_BLOCK; -1 where there is none. The last one is a signal.
   * Wide sums are fed by the sums of their blocks.
   */
  readonly feedStart: Int32Array;
  readonly feeds: Int32Array;
  /** The first of the neighbouring inputs that are fed by exactly the same signals: they share a sum. */
  readonly sameAs: Int32Array;
  /** Modulated parameters of each node that has any. */
  readonly modulated: ReadonlyMap<number, readonly ModulatedParam[]>;
  /** Signals from elsewhere: signal `signals + k` is read from `rings[k].address`. */
  readonly rings: readonly Ring[];
  /** Indices of the rings of one sample. */
  readonly samples: readonly number[];
  /** Signals that are written to rings of a control period. */
  readonly writes: readonly { readonly source: number; readonly address: number }[];
  /** Planar buffers of the signals, and sums, that other parts of the plan read. */
  readonly exports: ReadonlyMap<number, number>;
  /** Inputs whose sums are read in other parts only. */
  readonly foreign: readonly number[];
}

/** A node that has its place in memory. */
export type PlacedNode = GraphNode & { readonly place: Place };

/** What is to sound: nodes that have their places, and the edges between them. */
export interface SoundingGraph {
  readonly nodes: Iterable<GraphNode>;
  readonly edges: Iterable<GraphEdge>;
}

/** A part of the graph, and what it has to do with the others. */
export interface Piece {
  /** Its nodes, hidden ones included, in any order. */
  readonly nodes: readonly PlacedNode[];
  /** All connections that begin or end in it. */
  readonly edges: readonly GraphEdge[];
  /** Channels of the engine's output, if it ends here; else 0. */
  readonly outputChannels: number;
  has(node: GraphNode): boolean;
  /** Address of a signal of a node that is in another part. */
  importAddress(node: GraphNode, signal: number): number;
  /** Signals of nodes of this part that others read, with their addresses. */
  readonly exports: Iterable<readonly [node: GraphNode, signal: number, address: number]>;
  /** Whether an input is summed in several parts; such sums are in `sums`. */
  isShared(edge: GraphEdge): boolean;
  /** What is added up here of sums of several parts. */
  readonly sums: readonly PieceSum[];
}

/** What one part adds up of a sum of several: where it is read, or one block of it. */
export interface PieceSum {
  readonly terms: readonly SumTerm[];
  /** The inputs that read it: of a node, or (null) of the output. Null for a block that others read. */
  readonly reads: { readonly node: GraphNode | null; readonly inputs: readonly number[] } | null;
  /** Where it is read: the blocks that others add up. */
  readonly given: readonly SumBlock[];
  /** Where others read it, else 0. */
  readonly address: number;
}

/** One block of a sum. */
export interface SumBlock {
  /** The block's place among the blocks. */
  readonly block: number;
  /** Planar buffer. */
  readonly address: number;
}

/** One signal in a sum. */
export interface SumTerm {
  readonly edge: GraphEdge;
  /** Channel of the edge's source. */
  readonly channel: number;
  readonly position: number;
}

/** Flattens a whole graph. `outputChannels` is the engine's. */
export function flatten(graph: SoundingGraph, outputChannels: number): FlatGraph {
  const nodes = [...graph.nodes];
  const edges = [...graph.edges];
  for (const { gain } of edges) if (gain) nodes.push(gain);
  return flattenPiece({
    nodes: nodes as PlacedNode[],
    edges,
    outputChannels,
    has: () => true,
    importAddress: () => 0,
    exports: [],
    isShared: () => false,
    sums: [],
  });
}

/** Flattens a part of a graph. */
export function flattenPiece(piece: Piece): FlatGraph {
  const { outputChannels } = piece;
  const nodes = [...piece.nodes].sort((a, b) => a.place.slot - b.place.slot);
  const edges = sortedEdges(piece.edges);
  const firstSignal = new Int32Array(nodes.length + 1);
  const firstInput = new Int32Array(nodes.length + 1);
  for (let k = 0; k < nodes.length; k++) {
    const { type: { program }, channels, place } = nodes[k];
    place.index = k;
    firstSignal[k + 1] = firstSignal[k] + channels * program.outputs.length;
    firstInput[k + 1] = firstInput[k] + channels * program.inputs;
  }
  const signals = firstSignal[nodes.length];
  const owner = new Int32Array(signals);
  for (let k = 0; k < nodes.length; k++) owner.fill(k, firstSignal[k], firstSignal[k + 1]);

  const sources = new Sources(piece, firstSignal, signals);
  const places = new FeedList();
  const modulations = new Map<
    number,
    Map<number, { rate: "audio" | "control"; by: Modulation[] }>
  >();
  for (const edge of edges) {
    const { to, from, gain } = edge;
    if (gain && piece.has(gain)) {
      const first = firstInput[indexOf(gain)];
      for (let c = 0; c < from.channels; c++) places.add(first + c, 0, sources.signal(edge, c));
    }
    if (edge.feedback === "block" && piece.has(from.node)) sources.write(edge);
    if (to.kind === "output" ? outputChannels === 0 : !piece.has(to.node)) continue;
    if (to.kind === "param") {
      addModulation(modulations, indexOf(to.node), edge, (c) => sources.arriving(edge, c));
      continue;
    }
    if (piece.isShared(edge)) continue;
    const first = firstInput[to.kind === "output" ? nodes.length : indexOf(to.node)];
    const wide = Math.max(from.channels, to.channels);
    const isSum = to.channels === 1;
    for (let c = 0; c < wide; c++) {
      places.add(
        first + inputOf(to, isSum ? 0 : c),
        edge.position + (isSum ? c : 0),
        sources.arriving(edge, from.channels === 1 ? 0 : c),
      );
    }
  }
  const foreign = new Map<number, number>();
  const ownInputs = firstInput[nodes.length] + outputChannels;
  for (const { terms, reads, given, address } of piece.sums) {
    const base = reads && firstInput[reads.node ? indexOf(reads.node) : nodes.length];
    const input = reads ? base! + reads.inputs[0] : ownInputs + foreign.size;
    if (!reads) foreign.set(input, address);
    for (const other of reads?.inputs.slice(1) ?? []) places.twin(base! + other, input);
    for (const { edge, channel, position } of terms) {
      const place = reads ? position : position % SUM_BLOCK;
      places.add(input, place, sources.arriving(edge, channel));
    }
    for (const { block, address } of given) places.give(input, block, sources.elsewhere(address));
  }
  const modulated = new Map<number, ModulatedParam[]>();
  for (const [node, params] of modulations) {
    modulated.set(
      node,
      [...params].sort(([a], [b]) => a - b).map(([param, { rate, by }]) => ({ param, rate, by })),
    );
  }
  const { rings, writes } = sources;
  const samples = [...rings.keys()].filter((k) => rings[k].kind === "sample");
  const firstSum = signals + rings.length;
  // The sums of a loop are written inside it.
  const feeds = places.build(ownInputs + foreign.size, firstSum, samples.length ? 0 : ownInputs);
  const exports = sources.exports();
  for (const [input, address] of foreign) exports.set(firstSum + input, address);
  const { kinds, kind } = batchKinds(nodes, modulated);
  return {
    nodes,
    kinds,
    kind,
    firstSignal,
    firstInput,
    owner,
    signals,
    inputs: feeds.sameAs.length,
    firstSum,
    outputChannels,
    ...feeds,
    modulated,
    rings,
    samples,
    writes,
    exports,
    foreign: [...foreign.keys()],
  };
}

/** Where channel c of an edge arrives, counted from the first input of its end. */
export function inputOf(to: Target & { kind: "input" | "output" }, channel: number): number {
  if (to.kind === "output") return to.first + channel;
  return to.node.channels > 1
    ? (to.lane ?? channel) * to.node.type.program.inputs + to.first
    : to.first + channel;
}

/** The signal of its node that channel c of an edge carries. */
export function signalOf({ from: { node, first, lane } }: GraphEdge, channel: number): number {
  return node.channels > 1
    ? (lane ?? channel) * node.type.program.outputs.length + first
    : first + channel;
}

/** Index of a node in the graph that is being flattened. */
function indexOf(node: GraphNode): number {
  return node.place!.index;
}

function sortedEdges(all: readonly GraphEdge[]): readonly GraphEdge[] {
  for (let k = 1; k < all.length; k++) {
    if (all[k].id < all[k - 1].id) return [...all].sort((a, b) => a.id - b.id);
  }
  return all;
}

/** Numbers of the signals that edges carry. */
class Sources {
  readonly rings: Ring[] = [];
  readonly writes: { readonly source: number; readonly address: number }[] = [];
  readonly #piece: Piece;
  readonly #firstSignal: Int32Array;
  readonly #signals: number;
  readonly #byAddress = new Map<number, number>();
  readonly #written = new Set<number>();

  constructor(piece: Piece, firstSignal: Int32Array, signals: number) {
    this.#piece = piece;
    this.#firstSignal = firstSignal;
    this.#signals = signals;
  }

  /** At the far end of channel c: behind the connection's gain if it has one. */
  arriving(edge: GraphEdge, channel: number): number {
    const { gain } = edge;
    return gain ? this.#of(gain, channel) : this.signal(edge, channel);
  }

  /** Before the gain. */
  signal(edge: GraphEdge, channel: number): number {
    const { feedback, rings } = edge;
    if (!feedback) return this.#of(edge.from.node, signalOf(edge, channel));
    if (feedback === "block") return this.#ring("block", -1, rings[channel]);
    return this.#ring("sample", this.#of(edge.from.node, signalOf(edge, channel)), rings[channel]);
  }

  /** What lies in a buffer that another part writes. */
  elsewhere(address: number): number {
    return this.#ring("import", -1, address);
  }

  /** Notes that a connection's source is written to its rings. */
  write(edge: GraphEdge): void {
    for (const [c, address] of edge.rings.entries()) {
      if (this.#written.has(address)) continue;
      this.#written.add(address);
      this.writes.push({ source: this.#of(edge.from.node, signalOf(edge, c)), address });
    }
  }

  /** Signals that other parts read. */
  exports(): Map<number, number> {
    const exports = new Map<number, number>();
    for (const [node, signal, address] of this.#piece.exports) {
      exports.set(this.#firstSignal[indexOf(node)] + signal, address);
    }
    return exports;
  }

  #of(node: GraphNode, signal: number): number {
    if (this.#piece.has(node)) return this.#firstSignal[indexOf(node)] + signal;
    return this.elsewhere(this.#piece.importAddress(node, signal));
  }

  #ring(kind: Ring["kind"], source: number, address: number): number {
    let ring = this.#byAddress.get(address);
    if (ring === undefined) {
      ring = this.#signals + this.rings.push({ kind, source, address }) - 1;
      this.#byAddress.set(address, ring);
    }
    return ring;
  }
}

function addModulation(
  modulations: Map<number, Map<number, { rate: "audio" | "control"; by: Modulation[] }>>,
  node: number,
  edge: GraphEdge,
  arriving: (channel: number) => number,
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
    (_, lane) => arriving(edge.from.channels > 1 ? lane : 0),
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
