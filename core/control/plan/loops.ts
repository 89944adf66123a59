/**
 * Parts of the graph that run frame by frame: the strongly connected components that a connection
 * with a delay of one sample closes.
 *
 * @module
 */
import { SILENCE } from "./feeds.ts";
import type { FlatGraph } from "./flat_graph.ts";

/** Which nodes run frame by frame together. */
export interface Loops {
  /** Loop of each node, -1 for none. */
  readonly of: Int32Array;
  /** Nodes of each loop, in an order in which signals flow forward but for the delayed ones. */
  readonly members: readonly (readonly number[])[];
  /** For each ring whether it is of one sample and closes a loop. */
  readonly closed: readonly boolean[];
}

/** Signals that a node reads, by itself or in sums, with repetition. */
export function reads(flat: FlatGraph, node: number): number[] {
  const signals: number[] = [];
  const { feedStart, feeds, firstInput, firstSum } = flat;
  const read = (first: number, end: number) => {
    for (let k = feedStart[first]; k < feedStart[end]; k++) {
      const signal = feeds[k];
      if (signal >= firstSum) read(signal - firstSum, signal - firstSum + 1);
      else if (signal !== SILENCE) signals.push(signal);
    }
  };
  read(firstInput[node], firstInput[node + 1]);
  for (const { by } of flat.modulated.get(node) ?? []) {
    for (const term of by) signals.push(...term.signals);
  }
  return signals;
}

/** Finds the loops. Costs nothing where no connection has a delay of one sample. */
export function findLoops(flat: FlatGraph): Loops {
  const of = new Int32Array(flat.nodes.length).fill(-1);
  if (!flat.rings.some((ring) => ring.kind === "sample")) {
    return { of, members: [], closed: [] };
  }
  const sources = flat.nodes.map((_, node) => {
    const all = reads(flat, node).flatMap((signal) => {
      if (signal < flat.signals) return [flat.owner[signal]];
      const ring = flat.rings[signal - flat.signals];
      return ring.kind === "sample" ? [flat.owner[ring.source]] : [];
    });
    return [...new Set(all)];
  });
  const members: number[][] = [];
  for (const component of components(sources)) {
    const isLoop = component.length > 1 || sources[component[0]].includes(component[0]);
    if (!isLoop) continue;
    for (const node of component) of[node] = members.length;
    members.push(component);
  }
  const closed = flat.rings.map(() => false);
  for (let node = 0; node < of.length; node++) {
    for (const signal of reads(flat, node)) {
      const ring = flat.rings[signal - flat.signals];
      if (ring?.kind !== "sample") continue;
      const loop = of[flat.owner[ring.source]];
      closed[signal - flat.signals] = loop >= 0 && loop === of[node];
    }
  }
  return { of, members: members.map((nodes) => forward(flat, nodes)), closed };
}

/**
 * Strongly connected components, with an explicit stack.
 *
 * Source: R. Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM J. Comput. 1(2), 1972.
 */
function components(edges: readonly (readonly number[])[]): number[][] {
  const index = new Int32Array(edges.length).fill(-1);
  const low = new Int32Array(edges.length);
  const isOpen = new Uint8Array(edges.length);
  const open: number[] = [];
  const found: number[][] = [];
  let count = 0;
  for (let root = 0; root < edges.length; root++) {
    if (index[root] >= 0) continue;
    const calls: { node: number; next: number }[] = [{ node: root, next: 0 }];
    while (calls.length) {
      const call = calls.at(-1)!;
      const { node } = call;
      if (call.next === 0) {
        index[node] = low[node] = count++;
        open.push(node);
        isOpen[node] = 1;
      }
      const to = edges[node][call.next++];
      if (to !== undefined) {
        if (index[to] < 0) calls.push({ node: to, next: 0 });
        else if (isOpen[to]) low[node] = Math.min(low[node], index[to]);
        continue;
      }
      calls.pop();
      const caller = calls.at(-1);
      if (caller) low[caller.node] = Math.min(low[caller.node], low[node]);
      if (low[node] !== index[node]) continue;
      const component = open.splice(open.indexOf(node));
      for (const member of component) isOpen[member] = 0;
      found.push(component.sort((a, b) => a - b));
    }
  }
  return found;
}

/** Orders the nodes of a loop by their undelayed signals; lowest first among equals. */
function forward(flat: FlatGraph, nodes: readonly number[]): number[] {
  const left = new Set(nodes);
  const order: number[] = [];
  while (left.size) {
    const ready = [...left].filter((node) =>
      reads(flat, node).every((s) => s >= flat.signals || !left.has(flat.owner[s]))
    );
    // Undelayed signals in a circle: the plan as a whole will be refused.
    if (ready.length === 0) return [...nodes];
    for (const node of ready) {
      order.push(node);
      left.delete(node);
    }
  }
  return order;
}
