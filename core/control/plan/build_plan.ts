/**
 * From the graph to a flat plan.
 *
 * @module
 */
import type { Layout } from "../../layout.ts";
import type { BufferPool } from "../../rt/buffer_pool.ts";
import { BUILTIN } from "../../rt/plan_format.ts";
import type { KernelLibrary } from "../kernel_library.ts";
import { BatchWriter } from "./batch_writer.ts";
import type { FlatGraph } from "./flat_graph.ts";
import { findLoops, type Loops } from "./loops.ts";
import { chains, ReadyNodes, signalUses, type Successors, successors } from "./order.ts";
import { PlanWriter } from "./plan_writer.ts";
import { SignalStore } from "./signal_store.ts";
import { Sums } from "./sums.ts";

/** A plan that has not been placed yet. */
export interface BuiltPlan {
  readonly writer: PlanWriter;
  /** Address of the planar buffer of each output channel. */
  readonly outputs: readonly number[];
  /** Dense node indices in the order in which they run. */
  readonly order: readonly number[];
}

/**
 * Orders the nodes, fills lanes, assigns buffers; null if signals run in a circle.
 *
 * @throws {RangeError} If the signals need more block buffers than there are.
 */
export function buildPlan(
  flat: FlatGraph,
  layout: Layout,
  pool: BufferPool,
  kernels: KernelLibrary,
): BuiltPlan | null {
  pool.reset();
  const writer = new PlanWriter(flat.nodes.length);
  const store = new SignalStore(pool, writer, layout.zeros, allUses(flat));
  const loops = findLoops(flat);
  const sums = new Sums(flat, store, writer, (node) => loops.of[node] >= 0);
  const batches = new BatchWriter({ flat, store, sums, writer, kernels, rows: layout.rows, loops });
  for (const [k, { address, isSample }] of flat.rings.entries()) {
    if (isSample) continue;
    writer.builtin(BUILTIN.FEEDBACK_READ, store.define([flat.signals + k], 1), address);
  }

  const after = successors(flat, loops);
  const { byHead, inside } = chains(flat, after, loops);
  const ready = new ReadyNodes(flat);
  const waits = after.waits.slice();
  const order: number[] = [];
  const done = (node: number) => {
    order.push(node);
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
    const loop = [...loopsLeft].find((loop) => isLoopReady(loops, loop, waits, after));
    if (loop !== undefined) {
      loopsLeft.delete(loop);
      batches.writeLoop(loop);
      loops.members[loop].forEach(done);
      continue;
    }
    ready.take(batch);
    if (batch.length === 0) break;
    const single = batch.filter((node) => !byHead.has(node));
    if (single.length) batches.write(single);
    for (const node of batch) {
      const run = byHead.get(node);
      if (run) batches.writeChain(run);
      for (const n of run ?? [node]) done(n);
    }
  }
  if (order.length < flat.nodes.length) return null;
  const outputs: number[] = [];
  for (let channel = 0; channel < flat.outputChannels; channel++) {
    const input = flat.firstInput[flat.nodes.length] + channel;
    outputs.push(store.planar(sums.signal(input)));
  }
  return { writer, outputs, order };
}

/** Readers of every signal: those of the graph, and one for each sum. */
function allUses(flat: FlatGraph): Int32Array {
  const uses = signalUses(flat);
  const all = new Int32Array(uses.length + flat.inputs);
  all.set(uses);
  for (const input of flat.sameAs) all[uses.length + input]++;
  return all;
}

/** Whether all that a loop reads from outside has been written. */
function isLoopReady(
  loops: Loops,
  loop: number,
  waits: Int32Array,
  after: Successors,
): boolean {
  let outside = 0;
  for (const node of loops.members[loop]) {
    outside += waits[node];
    for (let k = after.start[node]; k < after.start[node + 1]; k++) {
      if (loops.of[after.to[k]] === loop) outside--;
    }
  }
  return outside === 0;
}
