// Renders an engine in a worker until it is told to stop, for live_test.ts.
import { Scheduler } from "../../../core/rt/scheduler.ts";
import type { KernelMail, SharedEngine } from "../../../core/rt/shared.ts";

/** What the worker is given. */
export interface RenderJob {
  readonly shared: SharedEngine;
  readonly kernels: readonly KernelMail[];
  /** One word; the worker renders while it is 0. */
  readonly stop: SharedArrayBuffer;
  /** Milliseconds between blocks. */
  readonly pause: number;
}

globalThis.addEventListener("message", (event) => {
  const { shared, kernels, stop, pause } = (event as MessageEvent<RenderJob>).data;
  const scheduler = new Scheduler(shared);
  for (const kernel of kernels) scheduler.install(kernel);
  const flag = new Int32Array(stop);
  do scheduler.process(64); while (Atomics.wait(flag, 0, 0, pause) === "timed-out");
  // The types are those of a window.
  (globalThis as unknown as { postMessage(message: null): void }).postMessage(null);
});
