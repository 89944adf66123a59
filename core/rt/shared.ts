// This module is real-time safe.
/** What the control thread and a rendering thread share. @module */
import type { Capacity } from "../layout.ts";

/** Everything a thread needs to render an engine; can be posted to a worker or a worklet. */
export interface SharedEngine {
  /** All that the audio side touches; see `core/layout.ts`. */
  readonly memory: WebAssembly.Memory;
  /** Sizes of its regions. */
  readonly capacity: Capacity;
  /** Frames per second. */
  readonly sampleRate: number;
  /** Ring of `COMMAND_WORDS`-word records, control to audio (`ringbuf.js` over Uint32Array). */
  readonly commands: SharedArrayBuffer;
  /** Ring of `REPLY_WORDS`-word records, audio to control. */
  readonly replies: SharedArrayBuffer;
  /** The plan walker and the built-in ops. */
  readonly driver: WebAssembly.Module;
}

/** A compiled kernel on its way to the thread that renders. */
export interface KernelMail {
  /** Kernel table index. */
  readonly index: number;
  /** Exports one function "kernel": (descriptor, frames) -> fault mask. Imports "env.memory". */
  readonly module: WebAssembly.Module;
}

/** Words of a command: op, a, b, c, frame low, frame high, value (f32 bits), extra. */
export const COMMAND_WORDS = 8;
/** Words of a reply: op, a, b, c. */
export const REPLY_WORDS = 4;
/** Commands taken at the start of one block at most; the rest wait for the next. */
export const MAX_COMMANDS = 32;

/**
 * Commands. One that means no plan, node or parameter that there is (or another op) is dropped. A frame of 0, or one that is past, means "at once". */
export const COMMAND = {
  /**
   * a = plan address, b = epoch; from `frame` on. Plans are taken in the order in which they were sent,
   * those left out that were withdrawn (HEADER.DECIDED) before their turn came.
   */
  USE_PLAN: 1,
  /** a = slot, b = generation, c = parameter index, value = target, extra = duration in frames; at `frame`. */
  PARAM: 2,
  /** a = slot, b = generation: the state of all lanes to what it was at first (NODE.IMAGE); at once. */
  RESET: 3,
  /** Drops the changes of parameters that wait for `frame` or a later one; at once. */
  FORGET: 4,
} as const;

/** Replies. */
export const REPLY = {
  /** a = epoch, b, c = frame low and high: that plan sounds, and every earlier one is free. */
  PLAN: 1,
  /** a = slot, b = generation, c = frame low: a state or output was not finite; the node was reset. */
  FAULT: 2,
  /** a = slot or epoch, b = frames too late, c = command: applied at once instead. */
  LATE: 3,
} as const;
