/**
 * The order of a whole graph: batches, chains and loops as they become ready.
 *
 * @module
 */
import type { FlatGraph } from "./flat_graph.ts";
import type { Loops } from "./loops.ts";
import { chains, ReadyNodes, type Successors, successors } from "./order.ts";

/** What is done with the nodes when their turn comes. */
export interface Steps {
  /** Nodes of one kind that run side by side. */
  batch(nodes: readonly number[]): void;
  /** A run of memoryless nodes, one behind the other. */
  chain(nodes: readonly number[]): void;
  /** Nodes that run frame by frame. */
  loop(loop: number, nodes: readonly number[]): void;
}

/** Takes the steps in an order in which signals flow forward; returns how many nodes had a turn. */
export function schedule(flat: FlatGraph, loops: Loops, steps: Steps): number {
  const after = successors(flat, loops);
  const { byHead, inside } = chains(flat, after, loops);
  const ready = new ReadyNodes(flat);
  const waits = after.waits.slice();
  let count = 0;
  const done = (node: number) => {
    count++;
    for (let k = after.start[node]; k < after.start[node + 1]; k++) {
      if (--waits[after.to[k]] === 0 && !inside[after.to[k]]) ready.push(after.to[k]);
    }
  };
  const loopsLeft = new Set(loops.members.keys());
  for (const members of loops.members) for (const node of members) inside[node] = 1;
  for (let node = 0; node < flat.nodes.length; node++) {
    if (waits[node] === 0 && !inside[node]) ready.push(node);
  }
  const batch: number[] = [];
  for (;;) {
    const loop = readyLoop(loops, loopsLeft, waits, after);
    if (loop >= 0) {
      loopsLeft.delete(loop);
      steps.loop(loop, loops.members[loop]);
      loops.members[loop].forEach(done);
      continue;
    }
    ready.take(batch);
    if (batch.length === 0) break;
    const single = byHead.size === 0 ? batch : batch.filter((node) => !byHead.has(node));
    if (single.length) steps.batch(single);
    for (const node of batch) {
      const run = byHead.size === 0 ? undefined : byHead.get(node);
      if (!run) {
        done(node);
        continue;
      }
      steps.chain(run);
      run.forEach(done);
    }
  }
  return count;
}

/** A loop for which all that it reads from outside has been written, or -1. */
function readyLoop(
  loops: Loops,
  left: ReadonlySet<number>,
  waits: Int32Array,
  after: Successors,
): number {
  for (const loop of left) {
    let outside = 0;
    for (const node of loops.members[loop]) {
      outside += waits[node];
      for (let k = after.start[node]; k < after.start[node + 1]; k++) {
        if (loops.of[after.to[k]] === loop) outside--;
      }
    }
    if (outside === 0) return loop;
  }
  return -1;
}
