/**
 * Which node is planned in which part: signals flow from earlier parts to later ones only, parts are
 * neither large nor tiny, and nodes whose signals are added up together stand together.
 *
 * @module
 */
import { MAX_LANES } from "../../layout.ts";
import { SUM_BLOCK } from "../../rt/plan_format.ts";
import { type Graph, type GraphEdge, type GraphNode, portOf } from "../graph.ts";
import { flattenPiece, type PlacedNode } from "./flat_graph.ts";
import { type Cluster, clusters } from "./clusters.ts";
import { findLoops } from "./loops.ts";
import { Part, partOf, partOfGain, type PartSize, type SharedPort } from "./part.ts";
import { schedule } from "./schedule.ts";

/** What a change has touched, and has to be looked at. */
export class Touched {
  /** Parts that have to be planned again. */
  readonly parts = new Set<Part>();
  /** Parts whose exports may be others. */
  readonly exporters = new Set<Part>();
  readonly edges = new Set<GraphEdge>();
  /** Ports by node and first channel. */
  readonly ports = new Map<GraphNode | null, Set<number>>();
  /** Parts that are no more. */
  readonly gone: Part[] = [];

  edge(edge: GraphEdge): void {
    this.edges.add(edge);
    this.parts.add(partOf(edge.from.node));
    if (edge.to.kind === "param") this.parts.add(partOf(edge.to.node));
    else this.port(edge);
  }

  /** The port where an edge ends, if it is one. */
  port({ to }: GraphEdge): void {
    if (to.kind === "param") return;
    const node = to.kind === "output" ? null : to.node;
    const first = portOf(to);
    const ports = this.ports.get(node);
    if (ports) ports.add(first);
    else this.ports.set(node, new Set([first]));
  }
}

/** The parts in their order. */
export class PartList {
  readonly #graph: Graph;
  readonly #size: PartSize;
  #parts: Part[] = [];

  constructor(graph: Graph, size: PartSize) {
    this.#graph = graph;
    this.#size = size;
  }

  get parts(): readonly Part[] {
    return this.#parts;
  }

  /** The part in which the engine's output ends. */
  get last(): Part {
    return this.#parts[this.#parts.length - 1];
  }

