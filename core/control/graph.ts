/**
 * The graph as data: nodes, connections, and the rule that signals only flow forward.
 *
 * @module
 */
import type { FadeCurve } from "./edge_gain.ts";
import type { NodeType } from "./node_type.ts";
import type { Table } from "./table.ts";
import type { ParamTrack } from "./param_track.ts";
import type { Part } from "./plan/part.ts";

/** A node. It keeps its identity while its place in memory comes and goes (undo, redo). */
export interface GraphNode {
  readonly name: string;
  readonly type: NodeType;
  /** Instances side by side, one a channel, with the same parameters. */
  readonly channels: number;
  /** Course of each parameter, as far as control knows it. */
  readonly tracks: readonly ParamTrack[];
  /** The tables it has, by slot. */
  readonly tables: (Table | null)[];
  /** Where it lies in shared memory, or null while it does not. */
  place: Place | null;
}

/** A node's place in shared memory. */
export interface Place {
  /** Arena id and its parts. */
  readonly id: number;
  readonly slot: number;
  readonly generation: number;
  /** Address of the parameter records. */
  readonly params: number;
  /** Address of the state block of channel 0; the others follow at `instanceBytes`. */
  readonly state: number;
  /** Addresses of the type's constant tables. */
  readonly tables: readonly number[];
  /** Those of its hop. */
  readonly hopTables: readonly number[];
  /** The instances, one a channel. */
  readonly lanes: readonly Lane[];
  /** Index of the node in the part of a plan that is being built. */
  index: number;
  /** The part of the sounding plan it belongs to, or null. */
  part: Part | null;
}

/** One instance of a node: one channel. */
export interface Lane {
  readonly place: Place;
  readonly lane: number;
  /** Address of its state block. */
  readonly state: number;
}

/** A node's place, with its instances. */
export function makePlace(
  place: Omit<Place, "lanes" | "index" | "part">,
  channels: number,
  instanceBytes: number,
): Place {
  const lanes: Lane[] = [];
  const made: Place = { ...place, lanes, index: -1, part: null };
  for (let lane = 0; lane < channels; lane++) {
    lanes.push({ place: made, lane, state: place.state + lane * instanceBytes });
  }
  return made;
}

/** Where a connection ends: an input port, a parameter, or the engine's output. */
export type Target =
  | {
    readonly kind: "input";
    readonly node: GraphNode;
    readonly first: number;
    readonly channels: number;
    /** The one channel meant, of a node of several. */
    readonly lane?: number;
  }
  | { readonly kind: "param"; readonly node: GraphNode; readonly param: number }
  | { readonly kind: "output"; readonly first: number; readonly channels: number };

/** Where it begins: `channels` channels of a node's output port from `first` on. */
export interface Source {
  readonly node: GraphNode;
  /** First output channel of the program (for a node of several channels: of each). */
  readonly first: number;
  /** Channels in total. */
  readonly channels: number;
  /** The one channel meant, of a node of several. */
  readonly lane?: number;
}

/** Delay of a connection that closes a loop: 64 frames, or one. */
export type Feedback = "block" | "sample";

/** One connection as the user made it; may stand for several channel-to-channel edges. */
export interface GraphEdge {
  /** Ascending in the order of making: the order in which signals are summed. */
  readonly id: number;
  readonly from: Source;
  readonly to: Target;
  /**
   * Place of the signal in the sum of its input, counted from 0: it decides into which partial sum
   * the signal goes. It stays when others come and go, so that a sum of zeros less is the same sum.
   */
  position: number;
  /** For a parameter: factor of the signal, and whether it acts on each frame or once a control period. */
  readonly amount: number;
  readonly rate: "audio" | "control";
  /** Whether the connection closes a loop, with a delay of a block (through rings) or of one sample. */
  readonly feedback: Feedback | null;
  /** Seconds in which it is faded in and out, and how. */
  fade: number;
  readonly curve: FadeCurve;
  /** Whether the user gave it a gain, so that its hidden node stays. */
  readonly hasGain: boolean;
  /** The hidden node that multiplies each source channel, or null for a gain of exactly 1. */
  gain: GraphNode | null;
  /** Address of the ring or last sample of each source channel; empty without feedback or place. */
  rings: readonly number[];
}

/** Nodes and edges, and who feeds whom. */
export class Graph {
  readonly nodes = new Set<GraphNode>();
  readonly edges = new Set<GraphEdge>();
  readonly #outgoing = new Map<GraphNode, Set<GraphEdge>>();
  readonly #incoming = new Map<GraphNode, Set<GraphEdge>>();
  readonly #toOutput = new Set<GraphEdge>();

