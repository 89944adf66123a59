/**
 * Where a graph falls apart. Its *trunk* is what stands before the output: a sum, a reverb, a limiter.
 * What it reads comes from *stems*, which do not read the trunk, so that they can be rendered ahead of
 * it, each for itself. What two stems read, a clock perhaps, is in both.
 *
 * @module
 */
import { MAX_CHANNELS } from "../../layout.ts";
import type { GraphSnapshot, Wire } from "../graph_snapshot.ts";
import type { Shapes } from "./shapes.ts";

/** An output of a node. */
export interface Signal {
  readonly node: string;
  readonly output: string;
  /** Those that are read, of all instances. */
  readonly channels: readonly number[];
}

/** What is rendered ahead by one thread. */
export interface Stem {
  /** Names of its nodes. */
  readonly nodes: ReadonlySet<string>;
  /** What the trunk reads of it. */
  readonly signals: readonly Signal[];
}

/** A graph in parts. */
export interface Division {
  /** Names of the nodes that are rendered last. */
  readonly trunk: ReadonlySet<string>;
  /** One for each thread; that of the thread which renders the trunk comes first. */
  readonly stems: readonly Stem[];
  /** Microseconds for 64 frames of the graph as a whole, and of the thread that has most to do. */
  readonly costs: { readonly whole: number; readonly most: number };
}

/**
 * Microseconds for 64 frames of what threads have to do besides: for an engine; for whoever takes the
 * sound, to write it into a file; for a channel of a stem.
 */
const ENGINE_US = 1;
const OUTPUT_US = 1;
const CHANNEL_US = { trunk: 0.15, stem: 0.03 } as const;

/** Steps of the search; each moves one node into the trunk. */
const MOST_STEPS = 64;
/** Nodes that the trunk reads at most for a step to be looked at. */
const MOST_SOURCES = 256;
/** Share of the best that is possible with which the search is content. */
const GOOD = 0.97;

/**
 * Finds the parts that several threads render fastest.
 *
 * @param costOf Microseconds that a node takes for 64 frames.
 */
export function divide(
  graph: GraphSnapshot,
  shapes: Shapes,
  costOf: (node: string) => number,
  threads: number,
): Division {
  const search = new Search(graph, shapes, costOf, threads);
  const trunk = new Set<string>();
  let best = search.whole;
  const good = best.costs.whole / (GOOD * threads);
  for (let step = 0; step <= MOST_STEPS && best.costs.most > good; step++) {
    const sources = search.sourcesOf(trunk);
    const division = search.dealOut(trunk, sources);
    if (division.costs.most < best.costs.most) best = division;
    if (sources.length === 0) break;
    trunk.add(sources.reduce((a, b) => b.cost > a.cost ? b : a).node);
    if (search.costOf(trunk) > best.costs.most) break;
  }
  return best;
}

/** All that a node hears, directly or not, itself included. */
interface Needs {
  readonly nodes: ReadonlySet<string>;
  readonly cost: number;
}

/** A node that the trunk reads. */
interface Source {
  readonly node: string;
  readonly signals: readonly Signal[];
  readonly needs: ReadonlySet<string>;
  /** Of all it needs. */
  readonly cost: number;
}

class Search {
  /** The graph undivided. */
  readonly whole: Division;
  /** Connections to each node, and (null) to the output. */
  readonly #wires: ReadonlyMap<string | null, readonly Wire[]>;
  readonly #needs = new Map<string, Needs>();

  constructor(
    graph: GraphSnapshot,
    readonly shapes: Shapes,
    readonly costOfNode: (node: string) => number,
    readonly threads: number,
  ) {
    const wires = [...graph.edges, ...graph.modulations, ...graph.outputs];
    this.#wires = Map.groupBy(wires, (wire) => "to" in wire ? wire.to : null);
    const trunk = this.#closure(graph.outputs.map(({ from }) => from));
    const whole = ENGINE_US + OUTPUT_US + this.costOf(trunk);
    this.whole = { trunk, stems: [], costs: { whole, most: whole } };
  }

  costOf(nodes: Iterable<string>): number {
    let cost = 0;
    for (const node of nodes) cost += this.costOfNode(node);
    return cost;
  }

  /** What the trunk, or the output, reads from outside it, by node. */
  sourcesOf(trunk: ReadonlySet<string>): Source[] {
    const { shapes } = this;
    const wires = [null, ...trunk].flatMap((end) => this.#wires.get(end) ?? [])
      .filter(({ from }) => !trunk.has(from));
    return Array.from(Map.groupBy(wires, ({ from }) => from), ([node, read]): Source => {
      const ports = Map.groupBy(read, (wire) => shapes.outputOf(wire));
      const signals = Array.from(ports, ([output, wires]): Signal => {
        const channels = new Set(wires.flatMap((wire) => shapes.channelsOf(wire)));
        return { node, output, channels: [...channels].sort((a, b) => a - b) };
      });
      const { nodes: needs, cost } = this.#needsOf(node);
      return { node, signals, needs, cost };
    });
  }

  /** Deals out what a trunk reads, so that the thread with most to do has as little as possible. */
  dealOut(outset: ReadonlySet<string>, sources: readonly Source[]): Division {
    if (sources.length > MOST_SOURCES) return this.whole;
    const trunk = new Set(outset);
    const queue = sources.toSorted((a, b) => a.cost - b.cost);
    let channels = 0;
    for (const { signals } of queue) channels += channelsOf(signals);
    while (channels > MAX_CHANNELS) {
      const { signals, needs } = queue.shift()!;
      channels -= channelsOf(signals);
      for (const node of needs) trunk.add(node);
    }
    const read = queue.filter(({ node }) => !trunk.has(node));
    const reading = CHANNEL_US.trunk * channelsOf(read.flatMap(({ signals }) => signals));
    const parts = Array.from({ length: this.threads }, (_, k) => ({
      nodes: new Set<string>(),
      signals: [] as Signal[],
      cost: k === 0 ? ENGINE_US + OUTPUT_US + this.costOf(trunk) + reading : 0,
    }));
    for (const { signals, needs } of read.reverse()) {
      const added = ({ nodes }: Stem) =>
        (nodes.size === 0 ? ENGINE_US : 0) + this.costOf(needs.difference(nodes)) +
        CHANNEL_US.stem * channelsOf(signals);
      const part = parts.reduce((a, b) => b.cost + added(b) < a.cost + added(a) ? b : a);
      part.cost += added(part);
      part.signals.push(...signals);
      for (const need of needs) part.nodes.add(need);
    }
    const most = Math.max(...parts.map(({ cost }) => cost));
    return { trunk, stems: parts, costs: { whole: this.whole.costs.whole, most } };
  }

  #needsOf(node: string): Needs {
    const known = this.#needs.get(node);
    if (known) return known;
    const nodes = this.#closure([node]);
    const needs = { nodes, cost: this.costOf(nodes) };
    this.#needs.set(node, needs);
    return needs;
  }

  /** Nodes and all that they hear, directly or not. */
  #closure(from: readonly string[]): Set<string> {
    const nodes = new Set(from);
    for (const node of nodes) for (const { from } of this.#wires.get(node) ?? []) nodes.add(from);
    return nodes;
  }
}

function channelsOf(signals: readonly Signal[]): number {
  return signals.reduce((sum, { channels }) => sum + channels.length, 0);
}
