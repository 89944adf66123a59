/**
 * The plan of the sounding graph, in parts: after a change only the parts it touches are planned
 * again.
 *
 * Whatever the parts, the sound is the same to the bit: kernels compute each lane alike, and a sum
 * has one definition.
 *
 * @module
 */
import { BUFFER_BYTES, type Layout, MAX_LANES } from "../../layout.ts";
import { BufferPool } from "../../rt/buffer_pool.ts";
import { type Graph, type GraphEdge, type GraphNode, portOf } from "../graph.ts";
import type { KernelLibrary } from "../kernel_library.ts";
import { buildPlan } from "./build_plan.ts";
import { flattenPiece, type PieceSum, type PlacedNode, signalOf } from "./flat_graph.ts";
import { type Part, partOf, partOfGain, type PartSize, partSize, type SharedPort } from "./part.ts";
import { PartList, Touched } from "./part_list.ts";
import { PlanWriter } from "./plan_writer.ts";
import { changedParts, shareSums } from "./shared_sums.ts";

/** How the sounding graph differs from the one that was planned last. */
export interface SoundingChange {
  readonly addedNodes: readonly GraphNode[];
  readonly removedNodes: readonly GraphNode[];
  readonly addedEdges: readonly GraphEdge[];
  readonly removedEdges: readonly GraphEdge[];
  /** Connections that stay, but with a hidden gain that has come or gone, or at another position. */
  readonly changedEdges: readonly GraphEdge[];
}

/** A plan that has not been placed yet. */
export interface WholePlan {
  readonly writer: PlanWriter;
  /** Address of the planar buffer of each output channel. */
  readonly outputs: readonly number[];
}

/** Base of the offsets of buffers between parts: not 0, which stands for none. */
const BETWEEN = MAX_LANES * BUFFER_BYTES;

/** Nodes with all the signals that others read, by address. */
type Exports = Map<GraphNode, Map<number, number>>;

/** Plans a graph, part by part. @thread control */
export class PartedPlan {
  readonly #graph: Graph;
  readonly #layout: Layout;
  /** Buffers within one part, from the first on; all parts use the same. */
  readonly #pool: BufferPool;
  /** Buffers between parts, from the last one down. */
  readonly #between: BufferPool;
  readonly #kernels: KernelLibrary;
  readonly #size: PartSize;
  readonly #list: PartList;
  readonly #whole = new PlanWriter(0);
  #ports = new Map<GraphNode | null, Map<number, SharedPort>>();
  #exports: Exports = new Map();
  readonly #samples = new Set<GraphEdge>();
  #isValid = false;

  /** @param graph What sounds; the caller changes it and tells what has changed. */
  constructor(
    graph: Graph,
    layout: Layout,
    pool: BufferPool,
    kernels: KernelLibrary,
    size: PartSize = partSize,
  ) {
    this.#size = size;
    this.#graph = graph;
    this.#layout = layout;
    this.#pool = pool;
    this.#between = new BufferPool(BETWEEN, layout.capacity.buffers);
    this.#kernels = kernels;
    this.#list = new PartList(graph, size);
  }

  /** How many parts there are. */
  get parts(): number {
    return this.#list.parts.length;
  }

  /** The next plan is made anew as a whole, as after a change that was taken back. */
  invalidate(): void {
    this.#isValid = false;
  }

