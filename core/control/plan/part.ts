/**
 * Parts of a plan: nodes that are planned together, apart from all others.
 *
 * Signals flow from earlier parts to later ones only. What crosses, a signal or the sum of a block of
 * them, lies in a planar buffer that is its own while it is needed, so a part can be planned again
 * while the others stay as they are.
 *
 * @module
 */
import type { GraphEdge, GraphNode } from "../graph.ts";
import type { SumTerm } from "./flat_graph.ts";
import type { PlanWriter } from "./plan_writer.ts";

/** How large parts are. */
export class PartSize {
  /** Nodes of a part when a large one is split. */
  nodes: number;
  /** Nodes that may change their part for a connection; more, and their parts become one. */
  moved = 48;

  constructor(nodes: number) {
    this.nodes = nodes;
  }

  /** A part with more is split. */
  get most(): number {
    return 3 * this.nodes;
  }

  /** A part with fewer joins a neighbour. */
  get least(): number {
    return this.nodes / 8;
  }
}

/**
 * Sizes of parts; tests make them small. Most kinds of nodes take 50 to 100 ns, so a part takes long
 * enough to be worth handing to another thread.
 */
export const partSize: PartSize = new PartSize(256);

/** A part of a plan. */
export class Part {
  /** Its index among the parts, which is their order. */
  order = 0;
  /** Without hidden ones. */
  readonly nodes: Set<GraphNode> = new Set();
  /** Its ops; null until it is planned. */
  writer: PlanWriter | null = null;
  /** Addresses of the engine's output channels, if it is the last part. */
  outputs: readonly number[] = [];
  /** Block buffers that it uses for itself, counted from the first. */
  reach = 0;
  /** Its signals that others read, with their addresses. */
  exports: readonly (readonly [node: GraphNode, signal: number, address: number])[] = [];
}

/** A sum of signals from several parts. Each of its blocks is added up where the last of its signals is. */
export interface SharedSum {
  /** Inputs of the node (or of the output) that read it. */
  readonly inputs: readonly number[];
  /** The signals that are added up where the sum is read. */
  readonly own: readonly SumTerm[];
  /** The other blocks, by their place among the blocks. */
  readonly blocks: ReadonlyMap<number, SharedBlock>;
  /** The parts of the signals by place. */
  readonly partAt: ReadonlyMap<number, Part>;
}

/** A block of a sum that another part reads. */
export interface SharedBlock {
  /** Where it is added up. */
  readonly part: Part;
  readonly terms: readonly SumTerm[];
  /** Planar buffer of the sum. */
  readonly address: number;
}

/** The sums of one port that are shared. */
export interface SharedPort {
  /** Null for the engine's output. */
  readonly node: GraphNode | null;
  /** Where the sums are finished. */
  readonly home: Part;
  readonly sums: readonly SharedSum[];
  /** Edges whose signals are read in another part than their own. */
  readonly late: ReadonlySet<GraphEdge>;
}

/** The part of a node that sounds. */
export function partOf(node: GraphNode): Part {
  return node.place!.part!;
}

/** The part of a connection's hidden gain: with its source, or, behind a delay, with its end. */
export function partOfGain({ from, to, feedback }: GraphEdge): Part {
  return partOf(feedback && to.kind !== "output" ? to.node : from.node);
}
