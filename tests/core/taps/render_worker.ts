/** Renders an engine as fast as it can, for a number of frames. @module */
import { Scheduler } from "../../../core/rt/scheduler.ts";
import type { KernelMail, SharedEngine } from "../../../core/rt/shared.ts";

const worker = self as unknown as {
  onmessage: (event: MessageEvent) => void;
  postMessage(message: unknown): void;
};
worker.onmessage = ({ data }) => {
  const { shared, kernels, frames, blockFrames } = data as {
    shared: SharedEngine;
    kernels: KernelMail[];
    frames: number;
    blockFrames: number;
  };
  const scheduler = new Scheduler(shared);
  for (const kernel of kernels) scheduler.install(kernel);
  for (let done = 0; done < frames; done += blockFrames) scheduler.process(blockFrames);
  worker.postMessage("done");
};
