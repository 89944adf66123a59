/**
 * Changes of the graph: each one has an inverse, so a transaction can be taken back whole.
 *
 * @module
 */
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import type { NodeStore } from "./node_store.ts";
import { checkTable, type Table } from "./table.ts";

/** One change. `carry` hands the state of one node to another that takes its place. */
export type Change =
  | { readonly kind: "add" | "remove"; readonly node: GraphNode }
  | { readonly kind: "connect" | "disconnect"; readonly edge: GraphEdge }
  | {
    readonly kind: "table";
    readonly node: GraphNode;
    readonly slot: number;
    readonly before: Table | null;
    readonly value: Table | null;
  }
  | { readonly kind: "carry"; readonly from: GraphNode; readonly to: GraphNode }
  | {
    readonly kind: "set";
    readonly node: GraphNode;
    readonly param: number;
    readonly before: number;
    readonly value: number;
    /** Frames of the ramp. */
    readonly frames: number;
    /** Whether the audio side has to be told. */
    readonly live: boolean;
  };

/** What the audio side may know already. */
export interface Sounding {
  /** Whether a plan that is in use may hold the node's place. */
  holds(node: GraphNode): boolean;
  isSoundingEdge(edge: GraphEdge): boolean;
}

/** The change that takes another back. */
export function inverse(change: Change): Change {
  switch (change.kind) {
    case "add":
      return { ...change, kind: "remove" };
    case "remove":
      return { ...change, kind: "add" };
    case "connect":
      return { ...change, kind: "disconnect" };
    case "disconnect":
      return { ...change, kind: "connect" };
    case "carry":
      return { kind: "carry", from: change.to, to: change.from };
    case "table":
      return { ...change, before: change.value, value: change.before };
    case "set":
      return { ...change, before: change.value, value: change.before };
  }
}

/** The changes that take a list of them back, in their order. */
export function inverseOf(changes: readonly Change[]): Change[] {
  return changes.map(inverse).reverse();
}

/** Applies changes to the graph, and keeps what has to be told to the audio side. */
export class Editor {
  readonly graph: Graph;
  readonly #store: NodeStore;
  readonly #sounding: () => Sounding;
  readonly #names = new Map<string, GraphNode>();
  /** When each node was first added: undo may bring it back later. */
  readonly #ages = new WeakMap<GraphNode, number>();
  #nextAge = 0;
  #pending: Change[] = [];

  constructor(graph: Graph, store: NodeStore, sounding: () => Sounding) {
    this.graph = graph;
    this.#store = store;
    this.#sounding = sounding;
  }

  /** Changes applied since the last plan. */
  get pending(): readonly Change[] {
    return this.#pending;
  }

