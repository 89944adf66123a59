/** Where delay lines are read and written: byte offsets that go round with the frames. @module */
import { HEADER } from "../../layout.ts";
import { type FunctionBuilder, i32, i64, type Local, select, tee } from "../../wasm/mod.ts";

/**
 * Offsets into delay lines. The element of frame n is at n mod length on every lane, so lines of one
 * length share an offset, and so does every read at a fixed delay of a whole length.
 *
 * Frames are rendered in runs in which no offset goes round; within a run they only count up.
 */
export class Cursors {
  readonly #known = new Map<string, { readonly length: number; readonly at: Local }>();

  constructor(readonly f: FunctionBuilder) {}

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /** The offset of the element `delay` frames (0..length) before the current one, for lines of `length`. */
  at(length: number, delay = 0): Local {
    const key = `${length},${delay % length}`;
    const known = this.#known.get(key);
    if (known) return known.at;
    const start = delay % length ? this.#before(length, delay) : this.#now(length);
    const at = this.f.local("i32", start);
    this.#known.set(key, { length, at });
    return at;
  }

  /** Limits `run` to the frames until an offset goes round. */
  limit(run: Local): void {
    const left = this.f.local("i32");
    for (const { length, at } of this.#known.values()) {
      const frames = i32.shr_u(i32.sub(4 * length, at), 2);
      this.f.set(run, select(tee(left, frames), run, i32.lt_u(left, run)));
    }
  }

  /** Goes on by `frames`, within a run. */
  advance(frames: number): void {
    for (const { at } of this.#known.values()) this.f.set(at, i32.add(at, 4 * frames));
  }

  /** Starts over where the end of a run is the end of a line. */
  wrap(): void {
    for (const { length, at } of this.#known.values()) {
      this.f.set(at, select(i32.const(0), at, i32.eq(at, 4 * length)));
    }
  }

  #now(length: number) {
    const frame = i64.load(i32.const(HEADER.NOW));
    return i32.shl(i32.wrap_i64(i64.rem_u(frame, i64.const(length))), 2);
  }

  #before(length: number, delay: number) {
    const now = this.at(length);
    const wrapped = i32.add(now, 4 * (length - delay));
    return select(i32.sub(now, 4 * delay), wrapped, i32.ge_u(now, 4 * delay));
  }
}
