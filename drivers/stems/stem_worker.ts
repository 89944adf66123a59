/** A thread that renders a stem ahead, as far as its ring has room. @module */

// This module is browser compatible.
import { QUANTUM } from "../../core/layout.ts";
import { Scheduler } from "../../core/rt/scheduler.ts";
import type { KernelMail, SharedEngine } from "../../core/rt/shared.ts";
import { StemRing } from "./stem_ring.ts";

/** What the thread begins with. */
export interface StemStart {
  readonly shared: SharedEngine;
  readonly kernels: readonly KernelMail[];
  readonly ring: SharedArrayBuffer;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<StemStart>) => void;
  postMessage: (message: "ready") => void;
  close: () => void;
};

scope.onmessage = ({ data: { shared, kernels, ring: buffer } }) => {
  const ring = new StemRing(buffer, shared.capacity.outputs);
  try {
    const scheduler = new Scheduler(shared);
    for (const mail of kernels) scheduler.install(mail);
    scope.postMessage("ready");
    while (ring.waitForRoom()) {
      scheduler.process(QUANTUM);
      ring.write(scheduler.output);
    }
    scope.close();
  } catch (error) {
    ring.breakDown();
    throw error;
  }
};