  addNode(node: GraphNode): void {
    this.nodes.add(node);
    this.#outgoing.set(node, new Set());
    this.#incoming.set(node, new Set());
  }

  /** Removes a node that has no edges any more. */
  removeNode(node: GraphNode): void {
    this.nodes.delete(node);
    this.#outgoing.delete(node);
    this.#incoming.delete(node);
  }

  addEdge(edge: GraphEdge): void {
    this.edges.add(edge);
    this.#outgoing.get(edge.from.node)!.add(edge);
    if (edge.to.kind === "output") this.#toOutput.add(edge);
    else this.#incoming.get(edge.to.node)!.add(edge);
  }

  removeEdge(edge: GraphEdge): void {
    this.edges.delete(edge);
    this.#outgoing.get(edge.from.node)!.delete(edge);
    if (edge.to.kind === "output") this.#toOutput.delete(edge);
    else this.#incoming.get(edge.to.node)!.delete(edge);
  }

  /** Edges that leave the node. */
  outgoing(node: GraphNode): ReadonlySet<GraphEdge> {
    return this.#outgoing.get(node)!;
  }

  /** Edges that end at the engine's output. */
  get toOutput(): ReadonlySet<GraphEdge> {
    return this.#toOutput;
  }

  /** Edges that end at the node's inputs and parameters. */
  incoming(node: GraphNode): ReadonlySet<GraphEdge> {
    return this.#incoming.get(node)!;
  }

  /**
   * The nodes along which a signal already flows from `start` to `end` without feedback, both
   * included, or null. Iterative: a chain of 10,000 nodes is no deeper than one of two. It looks from
   * both ends in turn, since a graph that grows is most often open on one side.
   */
  path(start: GraphNode, end: GraphNode): GraphNode[] | null {
    if (start === end) return [start];
    const down = new Search(start, (node) => this.outgoing(node), (edge) => {
      return edge.to.kind === "output" ? null : edge.to.node;
    });
    const up = new Search(end, (node) => this.incoming(node), (edge) => edge.from.node);
    for (;;) {
      for (const [search, other] of [[down, up], [up, down]] as const) {
        const met = search.step(other);
        if (met === null) return null;
        if (met) return [...down.way(met).reverse(), ...up.way(met).slice(1)];
      }
    }
  }
}

/** A search of nodes along edges in one direction, a step at a time. */
class Search {
  readonly #cameFrom: Map<GraphNode, GraphNode | null>;
  readonly #open: Iterator<GraphEdge>[];
  readonly #edges: (node: GraphNode) => ReadonlySet<GraphEdge>;
  readonly #end: (edge: GraphEdge) => GraphNode | null;
  readonly #nodes: GraphNode[];

  constructor(
    from: GraphNode,
    edges: (node: GraphNode) => ReadonlySet<GraphEdge>,
    end: (edge: GraphEdge) => GraphNode | null,
  ) {
    this.#cameFrom = new Map([[from, null]]);
    this.#nodes = [from];
    this.#open = [edges(from).values()];
    this.#edges = edges;
    this.#end = end;
  }

  /** Follows one edge; the node that the other search knows too, null if there is none left. */
  step(other: Search): GraphNode | null | undefined {
    const { done, value: edge } = this.#open.at(-1)!.next();
    if (done) {
      this.#open.pop();
      this.#nodes.pop();
      return this.#open.length === 0 ? null : undefined;
    }
    const node = edge.feedback ? null : this.#end(edge);
    if (!node || this.#cameFrom.has(node)) return undefined;
    this.#cameFrom.set(node, this.#nodes.at(-1)!);
    if (other.#cameFrom.has(node)) return node;
    this.#nodes.push(node);
    this.#open.push(this.#edges(node).values());
    return undefined;
  }

  /** From a node back to where the search began. */
  way(node: GraphNode): GraphNode[] {
    const way: GraphNode[] = [];
    for (let n: GraphNode | null = node; n; n = this.#cameFrom.get(n)!) way.push(n);
    return way;
  }
}

/** What an edge's places in a sum depend on. */
export interface SumEdge {
  readonly from: { readonly channels: number };
  readonly to: Target;
}

/** Places in a sum that an edge takes: one, or one a channel if they all go into one. */
export function span({ from, to }: SumEdge): number {
  return to.kind !== "param" && to.channels === 1 ? from.channels : 1;
}

/** First channel of the port at which an edge ends, of whatever channels of it. */
export function portOf(to: Target & { kind: "input" | "output" }): number {
  if (to.kind === "output") return 0;
  return to.node.type.inputs.findLast((port) => port.first <= to.first)!.first;
}
