/**
 * From a flat graph to ops.
 *
 * @module
 */
import type { Layout } from "../../layout.ts";
import type { BufferPool } from "../../rt/buffer_pool.ts";
import { BUILTIN } from "../../rt/plan_format.ts";
import type { KernelLibrary } from "../kernel_library.ts";
import { BatchWriter } from "./batch_writer.ts";
import type { FlatGraph } from "./flat_graph.ts";
import { findLoops } from "./loops.ts";
import { signalUses } from "./order.ts";
import { PlanWriter } from "./plan_writer.ts";
import { schedule } from "./schedule.ts";
import { SignalStore } from "./signal_store.ts";
import { Sums } from "./sums.ts";

/** A plan, or a part of one, that has not been placed yet. */
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
  const store = new SignalStore(pool, writer, layout.zeros, allUses(flat), flat.exports);
  const loops = findLoops(flat);
  const sums = new Sums(flat, store, writer, (node) => loops.of[node] >= 0);
  const batches = new BatchWriter({ flat, store, sums, writer, kernels, rows: layout.rows, loops });
  for (const [k, { address, kind }] of flat.rings.entries()) {
    if (kind === "import") store.lies(flat.signals + k, address);
    else if (kind === "block") {
      writer.builtin(BUILTIN.FEEDBACK_READ, store.define([flat.signals + k], 1), address);
    } else continue;
    sums.advance([flat.signals + k]);
  }
  const order: number[] = [];
  schedule(flat, loops, {
    batch(nodes) {
      batches.write(nodes);
      for (const node of nodes) order.push(node);
    },
    chain(nodes) {
      batches.writeChain(nodes);
      for (const node of nodes) order.push(node);
    },
    loop(loop, nodes) {
      batches.writeLoop(loop);
      for (const node of nodes) order.push(node);
    },
  });
  if (order.length < flat.nodes.length) return null;
  sums.complete();
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
  for (const input of flat.sameAs) all[flat.firstSum + input]++;
  return all;
}
