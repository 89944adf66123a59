/**
 * Renders the piece of the examples to a number that depends on every bit of it. Runs in Deno and,
 * bundled, in Node.
 *
 * @module
 */
import { render } from "../../drivers/offline.ts";
import { Tide } from "../../examples/pieces/tide/tide.ts";
import { Performance } from "../../examples/play/performance.ts";
import { Engine } from "../../mod.ts";

/** What a rendering came to. */
export interface Rendering {
  /** FNV-1a over the bits of all samples. */
  readonly hash: number;
  readonly peak: number;
  /** Samples that are not finite. */
  readonly broken: number;
}

/** Renders the first seconds in blocks of a size. */
export async function renderTide(blockFrames: number, seconds: number): Promise<Rendering> {
  const engine = new Engine({ blockFrames, capacity: { heapBytes: 2 ** 22, events: 4096 } });
  const performance = new Performance(engine, new Tide(engine));
  let hash = 0x811c9dc5;
  let peak = 0;
  let broken = 0;
  for await (const block of render(performance, { seconds })) {
    const bits = new Int32Array(block.buffer, block.byteOffset, block.length);
    for (let k = 0; k < block.length; k++) {
      hash = Math.imul(hash ^ bits[k], 0x01000193);
      peak = Math.max(peak, Math.abs(block[k]));
      if (!Number.isFinite(block[k])) broken++;
    }
  }
  return { hash: hash >>> 0, peak, broken };
}
