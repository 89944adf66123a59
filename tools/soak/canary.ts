/**
 * Watches one core at a higher priority than anything that is tested: when even this thread does
 * not wake, the machine itself stands still (a virtual one whose host is busy), and no program on
 * it could keep a deadline. Writes a line for each such stall.
 *
 *     deno run -A tools/soak/canary.ts CORE
 *
 * @module
 */

/** A time in which the machine stood still: milliseconds since the epoch. */
export interface Stall {
  readonly from: number;
  readonly to: number;
}

const PRIORITY = 85;
const SCHED_FIFO = 1;
/** A constant is boxed once. */
const SLEEP_MS = 0.6;
/** Milliseconds between two wake-ups that count as a stall. */
const STALL_MS = 1.2;

if (import.meta.main) {
  const { symbols: libc } = Deno.dlopen("libc.so.6", {
    sched_setscheduler: { parameters: ["i32", "i32", "buffer"], result: "i32" },
    sched_setaffinity: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  });
  libc.sched_setaffinity(
    0,
    8n,
    new Uint8Array(BigUint64Array.of(1n << BigInt(Deno.args[0])).buffer),
  );
  libc.sched_setscheduler(0, SCHED_FIFO, new Uint8Array(Int32Array.of(PRIORITY).buffer));
  const word = new Int32Array(new SharedArrayBuffer(4));
  for (let last = performance.now();;) {
    Atomics.wait(word, 0, 0, SLEEP_MS);
    const now = performance.now();
    if (now - last > STALL_MS) {
      const stall: Stall = {
        from: performance.timeOrigin + last,
        to: performance.timeOrigin + now,
      };
      console.log(JSON.stringify(stall));
    }
    last = performance.now();
  }
}
