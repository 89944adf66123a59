/**
 * What those who write ops share.
 *
 * @module
 */
import type { Lane } from "../graph.ts";
import type { KernelLibrary } from "../kernel_library.ts";
import type { FlatGraph } from "./flat_graph.ts";
import type { Loops } from "./loops.ts";
import type { PlanWriter } from "./plan_writer.ts";
import type { SignalStore } from "./signal_store.ts";
import type { Sums } from "./sums.ts";

/** What writing a batch needs to know. */
export interface BatchContext {
  readonly flat: FlatGraph;
  readonly store: SignalStore;
  readonly sums: Sums;
  readonly writer: PlanWriter;
  readonly kernels: KernelLibrary;
  /** Address of the scratch rows for moving parameters. */
  readonly rows: number;
  readonly loops: Loops;
}

/** Lanes of one kernel call and the buffers they work on, one a port. */
export interface KernelCall {
  readonly lanes: readonly Lane[];
  readonly width: 1 | 4 | 8;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** By parameter: the row of one that is modulated at audio rate. */
  readonly rows: readonly (number | undefined)[];
}
