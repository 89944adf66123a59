/**
 * What nodes and node types have cost, in words and figures.
 *
 * @module
 */
import type { GraphNode } from "./graph.ts";

/** Time that was spent on something. */
export interface Cost {
  /** Milliseconds in all. */
  readonly ms: number;
  /** Share of the time that the rendered frames last: 1 is all that one thread can do in real time. */
  readonly share: number;
}

/** Cost of one node. */
export interface NodeCost extends Cost {
  /** Its name; "connection 7" for the gain of a connection that has one or fades. */
  readonly node: string;
  /** Name of its type. */
  readonly type: string;
}

/** Cost of all nodes of one type. */
export interface TypeCost extends Cost {
  /** Name of the type. */
  readonly type: string;
  /** How many nodes there were. */
  readonly nodes: number;
}

/** What was measured while an engine was profiled. Dearest first. */
export interface CostProfile {
  /** Frames that were rendered meanwhile; 0 where the rendering thread has no clock. */
  readonly frames: number;
  /** All of it. */
  readonly total: Cost;
  /** By node; nodes that run side by side in one call share its time. */
  readonly nodes: readonly NodeCost[];
  /** By node type. */
  readonly types: readonly TypeCost[];
  /** What lies between nodes: packing, sums, delays of feedback. */
  readonly routing: Cost;
}

/** Sorts and sums up. @param costs milliseconds of each node */
export function costProfile(
  costs: ReadonlyMap<GraphNode, number>,
  routing: number,
  frames: number,
  sampleRate: number,
): CostProfile {
  const duration = 1000 * frames / sampleRate;
  const cost = (ms: number): Cost => ({ ms, share: frames ? ms / duration : 0 });
  const types = new Map<string, { nodes: number; ms: number }>();
  let total = routing;
  for (const [{ type: { name } }, ms] of costs) {
    const sum = types.get(name) ?? { nodes: 0, ms: 0 };
    types.set(name, { nodes: sum.nodes + 1, ms: sum.ms + ms });
    total += ms;
  }
  const dearestFirst = (a: Cost, b: Cost) => b.ms - a.ms;
  return {
    frames,
    total: cost(total),
    nodes: Array.from(
      costs,
      ([node, ms]) => ({ node: node.name, type: node.type.name, ...cost(ms) }),
    )
      .sort(dearestFirst),
    types: Array.from(types, ([type, { nodes, ms }]) => ({ type, nodes, ...cost(ms) }))
      .sort(dearestFirst),
    routing: cost(routing),
  };
}
