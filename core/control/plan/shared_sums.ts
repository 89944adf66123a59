/**
 * Sums that several parts of a plan add to.
 *
 * Each of the eight partial sums of an input is added up in the order of positions, and parts run in
 * their order; so a signal is added in its own part, or, if one before it comes from a later part,
 * there: then it is exported.
 *
 * @module
 */
import { MAX_LANES } from "../../layout.ts";
import type { GraphEdge, GraphNode } from "../graph.ts";
import { inputOf, type SumTerm } from "./flat_graph.ts";
import { type Part, partOf, type SharedPort, type SharedSum } from "./part.ts";

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

/** How sums are shared. */
export interface ShareOptions {
  /** Places of a sum that is added up where it is read. */
  readonly most: number;
  /** Room for eight partial sums. */
  readonly allocate: () => number;
}

/**
 * The shared sums of a port; null if each of its inputs is better summed where it is read: it has
 * one signal only, few places, or all signals from there.
 */
export function shareSums(
  port: PortSignals,
  before: SharedPort | undefined,
  { most, allocate }: ShareOptions,
): SharedPort | null {
  const { node, home, edges } = port;
  if (edges.every((edge) => sourcePart(edge, home) === home)) return null;
  const uniform = edges.every(({ from, to }) =>
    from.channels === 1 && to.kind !== "param" && to.channels === port.inputs
  );
  const lists = collect(edges, uniform);
  for (const terms of lists.values()) {
    if (terms.length < 2 || terms.every(({ position }) => position < most)) return null;
  }
  const late = new Set<GraphEdge>();
  const sums: SharedSum[] = [];
  for (const [input, terms] of lists) {
    const address = before?.sums[sums.length]?.address ?? allocate();
    const inputs = uniform ? inputsOf(edges[0]) : [input];
    sums.push({ address, inputs, ...distribute(terms, home, late) });
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

/** The signals of each input, by position; where two meet, the earlier one moves on by whole rounds. */
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
    const placed: SumTerm[] = [];
    for (let k = list.length - 1; k >= 0; k--) {
      let { position } = list[k];
      while (placed[position]) position += MAX_LANES;
      placed[position] = position === list[k].position ? list[k] : { ...list[k], position };
    }
    lists.set(input, placed.filter((term) => term !== undefined));
  }
  return lists;
}

/** Which part adds which signals. */
function distribute(
  terms: readonly SumTerm[],
  home: Part,
  late: Set<GraphEdge>,
): Omit<SharedSum, "address" | "inputs"> {
  const shares = new Map<Part, SumTerm[]>([[home, []]]);
  const partAt: Part[] = [];
  /** The part that each of the partial sums has come to. */
  const reached: Part[] = [];
  let first = home;
  for (const term of terms) {
    const lane = term.position % MAX_LANES;
    const own = sourcePart(term.edge, home);
    partAt[term.position] = own;
    if (!reached[lane] || reached[lane].order < own.order) reached[lane] = own;
    const part = reached[lane];
    if (part !== own) late.add(term.edge);
    if (part.order < first.order) first = part;
    const share = shares.get(part);
    if (share) share.push(term);
    else shares.set(part, [term]);
  }
  return { shares, first, partAt };
}

/** The parts for which something differs between two states of a port. */
export function changedParts(
  before: SharedPort | undefined,
  after: SharedPort | null,
  touched: ReadonlySet<GraphEdge>,
): Set<Part> {
  const changed = new Set<Part>();
  const all = new Set<Part>();
  for (const port of [before, after]) {
    for (const { shares } of port?.sums ?? []) for (const part of shares.keys()) all.add(part);
  }
  if (!before || !after || before.home !== after.home || before.sums.length !== after.sums.length) {
    return all;
  }
  for (const [k, { shares, first, address, inputs }] of after.sums.entries()) {
    const old = before.sums[k];
    const isOther = old.address !== address || old.inputs.join() !== inputs.join();
    for (const part of all) {
      const isFirst = first === part;
      if (isOther || isFirst !== (old.first === part)) changed.add(part);
      else if (!sameTerms(shares.get(part) ?? [], old.shares.get(part) ?? [], touched)) {
        changed.add(part);
      }
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
