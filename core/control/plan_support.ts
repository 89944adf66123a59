/**
 * What an engine asks of the part that renders with several threads, if it has one.
 *
 * @module
 */
import type { Program } from "../kernel/ir.ts";
import type { BufferPool } from "../rt/buffer_pool.ts";
import type { PartSize } from "./plan/part.ts";
import type { PlanWriter } from "./plan/plan_writer.ts";
import type { KernelMail, SharedEngine } from "../rt/shared.ts";

/** A plan in shared memory. */
export interface PlacedPlan {
  readonly address: number;
  readonly epoch: number;
}

/** Prepares plans for helpers and looks after these. @thread control */
export interface PlanSupport {
  /** How large the parts of plans are to be; if not as usual. */
  readonly partSize?: PartSize;
  /** Block buffers for plans. */
  pool(base: number, count: number): BufferPool;
  /** Adds to a plan that has been placed, before it is sent. */
  finish(plan: PlacedPlan, writer: PlanWriter): void;
  /** Somebody begins to render. */
  start(kernels: readonly KernelMail[]): void;
  /** Nobody renders any more. */
  stop(): void;
  /** Takes a new kernel to the helpers. */
  install(kernel: KernelMail): void;
  /** Housekeeping. @returns Whether the plan that sounds would be made otherwise by now. */
  pump(sounding: PlacedPlan | undefined): boolean;
}

/** Makes it for an engine. `programs` are those of kernels by table index. */
export type MakeSupport = (
  shared: SharedEngine,
  programs: (kernel: number) => Program | undefined,
) => PlanSupport;
