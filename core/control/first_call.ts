/**
 * The first call of a kernel, made on the control thread.
 *
 * Engines compile a WebAssembly function when it is first called, which takes milliseconds; what has
 * been compiled is shared by all threads of a process. So that call must not be the audio thread's.
 *
 * @module
 */

import { HEADER } from "../layout.ts";

/** Pages that small kernels need; larger ones run into the end of memory, compiled all the same. */
const PAGES = 4;
/** Where descriptors lie, and where all their addresses point. */
const DESCRIPTOR = 8192;
const ANYWHERE = 65536;
/** Words of the longest descriptor. */
const WORDS = 4096;

let memory: WebAssembly.Memory | undefined;

/** Calls the kernel once, on memory that nobody uses. @thread control */
export function callOnce(module: WebAssembly.Module): void {
  memory ??= new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  new Int32Array(memory.buffer, DESCRIPTOR, WORDS).fill(ANYWHERE);
  // Not a frame on which hops do anything.
  new Int32Array(memory.buffer)[HEADER.NOW >> 2] = 1;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  try {
    (exports.kernel as (descriptor: number, frames: number) => number)(DESCRIPTOR, 1);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  }
}