  /**
   * Plans the graph; null if signals run in a circle. The result is valid until the next call.
   *
   * @throws {RangeError} If the signals need more block buffers than there are.
   */
  plan(change: SoundingChange): WholePlan | null {
    const isValid = this.#isValid;
    this.#isValid = false;
    const ways = [
      ...(isValid ? [() => this.#update(change)] : []),
      () => this.#rebuild(this.#size.most),
      () => this.#rebuild(Infinity),
    ];
    for (const [k, way] of ways.entries()) {
      try {
        const plan = way();
        this.#isValid = plan !== null;
        return plan;
      } catch (error) {
        // In another way it may need less.
        if (!(error instanceof RangeError) || k === ways.length - 1) throw error;
      }
    }
    return null;
  }

  #rebuild(most: number): WholePlan | null {
    const touched = new Touched();
    this.#between.reset();
    this.#ports = new Map();
    this.#exports = new Map();
    this.#samples.clear();
    for (const edge of this.#graph.edges) if (edge.feedback === "sample") this.#samples.add(edge);
    touched.parts.add(this.#list.reset());
    if (!this.#list.balance(most, touched)) return null;
    return this.#finish(touched);
  }

  #update(change: SoundingChange): WholePlan | null {
    const touched = new Touched();
    const { addedNodes, removedNodes, addedEdges, removedEdges, changedEdges } = change;
    for (const edge of removedEdges) {
      touched.edge(edge);
      this.#samples.delete(edge);
    }
    for (const node of removedNodes) this.#list.remove(node, touched);
    this.#list.insert(addedNodes, (edge) => this.#portOf(edge), touched);
    for (const edge of addedEdges) {
      this.#list.straighten(edge, touched);
      if (edge.feedback === "sample") this.#samples.add(edge);
    }
    for (const edge of [...addedEdges, ...changedEdges]) {
      if (edge.gain) edge.gain.place!.part = partOfGain(edge);
      touched.edge(edge);
    }
    if (!this.#list.balance(this.#size.most, touched)) return null;
    return this.#finish(touched);
  }

  #finish(touched: Touched): WholePlan | null {
    for (const edge of this.#samples) this.#keepLoopsWhole(edge, touched);
    for (const [node, ports] of touched.ports) {
      for (const first of ports) this.#sharePort(node, first, touched);
    }
    this.#export(touched);
    this.#pool.expect(this.#list.parts.length);
    for (const part of touched.parts) if (!this.#write(part)) return null;
    this.#checkBuffers();
    this.#whole.clear();
    for (const { writer } of this.#list.parts) this.#whole.append(writer!);
    return { writer: this.#whole, outputs: this.#list.last.outputs };
  }

  /** The nodes of a loop of one sample sum their inputs themselves, frame by frame. */
  #keepLoopsWhole({ from }: GraphEdge, touched: Touched): void {
    const part = partOf(from.node);
    if (!touched.parts.has(part)) return;
    for (const [node, ports] of this.#ports) {
      if (!node || node.place?.part !== part) continue;
      for (const first of ports.keys()) {
        touched.ports.set(node, (touched.ports.get(node) ?? new Set()).add(first));
      }
    }
  }

  #portOf({ to }: GraphEdge): SharedPort | undefined {
    if (to.kind === "param") return undefined;
    return this.#ports.get(to.kind === "output" ? null : to.node)?.get(portOf(to));
  }

  /** Decides which parts add to the sums of a port. */
  #sharePort(node: GraphNode | null, first: number, touched: Touched): void {
    const before = this.#ports.get(node)?.get(first);
    const isThere = node === null || this.#graph.nodes.has(node);
    const after = isThere && this.#list.parts.length > 1 ? this.#share(node, first, before) : null;
    const changed = changedParts(before, after, touched.edges);
    for (const part of changed) if (this.#isListed(part)) touched.parts.add(part);
    if (!after && isThere) touched.parts.add(node ? partOf(node) : this.#list.last);
    for (const port of [before, after]) {
      for (const { from: { node } } of port?.late ?? []) {
        if (node.place?.part) touched.exporters.add(node.place.part);
      }
    }
    for (const [k, { blocks }] of before?.sums.entries() ?? []) {
      for (const [block, { address }] of blocks) {
        if (after?.sums[k]?.blocks.get(block)?.address !== address) this.#free(address);
      }
    }
    let ports = this.#ports.get(node);
    if (after) {
      if (!ports) this.#ports.set(node, ports = new Map());
      ports.set(first, after);
    } else if (ports?.delete(first) && ports.size === 0) this.#ports.delete(node);
  }

  #isListed(part: Part): boolean {
    return this.#list.parts[part.order] === part;
  }

  #share(node: GraphNode | null, first: number, before?: SharedPort): SharedPort | null {
    const home = node ? partOf(node) : this.#list.last;
    if (node && [...this.#samples].some(({ from }) => partOf(from.node) === home)) return null;
    const all = node ? this.#graph.incoming(node) : this.#graph.toOutput;
    const edges = [...all].filter(({ to }) => to.kind !== "param" && portOf(to) === first);
    edges.sort((a, b) => a.id - b.id);
    const inputs = !node
      ? this.#layout.capacity.outputs
      : node.channels > 1
      ? node.channels
      : node.type.inputs.find((port) => port.first === first)!.channels;
    return shareSums({ node, inputs, home, edges }, before, () => this.#allocate());
  }

  /** Gives buffers to the signals that other parts read, and takes those of others back. */
  #export(touched: Touched): void {
    const looked = new Set([...touched.parts, ...touched.exporters]);
    const wanted = new Map<Part, [GraphNode, number][]>();
    const needed: Exports = new Map();
    for (const part of looked) {
      const list = this.#list.parts.length > 1 ? this.#readElsewhere(part) : [];
      wanted.set(part, list);
      for (const [node, signal] of list) {
        needed.set(node, (needed.get(node) ?? new Map()).set(signal, 0));
      }
    }
    for (const part of [...looked, ...touched.gone]) {
      for (const [node, signal, address] of part.exports) {
        if (needed.get(node)?.has(signal)) continue;
        const known = this.#exports.get(node);
        if (!known?.delete(signal)) continue;
        this.#free(address);
        if (known.size === 0) this.#exports.delete(node);
      }
    }
    for (const [part, list] of wanted) {
      const exports = list.map(([node, signal]) =>
        [node, signal, this.#addressOf(node, signal)] as const
      );
      const isSame = exports.length === part.exports.length &&
        exports.every(([node, signal, address], k) =>
          part.exports[k][0] === node && part.exports[k][1] === signal &&
          part.exports[k][2] === address
        );
      if (!isSame) touched.parts.add(part);
      part.exports = exports;
    }
  }

  #addressOf(node: GraphNode, signal: number): number {
    let known = this.#exports.get(node);
    if (!known) this.#exports.set(node, known = new Map());
    let address = known.get(signal);
    if (address === undefined) known.set(signal, address = this.#allocate());
    return address;
  }

  /** Signals of a part that others read. */
  #readElsewhere(part: Part): [GraphNode, number][] {
    const seen = new Map<GraphNode, Set<number>>();
    const list: [GraphNode, number][] = [];
    for (const node of part.nodes) {
      for (const edge of this.#graph.outgoing(node)) {
        if (!this.#crosses(edge, part)) continue;
        for (let c = 0; c < edge.from.channels; c++) {
          const [source, signal] = edge.gain ? [edge.gain, c] : [node, signalOf(edge, c)];
          let signals = seen.get(source);
          if (!signals) seen.set(source, signals = new Set());
          if (signals.has(signal)) continue;
          signals.add(signal);
          list.push([source, signal]);
        }
      }
    }
    return list;
  }

  /** Whether a connection's signal is read in another part than its own. */
  #crosses(edge: GraphEdge, part: Part): boolean {
    const { to, feedback, gain } = edge;
    // What is delayed goes through a ring.
    if (feedback && (to.kind !== "output" || !gain)) return false;
    if (to.kind === "param") return partOf(to.node) !== part;
    const shared = this.#portOf(edge);
    if (shared) return shared.late.has(edge);
    return (to.kind === "output" ? this.#list.last : partOf(to.node)) !== part;
  }

  /** Writes the ops of one part; false if signals run in a circle. */
  #write(part: Part): boolean {
    const isLast = part === this.#list.last;
    const nodes = [...part.nodes] as PlacedNode[];
    const edges = new Set<GraphEdge>();
    for (const node of part.nodes) {
      for (const edge of this.#graph.incoming(node)) edges.add(edge);
      for (const edge of this.#graph.outgoing(node)) {
        if (edge.gain || edge.feedback) edges.add(edge);
      }
    }
    if (isLast && !this.#ports.get(null)) {
      for (const edge of this.#graph.toOutput) edges.add(edge);
    }
    for (const { gain } of edges) if (gain?.place?.part === part) nodes.push(gain as PlacedNode);
    const flat = flattenPiece({
      nodes,
      edges: [...edges],
      outputChannels: isLast ? this.#layout.capacity.outputs : 0,
      has: (node) => node.place?.part === part,
      importAddress: (node, signal) => this.#addressOf(node, signal),
      exports: part.exports,
      isShared: (edge) => this.#portOf(edge) !== undefined,
      sums: [...this.#sumsOf(part)],
    });
    const built = buildPlan(flat, this.#layout, this.#pool, this.#kernels);
    if (!built) return false;
    part.writer = built.writer;
    part.outputs = built.outputs;
    part.reach = this.#pool.reach;
    return true;
  }

  *#sumsOf(part: Part): Iterable<PieceSum> {
    for (const ports of this.#ports.values()) {
      for (const { node, home, sums } of ports.values()) {
        for (const { inputs, own, blocks } of sums) {
          if (home === part) {
            const given = Array.from(blocks, ([block, { address }]) => ({ block, address }));
            yield { terms: own, reads: { node, inputs }, given, address: 0 };
          }
          for (const { part: place, terms, address } of blocks.values()) {
            if (place === part) yield { terms, reads: null, given: [], address };
          }
        }
      }
    }
  }

  #allocate(): number {
    const offset = this.#between.allocate(1);
    if (offset === 0) throw this.#tooFewBuffers();
    return this.#mirror(offset);
  }

  #free(address: number): void {
    this.#between.free(this.#mirror(address), 1);
  }

  /** From an offset counted from the end to an address, and back. */
  #mirror(address: number): number {
    const end = this.#layout.buffers + BETWEEN + this.#between.capacity * BUFFER_BYTES;
    return end - address - BUFFER_BYTES;
  }

  /** @throws {RangeError} If the buffers within parts and those between them overlap. */
  #checkBuffers(): void {
    const most = this.#list.parts.reduce((most, { reach }) => Math.max(most, reach), 0);
    if (most + this.#between.reach > this.#between.capacity) throw this.#tooFewBuffers();
  }

  #tooFewBuffers(): RangeError {
    return new RangeError(
      `Cannot plan the graph: its signals need more block buffers than capacity.buffers, current value is ${this.#pool.capacity}`,
    );
  }
}