  /** Everything in one part. */
  reset(): Part {
    const part = new Part();
    this.#parts = [part];
    for (const node of this.#graph.nodes) {
      part.nodes.add(node);
      node.place!.part = part;
    }
    for (const edge of this.#graph.edges) if (edge.gain) edge.gain.place!.part = part;
    return part;
  }

  /** Finds parts for new nodes: those that are connected come into one. */
  insert(
    nodes: readonly GraphNode[],
    portAt: (edge: GraphEdge) => SharedPort | undefined,
    touched: Touched,
  ): void {
    const left = new Set(nodes);
    for (const node of nodes) node.place!.part = null;
    for (const start of nodes) {
      if (!left.delete(start)) continue;
      const group = [start];
      const wanted: number[] = [];
      let [least, most] = [0, this.#parts.length - 1];
      const meet = (node: GraphNode, isBefore: boolean, isAfter: boolean) => {
        if (left.delete(node)) group.push(node);
        const part = node.place!.part;
        if (!part) return;
        if (isBefore) least = Math.max(least, part.order);
        if (isAfter) most = Math.min(most, part.order);
        wanted.push(part.order);
      };
      for (let k = 0; k < group.length; k++) {
        for (const { from, feedback } of this.#graph.incoming(group[k])) {
          if (feedback !== "block") meet(from.node, true, feedback === "sample");
        }
        for (const edge of this.#graph.outgoing(group[k])) {
          const { to, feedback } = edge;
          const beside = portAt(edge);
          if (beside) wanted.unshift(...neighbours(beside, edge.position));
          if (to.kind !== "output" && feedback !== "block") {
            meet(to.node, feedback === "sample", true);
          }
        }
      }
      const order = wanted.find((order) => least <= order && order <= most) ??
        (most < least ? least : most);
      const part = this.#parts[order];
      for (const node of group) {
        node.place!.part = part;
        part.nodes.add(node);
      }
      touched.parts.add(part);
    }
  }

  /** Takes a node out. */
  remove(node: GraphNode, touched: Touched): void {
    const { place } = node;
    if (!place?.part) return;
    touched.parts.add(place.part);
    place.part.nodes.delete(node);
    place.part = null;
  }

  /** Makes a new connection run forward, or stay within one part. */
  straighten(edge: GraphEdge, touched: Touched): void {
    const { from, to, feedback } = edge;
    if (to.kind === "output" || feedback === "block") return;
    const [a, b] = [partOf(from.node), partOf(to.node)];
    if (a === b || (feedback === null && a.order < b.order)) return;
    const moved = feedback ? null : this.#closure(from.node, b.order, -1);
    for (const node of moved ?? []) this.#move(node, b, touched);
    if (moved) return;
    const others = feedback ? null : this.#closure(to.node, a.order, 1);
    for (const node of others ?? []) this.#move(node, a, touched);
    if (others) return;
    this.#merge(Math.min(a.order, b.order), Math.max(a.order, b.order), touched);
  }

  /**
   * The node and all that has to go with it beyond a part: what feeds it (direction -1) or what it
   * feeds (1); null if that is too much, or a loop is among it.
   */
  #closure(start: GraphNode, order: number, direction: 1 | -1): Set<GraphNode> | null {
    const found = new Set([start]);
    for (const node of found) {
      if (found.size > this.#size.moved) return null;
      for (const { feedback } of this.#graph.incoming(node)) if (feedback === "sample") return null;
      for (const edge of this.#graph.outgoing(node)) if (edge.feedback === "sample") return null;
      const edges = direction < 0 ? this.#graph.incoming(node) : this.#graph.outgoing(node);
      for (const { from, to, feedback } of edges) {
        if (feedback || to.kind === "output") continue;
        const next = direction < 0 ? from.node : to.node;
        if (direction * (partOf(next).order - order) < 0) found.add(next);
      }
    }
    return found;
  }

  #move(node: GraphNode, part: Part, touched: Touched): void {
    const old = partOf(node);
    if (old === part) return;
    old.nodes.delete(node);
    part.nodes.add(node);
    node.place!.part = part;
    touched.parts.add(old).add(part);
    for (const edge of this.#graph.outgoing(node)) {
      touched.port(edge);
      if (edge.gain) edge.gain.place!.part = partOfGain(edge);
    }
    for (const edge of this.#graph.incoming(node)) {
      touched.port(edge);
      touched.exporters.add(partOf(edge.from.node));
      if (edge.gain) edge.gain.place!.part = partOfGain(edge);
    }
  }

  /** Makes one of neighbouring parts: the last of them. */
  #merge(first: number, last: number, touched: Touched): void {
    const into = this.#parts[last];
    for (const part of this.#parts.slice(first, last)) {
      for (const node of part.nodes) this.#move(node, into, touched);
      this.#drop(part, touched);
    }
    this.#parts.splice(first, last - first);
    this.#number();
  }

  #drop(part: Part, touched: Touched): void {
    touched.parts.delete(part);
    touched.exporters.delete(part);
    touched.gone.push(part);
  }

  #number(): void {
    for (let k = 0; k < this.#parts.length; k++) this.#parts[k].order = k;
  }

  /** Splits touched parts that are too large, and joins tiny ones; false if signals run in a circle. */
  balance(most: number, touched: Touched): boolean {
    for (const part of [...touched.parts]) {
      if (part.nodes.size > most && !this.#split(part, touched)) return false;
    }
    for (const part of [...touched.parts]) {
      if (part.nodes.size >= this.#size.least || this.#parts.length === 1) continue;
      if (this.#parts[part.order] !== part) continue;
      const first = part === this.last ? part.order - 1 : part.order;
      const { size } = this.#parts[first].nodes;
      if (size + this.#parts[first + 1].nodes.size <= most) this.#merge(first, first + 1, touched);
    }
    return true;
  }

  /** Cuts a part, through a cluster only if it is too large by itself; false for a circle. */
  #split(part: Part, touched: Touched): boolean {
    const found = clusters(this.#graph, part.nodes);
    if (!found) return this.#cut(part, touched);
    const chunks = gather(found, this.#size);
    const pieces = this.#divide(part, chunks, touched);
    for (const piece of pieces) {
      if (piece.nodes.size > this.#size.most && !this.#cut(piece, touched)) return false;
    }
    return true;
  }

  /** Makes parts of the chunks of one, in their order; the last one stays the part it was. */
  #divide(part: Part, chunks: readonly GraphNode[][], touched: Touched): Part[] {
    const pieces = chunks.map((_, k) => k < chunks.length - 1 ? new Part() : part);
    this.#parts.splice(part.order, 1, ...pieces);
    this.#number();
    for (const [k, piece] of pieces.entries()) {
      for (const node of chunks[k]) this.#move(node, piece, touched);
    }
    return pieces;
  }

  /** Cuts a part where its own order allows: between batches, and not through a loop of one sample. */
  #cut(part: Part, touched: Touched): boolean {
    const nodes = [...part.nodes] as PlacedNode[];
    const inside = new Set<GraphEdge>();
    for (const node of part.nodes) {
      for (const edge of this.#graph.incoming(node)) {
        if (partOf(edge.from.node) !== part) continue;
        inside.add(edge);
        if (edge.gain) nodes.push(edge.gain as PlacedNode);
      }
    }
    const flat = flattenPiece({
      nodes,
      edges: [...inside],
      outputChannels: 0,
      has: (node) => node.place?.part === part,
      importAddress: () => 0,
      exports: [],
      isShared: () => false,
      sums: [],
    });
    const chunks: GraphNode[][] = [[]];
    const take = (list: readonly number[], canCut: boolean) => {
      for (const k of list) {
        const node = flat.nodes[k];
        if (part.nodes.has(node)) chunks[chunks.length - 1].push(node);
        if (canCut && chunks[chunks.length - 1].length >= this.#size.nodes) chunks.push([]);
      }
      if (chunks[chunks.length - 1].length >= this.#size.nodes) chunks.push([]);
    };
    const count = schedule(flat, findLoops(flat), {
      batch: (list) => take(list, false),
      chain: (list) => take(list, true),
      loop: (_, list) => take(list, false),
    });
    if (count < flat.nodes.length) return false;
    const end = chunks.length - 1;
    if (end > 0 && chunks[end].length < this.#size.least) chunks[end - 1].push(...chunks.pop()!);
    this.#divide(part, chunks, touched);
    for (const { from, to, feedback } of inside) {
      if (feedback !== "sample" || to.kind === "output") continue;
      const orders = [partOf(from.node).order, partOf(to.node).order];
      this.#merge(Math.min(...orders), Math.max(...orders), touched);
    }
    return true;
  }
}

/** Clusters together. Equal ones are parted where a block of a sum begins, or, if these are large, a vector of lanes. */
function gather(found: readonly Cluster[], size: PartSize): GraphNode[][] {
  const chunks: GraphNode[][] = [[]];
  for (const [k, { nodes }] of found.entries()) {
    let chunk = chunks[chunks.length - 1];
    if (chunk.length > 0 && chunk.length + nodes.length > size.most) chunks.push(chunk = []);
    chunk.push(...nodes);
    const next = found[k + 1];
    const whole = nodes.length * SUM_BLOCK <= 2 * size.nodes ? SUM_BLOCK : MAX_LANES;
    const isWhole = nodes.length !== next?.nodes.length || !(next.place % whole > 0);
    if (chunk.length >= size.nodes && isWhole) chunks.push([]);
  }
  const end = chunks.length - 1;
  if (end > 0 && chunks[end].length < size.least) chunks[end - 1].push(...chunks.pop()!);
  return chunks;
}

/** The parts of the signals beside a position of a sum. */
function neighbours({ sums }: SharedPort, position: number): number[] {
  const { partAt } = sums[0];
  const places = [position - 1, position + 1, position - MAX_LANES, position + MAX_LANES];
  return places.flatMap((place) => partAt.get(place)?.order ?? []);
}
