/** A helper for tests: posts a message when it ends. @module */
import type { HelperStart } from "../../core/control/parallel_plans.ts";
import { HelperThread, LEFT } from "../../core/rt/parallel/mod.ts";
import { layout, PARALLEL } from "../../core/layout.ts";
import { atomics, type Sync } from "../../core/rt/parallel/sync.ts";
import type { KernelMail } from "../../core/rt/shared.ts";

interface Start {
  readonly start: HelperStart;
  readonly stall: SharedArrayBuffer;
  readonly stallAt: number;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent) => void;
  postMessage: (message: string) => void;
  close: () => void;
};
let thread: HelperThread;

scope.onmessage = ({ data }: MessageEvent<Start>) => {
  const { start: { shared, index, run, kernels }, stallAt } = data;
  thread = new HelperThread(shared, index, run, stallAt ? stalling(data) : atomics);
  for (const kernel of kernels) thread.install(kernel);
  scope.onmessage = ({ data }: MessageEvent<KernelMail>) => {
    thread.install(data);
    work();
  };
  work();
};

function work(): void {
  if (thread.helper.work() === LEFT.Mail) return;
  scope.postMessage("ended");
  scope.close();
}

/** Stands still at one of its steps, counted from the first open segment on, until it is released. */
function stalling({ start: { shared }, stall, stallAt }: Start): Sync {
  const state = new Int32Array(stall);
  const epoch = (layout(shared.capacity).parallel + PARALLEL.EPOCH) >> 2;
  let steps = 0;
  const step = () => {
    if (steps === 0 || steps++ !== stallAt) return;
    Atomics.store(state, 1, 1);
    while (Atomics.load(state, 0) === 0) Atomics.wait(state, 0, 0);
  };
  return {
    ...atomics,
    load(words, index) {
      step();
      const value = atomics.load(words, index);
      if (index === epoch && (value & 1) === 1 && steps === 0) steps = 1;
      return value;
    },
    store(words, index, value) {
      step();
      return atomics.store(words, index, value);
    },
    add(words, index, value) {
      step();
      return atomics.add(words, index, value);
    },
    compareExchange(words, index, expected, value) {
      step();
      return atomics.compareExchange(words, index, expected, value);
    },
  };
}
