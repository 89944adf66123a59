/**
 * Renders the test patch and condenses what comes out.
 *
 * @module
 */
import { Engine } from "@aether/dsp";
import { render } from "@aether/dsp/offline";
import { buildPatch } from "./patch.ts";

/** A hash of every bit of a rendering, and its loudest sample. */
export async function renderPatch(
  blockFrames: number,
  frames: number,
): Promise<{ hash: string; loudest: number }> {
  const engine = new Engine({ blockFrames });
  const later = buildPatch(engine);
  const digest = new Fnv();
  let loudest = 0;
  let done = 0;
  for (const { at, act } of [...later, { at: frames, act: () => {} }]) {
    for await (const block of render(engine, { frames: at - done })) {
      digest.add(new Uint32Array(block.buffer, block.byteOffset, block.length));
      for (const x of block) loudest = Math.max(loudest, Math.abs(x));
    }
    done = at;
    engine.edit(act, { at });
  }
  return { hash: digest.text, loudest };
}

/** FNV-1a over 32-bit words, in two halves. */
class Fnv {
  #low = 0x811c9dc5;
  #high = 0x01000193;

  add(words: Uint32Array): void {
    for (const word of words) {
      this.#low = Math.imul(this.#low ^ word, 0x01000193);
      this.#high = Math.imul(this.#high ^ (word >>> 7), 0x85ebca6b);
    }
  }

  get text(): string {
    return `${this.#low >>> 0}.${this.#high >>> 0}`;
  }
}
