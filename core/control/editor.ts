/**
 * Changes of the graph: each one has an inverse, so a transaction can be taken back whole.
 *
 * @module
 */
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import type { NodeStore } from "./node_store.ts";
import { SumPlaces } from "./sum_places.ts";
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

/** What the audio side may know already, or will be told of. */
export interface Sounding {
  /** Whether a plan that is in use, or an edit to come, may hold the node's place. */
  holds(node: GraphNode): boolean;
  /** Likewise the rings and the gain of a connection. */
  holdsEdge(edge: GraphEdge): boolean;
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
  readonly places: SumPlaces = new SumPlaces();
  readonly #store: NodeStore;
  readonly #sounding: Sounding;
  readonly #names = new Map<string, GraphNode>();
  /** When each node was first added: undo may bring it back later. */
  readonly #ages = new WeakMap<GraphNode, number>();
  #nextAge = 0;
  #pending: Change[] = [];
  /** Changes that are shown for a moment touch no memory. */
  #isShowing = false;
  /** Nobody's memory is given back before `reclaim`. */
  #isKeeping = false;
  /** What an edit for a frame has made itself: only that can be changed in memory. */
  #own: Set<GraphNode> | null = null;

  constructor(graph: Graph, store: NodeStore, sounding: Sounding) {
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
    this.#make(change);
    this.#pending.push(change);
  }

  #make(change: Change): void {
    switch (change.kind) {
      case "add":
        return this.#add(change.node);
      case "remove":
        return this.#remove(change.node);
      case "connect":
        return this.#connect(change.edge);
      case "disconnect":
        return this.#disconnect(change.edge);
      case "set":
        if (this.#isShowing) return this.#checkParam(change.node);
        if (change.live) return;
        change.node.tracks[change.param].reset(change.value);
        return this.#store.setParam(change.node, change.param, change.value);
      case "table":
        return this.#setTable(change.node, change.slot, change.value);
    }
  }

  /**
   * An edit begins that may be moved in time: what it removes keeps its memory until `end`.
   *
   * @param isTimed Whether it is for a frame to come.
   */
  begin(isTimed: boolean): void {
    this.#isKeeping = true;
    this.#own = isTimed ? new Set() : null;
  }

  /** The edit has been made, or taken back: memory of its changes that nobody needs is given back. */
  end(changes: readonly Change[]): void {
    this.#isKeeping = false;
    this.#own = null;
    this.reclaim(changes);
  }

  /** Whether an edit for a frame is being made, which has not made this node itself. */
  isBorrowed(node: GraphNode): boolean {
    return this.#own !== null && !this.#own.has(node);
  }

  /**
   * Puts changes into the graph for a moment: no memory is touched, nothing is to be told.
   *
   * @returns The changes as they were made here, for `hide`.
   * @throws {RangeError} If one does not fit; nothing has changed then.
   */
  show(changes: readonly Change[]): Change[] {
    const shown: Change[] = [];
    try {
      for (const change of changes) {
        const before = change.kind === "table" ? change.node.tables[change.slot] : null;
        this.#silently(() => this.#make(change));
        shown.push(change.kind === "table" ? { ...change, before } : change);
      }
    } catch (error) {
      this.hide(shown);
      throw error;
    }
    return shown;
  }

