/**
 * The watching thread. It disturbs what it watches as little as it can: some microseconds twice a
 * millisecond, no garbage, no output.
 *
 * @module
 */
import { WATCH, WATCHING, type WatchStart } from "./core_watch.ts";
import { pinThread } from "./pin.ts";

const PRIORITY = 85;
const SCHED_FIFO = 1;
/** A constant is boxed once. */
const SLEEP_MS = 0.5;
/** Milliseconds between two wake-ups that count as a stall; without one it is 0.55 to 0.6. */
const STALL_MS = 0.7;

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<WatchStart>) => void;
  postMessage: (message: string) => void;
  close: () => void;
};

scope.onmessage = ({ data }) => {
  raise(data);
  watch(data);
  scope.postMessage("ended");
  scope.close();
};

function raise({ core, words }: WatchStart): void {
  let isRaised = false;
  try {
    const { symbols: libc } = Deno.dlopen("libc.so.6", {
      sched_setscheduler: { parameters: ["i32", "i32", "buffer"], result: "i32" },
    });
    const priority = new Uint8Array(Int32Array.of(PRIORITY).buffer);
    isRaised = pinThread(0, core) && libc.sched_setscheduler(0, SCHED_FIFO, priority) === 0;
  } catch {
    // Not Linux: then nothing is excused.
  }
  Atomics.store(words, WATCH.STATE, isRaised ? WATCHING.Raised : WATCHING.Refused);
}

function watch({ words, times }: WatchStart): void {
  const clock = new Float64Array(2);
  clock[0] = performance.now();
  while (Atomics.load(words, WATCH.STOP) === 0) {
    Atomics.wait(words, WATCH.STOP, 0, SLEEP_MS);
    clock[1] = performance.now();
    if (clock[1] - clock[0] > STALL_MS) {
      const at = 2 * words[WATCH.COUNT] % times.length;
      times[at] = performance.timeOrigin + clock[0];
      times[at + 1] = performance.timeOrigin + clock[1];
      Atomics.add(words, WATCH.COUNT, 1);
    }
    clock[0] = clock[1];
  }
}
