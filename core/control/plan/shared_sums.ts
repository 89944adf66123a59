/**
 * Sums of signals from several parts of a plan.
 *
 * A block of a sum is added up in the last of the parts that its signals come from, to which the
 * others are exported; where the sum is read only blocks are left to be added.
 *
 * @module
 */
import { SUM_BLOCK } from "../../rt/plan_format.ts";
import type { GraphEdge, GraphNode } from "../graph.ts";
import { freePlace } from "./feeds.ts";
import { inputOf, type SumTerm } from "./flat_graph.ts";
import { type Part, partOf, type SharedBlock, type SharedPort, type SharedSum } from "./part.ts";

/** A port and all that ends there. */
export interface PortSignals {
  /** Null for the engine's output. */
  readonly node: GraphNode | null;
  /** Inputs of the port, of all channels. */
  readonly inputs: number;
  readonly home: Part;
  /** In the order of their making. */
  readonly edges: readonly GraphEdge[];
}

/**
 * The shared sums of a port; null if all of its signals come from where they are read.
 *
 * @param allocate Gives a planar buffer for a block.
 */
export function shareSums(
  port: PortSignals,
  before: SharedPort | undefined,
  allocate: () => number,
): SharedPort | null {
  const { node, home, edges } = port;
  if (edges.every((edge) => sourcePart(edge, home) === home)) return null;
  const uniform = edges.every(({ from, to }) =>
    from.channels === 1 && to.kind !== "param" && to.channels === port.inputs
  );
  const late = new Set<GraphEdge>();
  const sums: SharedSum[] = [];
  for (const [input, terms] of collect(edges, uniform)) {
    const inputs = uniform ? inputsOf(edges[0]) : [input];
    const known = before?.sums[sums.length]?.blocks;
    const addressOf = (block: number) => known?.get(block)?.address ?? allocate();
    sums.push({ inputs, ...distribute(terms, { home, late, addressOf }) });
  }
  return { node, home, sums, late };
}

/** The part that a signal comes from. Delayed signals can be read anywhere. */
function sourcePart({ from, to, feedback, gain }: GraphEdge, home: Part): Part {
  return feedback && (to.kind !== "output" || !gain) ? home : partOf(from.node);
}

function inputsOf({ to }: GraphEdge): number[] {
  if (to.kind === "param") return [];
  return Array.from({ length: to.channels }, (_, c) => inputOf(to, c));
}

/** The signals of each input by ascending places; where two meet, the earlier one moves on. */
function collect(edges: readonly GraphEdge[], uniform: boolean): Map<number, SumTerm[]> {
  const lists = new Map<number, SumTerm[]>();
  for (const edge of edges) {
    const { from, to } = edge;
    if (to.kind === "param") continue;
    const wide = uniform ? 1 : Math.max(from.channels, to.channels);
    const isSum = to.channels === 1;
    for (let c = 0; c < wide; c++) {
      const input = inputOf(to, isSum ? 0 : c);
      let list = lists.get(input);
      if (!list) lists.set(input, list = []);
      const channel = from.channels === 1 ? 0 : c;
      list.push({ edge, channel, position: edge.position + (isSum ? c : 0) });
    }
  }
  for (const [input, list] of lists) {
    const placed = new Map<number, SumTerm>();
    for (let k = list.length - 1; k >= 0; k--) {
      const position = freePlace(list[k].position, placed);
      placed.set(position, position === list[k].position ? list[k] : { ...list[k], position });
    }
    lists.set(input, [...placed.values()].sort((a, b) => a.position - b.position));
  }
  return lists;
}

/** Which part adds up which block. */
function distribute(
  terms: readonly SumTerm[],
  { home, late, addressOf }: {
    readonly home: Part;
    readonly late: Set<GraphEdge>;
    readonly addressOf: (block: number) => number;
  },
): Omit<SharedSum, "inputs"> {
  const own: SumTerm[] = [];
  const blocks = new Map<number, SharedBlock>();
  const partAt = new Map<number, Part>();
  for (let first = 0; first < terms.length;) {
    const block = Math.floor(terms[first].position / SUM_BLOCK);
    let end = first;
    let part: Part | undefined;
    for (; end < terms.length && terms[end].position < (block + 1) * SUM_BLOCK; end++) {
      const source = sourcePart(terms[end].edge, home);
      partAt.set(terms[end].position, source);
      if (!part || part.order < source.order) part = source;
    }
    const inside = terms.slice(first, end);
    first = end;
    // One signal alone is its own sum.
    const place = inside.length === 1 ? home : part!;
    for (const { edge } of inside) if (sourcePart(edge, home) !== place) late.add(edge);
    if (place === home) own.push(...inside);
    else blocks.set(block, { part: place, terms: inside, address: addressOf(block) });
  }
  return { own, blocks, partAt };
}

/** The parts for which something differs between two states of a port. */
export function changedParts(
  before: SharedPort | undefined,
  after: SharedPort | null,
  touched: ReadonlySet<GraphEdge>,
): Set<Part> {
  const changed = new Set<Part>();
  if (!before || !after || before.home !== after.home || before.sums.length !== after.sums.length) {
    for (const port of [before, after]) {
      if (port) changed.add(port.home);
      for (const { blocks } of port?.sums ?? []) {
        for (const { part } of blocks.values()) changed.add(part);
      }
    }
    return changed;
  }
  for (const [k, { inputs, own, blocks }] of after.sums.entries()) {
    const old = before.sums[k];
    const isOther = old.inputs.join() !== inputs.join() || old.blocks.size !== blocks.size;
    if (isOther || !sameTerms(own, old.own, touched)) changed.add(after.home);
    for (const number of new Set([...old.blocks.keys(), ...blocks.keys()])) {
      const [a, b] = [old.blocks.get(number), blocks.get(number)];
      const isMoved = a?.part !== b?.part || a?.address !== b?.address;
      if (isMoved) changed.add(after.home);
      if (!isMoved && sameTerms(a!.terms, b!.terms, touched)) continue;
      for (const block of [a, b]) if (block) changed.add(block.part);
    }
  }
  return changed;
}

function sameTerms(
  a: readonly SumTerm[],
  b: readonly SumTerm[],
  touched: ReadonlySet<GraphEdge>,
): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) {
    if (a[k].edge !== b[k].edge || a[k].channel !== b[k].channel) return false;
    if (a[k].position !== b[k].position || touched.has(a[k].edge)) return false;
  }
  return true;
}
