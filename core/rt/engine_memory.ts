/**
 * Makes what the control thread and the rendering thread share.
 *
 * @module
 */
import {
  BUFFER_BYTES,
  type Capacity,
  layout,
  MAX_CHANNELS,
  PLAN_ROOMS,
  QUANTUM,
} from "../layout.ts";
import { MAX_NODES } from "./arena.ts";
import { compileDriver } from "./driver/compile_driver.ts";
import { recordStorage } from "./record_ring.ts";
import { COMMAND_WORDS, REPLY_WORDS, type SharedEngine } from "./shared.ts";

/** Sizes that suit a piece with some hundred nodes; all memory together is about 2.5 MB. */
export const DEFAULT_CAPACITY: Capacity = {
  nodes: 2048,
  heapBytes: 1_441_792,
  blockFrames: 1024,
  outputs: 2,
  inputs: 0,
  buffers: 1024,
  events: 1024,
  planBytes: 196_608,
};

/** What {@linkcode createSharedEngine} needs to know. */
export interface SharedEngineOptions {
  /** Frames per second, in [8000, 384000]. */
  readonly sampleRate: number;
  /** Sizes that differ from `DEFAULT_CAPACITY`. */
  readonly capacity?: Partial<Capacity>;
  /** Commands that can wait, in [32, 1048576]. Default 4096. */
  readonly commands?: number;
  /** Replies that can wait, in [32, 1048576]. Default 1024. */
  readonly replies?: number;
}

const WASM_PAGE = 65536;

let driver: WebAssembly.Module | undefined;

/**
 * Allocates everything an engine ever needs.
 *
 * @throws {RangeError} If a size is out of range, or the memory cannot be had.
 * @thread control
 */
export function createSharedEngine(options: SharedEngineOptions): SharedEngine {
  const { sampleRate, commands = 4096, replies = 1024 } = options;
  const capacity: Capacity = { ...DEFAULT_CAPACITY, ...options.capacity };
  check("sampleRate", sampleRate, 8_000, 384_000);
  check("commands", commands, 32, 1 << 20);
  check("replies", replies, 32, 1 << 20);
  checkCapacity(capacity);
  driver ??= new WebAssembly.Module(compileDriver({ shared: true }));
  return {
    memory: allocate(layout(capacity).bytes),
    capacity,
    sampleRate,
    commands: recordStorage(commands, COMMAND_WORDS),
    replies: recordStorage(replies, REPLY_WORDS),
    driver,
  };
}

/** Bytes that an engine shares between its threads, rings included. */
export function sharedBytes({ memory, commands, replies }: SharedEngine): number {
  return memory.buffer.byteLength + commands.byteLength + replies.byteLength;
}

function checkCapacity(capacity: Capacity): void {
  check("nodes", capacity.nodes, 1, MAX_NODES);
  check("heapBytes", capacity.heapBytes, 1024, 2 ** 31);
  check("blockFrames", capacity.blockFrames, 1, 8192);
  check("outputs", capacity.outputs, 1, MAX_CHANNELS);
  check("inputs", capacity.inputs, 0, MAX_CHANNELS);
  check("buffers", capacity.buffers, 16, 2 ** 30 / BUFFER_BYTES);
  check("events", capacity.events, 1, 65_536);
  check("planBytes", capacity.planBytes, 1024, 2 ** 26);
  if (capacity.planBytes % QUANTUM !== 0) {
    throw new RangeError(
      `Cannot create an engine: planBytes must be a multiple of ${QUANTUM}, current value is ${capacity.planBytes}`,
    );
  }
}

function check(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(
    `Cannot create an engine: ${name} must be an integer in [${min}, ${max}], current value is ${value}`,
  );
}

/** Shared memory of exactly so many bytes, which never grows. */
function allocate(bytes: number): WebAssembly.Memory {
  const pages = bytes / WASM_PAGE;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new RangeError(
      `Cannot create an engine: there is no room for ${bytes} bytes of shared memory (${PLAN_ROOMS} plans included)`,
      { cause },
    );
  }
}