  /** The nodes, in the order in which they were first added. */
  get nodes(): GraphNode[] {
    return [...this.graph.nodes].sort((a, b) => this.#ages.get(a)! - this.#ages.get(b)!);
  }

  /** Pending changes of parameters that go along with the next plan. */
  get liveValues(): number {
    let count = 0;
    for (const change of this.#pending) if (change.kind === "set" && change.live) count++;
    return count;
  }

  /** A node that has the table. */
  userOf(table: Table): GraphNode | undefined {
    return [...this.graph.nodes].find((node) => node.tables.includes(table));
  }

  /** The changes that remove a node with its connections. @throws {RangeError} If it is not here. */
  removal(node: GraphNode): Change[] {
    this.check(node);
    const edges = new Set([...this.graph.incoming(node), ...this.graph.outgoing(node)]);
    return [
      ...Array.from(edges, (edge): Change => ({ kind: "disconnect", edge })),
      { kind: "remove", node },
    ];
  }

  /** The node of this name. */
  named(name: string): GraphNode | undefined {
    return this.#names.get(name);
  }

  /**
   * Applies one change.
   *
   * @throws {RangeError} If it does not fit the graph or the memory; nothing has changed then.
   */
  apply(change: Change): void {
    switch (change.kind) {
      case "add":
        this.#add(change.node);
        break;
      case "remove":
        this.check(change.node);
        this.graph.removeNode(change.node);
        this.#names.delete(change.node.name);
        this.#forget(change.node);
        break;
      case "connect":
        this.#connect(change.edge);
        break;
      case "disconnect":
        this.#disconnect(change.edge);
        break;
      case "set":
        if (!change.live) {
          change.node.tracks[change.param].reset(change.value);
          this.#store.setParam(change.node, change.param, change.value);
        }
        break;
      case "table":
        this.#setTable(change.node, change.slot, change.value);
        break;
    }
    this.#pending.push(change);
  }

  /** Applies all changes, or none if one of them, or what is checked after them, throws. */
  applyAll(changes: readonly Change[], check?: () => void): void {
    const mark = this.#pending.length;
    try {
      for (const change of changes) this.apply(change);
      check?.();
    } catch (error) {
      this.rollBack(mark);
      throw error;
    }
  }

  /** Refuses a node that is not in the graph. */
  check(node: GraphNode): void {
    if (this.graph.nodes.has(node)) return;
    throw new RangeError(`Cannot use node "${node.name}": it is not in the engine`);
  }

  /** Takes back the changes after the first `count` pending ones. */
  rollBack(count: number): void {
    const undone = inverseOf(this.#pending.slice(count));
    for (const change of undone) {
      if (change.kind !== "connect") this.apply(change);
      else {
        // Back to its own place in the sum, not to the first that is free.
        const { position } = change.edge;
        this.apply(change);
        change.edge.position = position;
      }
    }
    this.#pending.length = count;
  }

  /** The pending changes, which are the caller's from now on. */
  take(): readonly Change[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }

  #add(node: GraphNode): void {
    if (this.#names.has(node.name)) {
      throw new RangeError(`Cannot add node "${node.name}": the engine has a node of this name`);
    }
    for (const table of node.tables) if (table) checkTable(table, node.name);
    // A node that was removed a moment ago may still have its place.
    if (!node.place) this.#store.place(node);
    this.graph.addNode(node);
    if (!this.#ages.has(node)) this.#ages.set(node, this.#nextAge++);
    this.#names.set(node.name, node);
  }

  #setTable(node: GraphNode, slot: number, table: Table | null): void {
    this.check(node);
    if (table) checkTable(table, node.name);
    node.tables[slot] = table;
    // What the audio side knows is changed by the plan.
    if (node.place && !this.#sounding().holds(node)) this.#store.setTable(node, slot);
  }

  #connect(edge: GraphEdge): void {
    const { from, to } = edge;
    this.check(from.node);
    if (to.kind !== "output") {
      this.check(to.node);
      const loop = edge.feedback ? null : this.graph.path(to.node, from.node);
      if (loop) {
        const names = [...loop, loop[0]].map((n) => `"${n.name}"`).join(" -> ");
        throw new RangeError(
          `Cannot connect "${from.node.name}" to "${to.node.name}": it would close the loop ${names}; ` +
            `make the closing connection with { feedback: true } (delayed by 64 frames) or { feedback: "sample" }`,
        );
      }
    }
    const hasRings = edge.rings.length > 0;
    if (edge.feedback && !hasRings) edge.rings = this.#store.rings(from.channels);
    try {
      if (edge.gain && !edge.gain.place) this.#store.place(edge.gain);
    } catch (error) {
      if (!hasRings) this.#freeRings(edge);
      throw error;
    }
    edge.position = this.graph.freePosition(edge);
    this.graph.addEdge(edge);
  }

  #disconnect(edge: GraphEdge): void {
    if (!this.graph.edges.has(edge)) {
      throw new RangeError(
        `Cannot disconnect "${edge.from.node.name}": the connection is not in the engine`,
      );
    }
    this.graph.removeEdge(edge);
    if (this.#sounding().isSoundingEdge(edge)) return;
    this.#freeRings(edge);
    if (edge.gain) this.#forget(edge.gain);
  }

  #freeRings(edge: GraphEdge): void {
    this.#store.freeRings(edge.rings);
    edge.rings = [];
  }

  /** A node that no plan in use knows gives its place back at once. */
  #forget(node: GraphNode): void {
    if (!node.place || this.#sounding().holds(node)) return;
    this.#store.release(node.place);
    node.place = null;
  }
}
