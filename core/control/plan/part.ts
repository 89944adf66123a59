/**
 * Parts of a plan: nodes that are planned together, apart from all others.
 *
 * Signals flow from earlier parts to later ones only. What crosses lies in a planar buffer that is
 * the signal's own while it is needed, and sums of many signals go on from part to part, so a part
 * can be planned again while the others stay as they are.
 *
 * @module
 */
import { MAX_LANES } from "../../layout.ts";
import type { GraphEdge, GraphNode } from "../graph.ts";
import type { SumTerm } from "./flat_graph.ts";
import type { PlanWriter } from "./plan_writer.ts";

/** How large parts are. */
export class PartSize {
  /** Nodes of a part when a large one is split. */
  nodes: number;
  /** Nodes that may change their part for a connection; more, and their parts become one. */
  moved = 48;
  /** A sum of more signals than this is added up as they appear; others where they are read. */
  readonly wide: number;

  constructor(nodes: number, wide: number) {
    this.nodes = nodes;
    this.wide = wide;
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

/** Sizes of parts where one thread runs them all; tests make them small. */
export const partSize: PartSize = new PartSize(512, MAX_LANES);

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

/** A sum of signals from several parts. */
export interface SharedSum {
  /** Of the eight partial sums. */
  readonly address: number;
  /** Inputs of the node (or of the output) that read it. */
  readonly inputs: readonly number[];
  /** What each part adds. */
  readonly shares: ReadonlyMap<Part, readonly SumTerm[]>;
  /** The part that adds first. */
  readonly first: Part;
  /** The parts of the signals by position. */
  readonly partAt: readonly (Part | undefined)[];
}

/** The sums of one port that are shared. */
export interface SharedPort {
  /** Null for the engine's output. */
  readonly node: GraphNode | null;
  /** Where the sums are finished. */
  readonly home: Part;
  readonly sums: readonly SharedSum[];
  /** Edges whose signals are added later than in their own part. */
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