  /** Takes out again what was shown last. */
  hide(shown: readonly Change[]): void {
    this.#silently(() => {
      for (const change of inverseOf(shown)) this.#makeBack(change);
    });
  }

  #silently(act: () => void): void {
    const wasShowing = this.#isShowing;
    this.#isShowing = true;
    try {
      act();
    } finally {
      this.#isShowing = wasShowing;
    }
  }

  /** Takes the last changes out of the graph, all but the first `count` that are pending; they keep their memory. */
  lift(count: number): readonly Change[] {
    const changes = this.#pending.slice(count);
    this.#pending.length = count;
    this.hide(changes);
    return changes;
  }

  /** Gives memory back that belongs to what has gone by these changes. */
  reclaim(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === "add" || change.kind === "remove") {
        if (!this.graph.nodes.has(change.node)) this.#forget(change.node);
      } else if (change.kind === "connect" || change.kind === "disconnect") {
        if (!this.graph.edges.has(change.edge)) this.#forgetEdge(change.edge);
      }
    }
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
    for (const change of undone) this.#makeBack(change);
    this.#pending.length = count;
  }

  #makeBack(change: Change): void {
    if (change.kind !== "connect") return this.#make(change);
    // Back to its own place in the sum, not to the first that is free.
    const { position } = change.edge;
    this.#make(change);
    this.places.move(new Map([[change.edge, position]]));
  }

  /** The pending changes, which are the caller's from now on. */
  take(): readonly Change[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }

  /** Makes these the pending changes; they are in the graph already. */
  give(changes: readonly Change[]): void {
    this.#pending = [...changes];
  }

  #add(node: GraphNode): void {
    if (this.#names.has(node.name)) {
      throw new RangeError(`Cannot add node "${node.name}": the engine has a node of this name`);
    }
    for (const table of node.tables) this.#checkTable(table, node);
    // A node that was removed a moment ago may still have its place.
    if (!node.place && !this.#isShowing) this.#store.place(node);
    if (!this.#isShowing) this.#own?.add(node);
    this.graph.addNode(node);
    if (!this.#ages.has(node)) this.#ages.set(node, this.#nextAge++);
    this.#names.set(node.name, node);
  }

  #remove(node: GraphNode): void {
    this.check(node);
    if (this.graph.incoming(node).size + this.graph.outgoing(node).size > 0) {
      throw new RangeError(`Cannot remove node "${node.name}": it is connected`);
    }
    this.graph.removeNode(node);
    this.#names.delete(node.name);
    this.#forget(node);
  }

  /** Refuses a node whose parameters nobody reads: it is neither in the graph nor a connection's gain. */
  #checkParam(node: GraphNode): void {
    const { nodes, edges } = this.graph;
    if (!nodes.has(node) && !Array.from(edges).some(({ gain }) => gain === node)) this.check(node);
  }

  #checkTable(table: Table | null, { name }: GraphNode): void {
    // What is shown has been checked; a table may have been freed that sounds until an edit comes.
    if (table && !this.#isShowing) checkTable(table, name);
  }

  #setTable(node: GraphNode, slot: number, table: Table | null): void {
    this.check(node);
    this.#checkTable(table, node);
    node.tables[slot] = table;
    if (!node.place || this.#isShowing) return;
    // What the audio side knows is changed by the plan.
    const isPrivate = this.#own ? this.#own.has(node) : !this.#sounding.holds(node);
    if (isPrivate) this.#store.setTable(node, slot);
  }

  #connect(edge: GraphEdge): void {
    const { from, to } = edge;
    this.check(from.node);
    if (to.kind !== "output") {
      this.check(to.node);
      const loop = edge.feedback ? null : this.graph.path(to.node, from.node);
      if (loop) {
        const names = showLoop([...loop, loop[0]].map(({ name }) => `"${name}"`));
        throw new RangeError(
          `Cannot connect "${from.node.name}" to "${to.node.name}": it would close the loop ${names}; ` +
            `make the closing connection with { feedback: true } (delayed by 64 frames) or { feedback: "sample" }`,
        );
      }
    }
    if (!this.#isShowing) {
      this.#placeEdge(edge);
      if (edge.gain) this.#own?.add(edge.gain);
    }
    this.places.take(edge, edge.position = this.places.next(edge));
    this.graph.addEdge(edge);
  }

  #placeEdge(edge: GraphEdge): void {
    const hasRings = edge.rings.length > 0;
    if (edge.feedback && !hasRings) edge.rings = this.#store.rings(edge.from.channels);
    try {
      if (edge.gain && !edge.gain.place) this.#store.place(edge.gain);
    } catch (error) {
      if (!hasRings) this.#freeRings(edge);
      throw error;
    }
  }

  #disconnect(edge: GraphEdge): void {
    if (!this.graph.edges.has(edge)) {
      throw new RangeError(
        `Cannot disconnect "${edge.from.node.name}": the connection is not in the engine`,
      );
    }
    this.graph.removeEdge(edge);
    this.places.release(edge);
    this.#forgetEdge(edge);
  }

  /** A connection that no plan in use knows gives its memory back at once. */
  #forgetEdge(edge: GraphEdge): void {
    if (this.#isShowing || this.#isKeeping || this.#sounding.holdsEdge(edge)) return;
    this.#freeRings(edge);
    if (edge.gain) this.#forget(edge.gain);
  }

  #freeRings(edge: GraphEdge): void {
    this.#store.freeRings(edge.rings);
    edge.rings = [];
  }

  /** A node that no plan in use knows gives its place back at once. */
  #forget(node: GraphNode): void {
    if (this.#isShowing || this.#isKeeping || !node.place) return;
    if (this.#sounding.holds(node)) return;
    this.#store.release(node.place);
    node.place = null;
  }
}

/** The names along a loop; of a long one its ends. */
function showLoop(names: readonly string[]): string {
  const shown = names.length <= 12
    ? names
    : [...names.slice(0, 5), `${names.length - 10} more`, ...names.slice(-5)];
  return shown.join(" -> ");
}
