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
import { chains, ReadyNodes, signalUses, successors } from "./order.ts";
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
  const sums = new Sums(flat, store, writer);
  const batches = new BatchWriter({ flat, store, sums, writer, kernels, rows: layout.rows });
  for (const [k, { address }] of flat.rings.entries()) {
    writer.builtin(BUILTIN.FEEDBACK_READ, store.define([flat.signals + k], 1), address);
  }

  const after = successors(flat);
  const { byHead, inside } = chains(flat, after);
  const ready = new ReadyNodes(flat);
  const waits = after.waits.slice();
  const order: number[] = [];
  const done = (node: number) => {
    order.push(node);
    for (let k = after.start[node]; k < after.start[node + 1]; k++) {
      if (--waits[after.to[k]] === 0 && !inside[after.to[k]]) ready.push(after.to[k]);
    }
  };
  for (let node = 0; node < flat.nodes.length; node++) if (waits[node] === 0) ready.push(node);
  const batch: number[] = [];
  for (ready.take(batch); batch.length; ready.take(batch)) {
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
