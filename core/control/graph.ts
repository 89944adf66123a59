/**
 * The graph as data: nodes, connections, and the rule that signals only flow forward.
 *
 * @module
 */
import type { NodeType } from "./node_type.ts";

/** A node in the graph. Its slot is its place in the arena. */
export interface GraphNode {
  readonly slot: number;
  readonly generation: number;
  readonly name: string;
  readonly type: NodeType;
  /** Instances side by side, one a channel, with the same parameters. */
  readonly channels: number;
  /** Address of the parameter records. */
  readonly params: number;
  /** Address of the state block of channel 0; the others follow at `stateBytes`. */
  readonly state: number;
  /** Addresses of the type's constant tables. */
  readonly tables: readonly number[];
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

/** One connection as the user made it; may stand for several channel-to-channel edges. */
export interface GraphEdge {
  /** Ascending in the order of making: the order in which signals are summed. */
  readonly id: number;
  readonly from: Source;
  readonly to: Target;
  /** For a parameter: factor of the signal, and whether it acts on each frame or once a control period. */
  readonly amount: number;
  readonly rate: "audio" | "control";
  /** Address of the delay ring of each source channel if the connection is feedback, else null. */
  readonly feedback: readonly number[] | null;
}

/** Nodes and edges, and who feeds whom. */
export class Graph {
  readonly nodes = new Map<number, GraphNode>();
  readonly edges = new Map<number, GraphEdge>();
  readonly #outgoing = new Map<GraphNode, Set<GraphEdge>>();
  readonly #incoming = new Map<GraphNode, Set<GraphEdge>>();

  addNode(node: GraphNode): void {
    this.nodes.set(node.slot, node);
    this.#outgoing.set(node, new Set());
    this.#incoming.set(node, new Set());
  }

  /** Removes a node that has no edges any more. */
  removeNode(node: GraphNode): void {
    this.nodes.delete(node.slot);
    this.#outgoing.delete(node);
    this.#incoming.delete(node);
  }

  addEdge(edge: GraphEdge): void {
    this.edges.set(edge.id, edge);
    this.#outgoing.get(edge.from.node)!.add(edge);
    if (edge.to.kind !== "output") this.#incoming.get(edge.to.node)!.add(edge);
  }

  removeEdge(edge: GraphEdge): void {
    this.edges.delete(edge.id);
    this.#outgoing.get(edge.from.node)!.delete(edge);
    if (edge.to.kind !== "output") this.#incoming.get(edge.to.node)!.delete(edge);
  }

  /** Edges that leave the node, in the order of their making. */
  outgoing(node: GraphNode): ReadonlySet<GraphEdge> {
    return this.#outgoing.get(node)!;
  }

  /** Edges that end at the node's inputs and parameters, in the order of their making. */
  incoming(node: GraphNode): ReadonlySet<GraphEdge> {
    return this.#incoming.get(node)!;
  }

  /**
   * The nodes along which a signal already flows from `start` to `end` without feedback, both
   * included, or null. Iterative: a chain of 10,000 nodes is no deeper than one of two.
   */
  path(start: GraphNode, end: GraphNode): GraphNode[] | null {
    const cameFrom = new Map<GraphNode, GraphNode | null>([[start, null]]);
    const open = [start];
    while (open.length) {
      const node = open.pop()!;
      if (node === end) {
        const path: GraphNode[] = [];
        for (let n: GraphNode | null = end; n; n = cameFrom.get(n)!) path.push(n);
        return path.reverse();
      }
      for (const edge of this.outgoing(node)) {
        if (edge.feedback || edge.to.kind === "output" || cameFrom.has(edge.to.node)) continue;
        cameFrom.set(edge.to.node, node);
        open.push(edge.to.node);
      }
    }
    return null;
  }
}
