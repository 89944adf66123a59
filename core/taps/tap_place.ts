/** Where the signal of a tap lies in shared memory. @module */
import type { Engine } from "../control/engine.ts";
import type { AnyNode } from "../control/node.ts";
import { layout, NODE, NODE_BYTES } from "../layout.ts";

/** Everything a reader needs, on whatever thread: plain data, can be posted. */
export interface TapPlace {
  /** The engine's memory. */
  readonly memory: WebAssembly.Memory;
  /** Frames per second. */
  readonly sampleRate: number;
  /** Frames of the longest block. */
  readonly blockFrames: number;
  /** Byte addresses of the rings, one a channel; the value of frame n is at n mod `frames`. */
  readonly rings: readonly number[];
  /** Frames that a ring holds, a power of two. */
  readonly frames: number;
  /** Byte address of the node's generation, and what it is while the node lives. */
  readonly alive: number;
  /** See `alive`. */
  readonly generation: number;
}

/**
 * The place of a `tap` node, or of any node whose state has one delay line called `ring` whose length
 * is a power of two.
 *
 * @throws {TypeError} If the node has no ring.
 * @throws {RangeError} If the node is not in the engine.
 * @thread control
 */
export function tapPlace(engine: Pick<Engine, "shared">, node: AnyNode): TapPlace {
  const { memory, capacity, sampleRate } = engine.shared;
  const { place, type, channels, name } = node.record;
  const { blocks, stateBytes } = type.program;
  const ring = blocks.find((block) => block.name === "ring" && block.kind === "line");
  if (!ring || (ring.length & (ring.length - 1)) !== 0) {
    throw new TypeError(
      `Cannot read "${name}": it must be a tap (a node with a delay line "ring"), it is a "${type.name}"`,
    );
  }
  if (!place) throw new RangeError(`Cannot read "${name}": it is not in the engine`);
  return {
    memory,
    sampleRate,
    blockFrames: capacity.blockFrames,
    rings: Array.from({ length: channels }, (_, c) => place.state + c * stateBytes + ring.offset),
    frames: ring.length,
    alive: layout(capacity).nodes + place.slot * NODE_BYTES + NODE.GENERATION,
    generation: place.generation,
  };
}
