/**
 * Reads the signal of a tap while the audio thread writes it: no lock, no command, no copy on the
 * audio side.
 *
 * Why that is safe. The audio thread adds 1 to RENDERING before a block and after it (`Atomics.add`),
 * and sets NOW in between. A reader that finds RENDERING even has seen the add that ended a block, and
 * with it all that the block wrote; one that finds it odd goes back by the longest block. That bounds
 * what may be read from above. From below: when the values have been copied, the reader itself adds 0
 * to RENDERING. A block that begins later takes its count from that add, so what it writes was
 * written after the reading; blocks that have begun by then are counted, and as many frames of the
 * ring may have been written over. (H.-J. Boehm, "Can seqlocks get along with programming language
 * memory models?", MSPC 2012: the read-don't-modify-write.) What was written over is not given
 * out: it counts as lost.
 *
 * @module
 */
import { HEADER } from "../layout.ts";
import type { TapPlace } from "./tap_place.ts";

const RENDERING = HEADER.RENDERING / 4;
const LOW = HEADER.NOW / 4;
const HIGH = LOW + 1;

/** What has been rendered at one moment. */
interface Moment {
  /** Frames before this one are complete. */
  readonly frames: number;
  /** RENDERING then. */
  readonly count: number;
}

/** Follows the signal of one tap. Any thread that has the memory may; each reader has its own place. */
export class TapReader {
  /** Where it reads. */
  readonly place: TapPlace;
  /** Channels of the tap. */
  readonly channels: number;
  /** Frame time of the next frame that {@linkcode read} gives. */
  position: number;
  /** Frames that were written over before they were read. */
  lost = 0;
  readonly #words: Int32Array;
  readonly #rings: readonly Float32Array[];
  #complete = 0;

  /** Begins with what is rendered from now on, or at frame `from`. */
  constructor(place: TapPlace, from?: number) {
    const { memory: { buffer }, rings, frames } = place;
    this.place = place;
    this.channels = rings.length;
    this.#words = new Int32Array(buffer);
    this.#rings = rings.map((address) => new Float32Array(buffer, address, frames));
    this.position = from ?? this.#moment().frames;
  }

  /** Whether the node is still in the engine; what is read of one that has gone means nothing. */
  get isAlive(): boolean {
    return Atomics.load(this.#words, this.place.alive / 4) === this.place.generation;
  }

  /** Frames that {@linkcode read} could give now. */
  get available(): number {
    return Math.max(0, this.#moment().frames - this.position);
  }

  /** Frame time up to which all is rendered. */
  get now(): number {
    return this.#moment().frames;
  }

  /**
   * The next frames, as many as there are and fit. What was written over before it could be read is
   * left out: `position` goes past it and `lost` counts it, so a gap shows as `position` having moved
   * by more than was read.
   *
   * @param target An array a channel, all of one length.
   * @returns How many frames were read, from the beginning of each array.
   */
  read(target: readonly Float32Array[]): number {
    const moment = this.#moment();
    this.#skipTo(this.#oldest(moment, moment.count));
    const wanted = Math.min(moment.frames - this.position, target[0].length);
    if (wanted <= 0) return 0;
    this.#copy(target, wanted);
    const first = this.position;
    this.position = first + wanted;
    const gone = this.#oldest(moment, Atomics.add(this.#words, RENDERING, 0)) - first;
    if (gone <= 0) return wanted;
    const left = Math.max(0, wanted - gone);
    this.lost += wanted - left;
    for (const values of target) values.copyWithin(0, wanted - left, wanted);
    return left;
  }

  /**
   * The last frames before now, without moving `position` or counting losses.
   *
   * @param target An array a channel, all of one length, at most half the ring's.
   * @returns Frame time of the first one; negative frames, before the engine's first, are 0.
   */
  latest(target: readonly Float32Array[]): number {
    const { position, lost } = this;
    const count = target[0].length;
    if (count > this.place.frames / 2) {
      throw new RangeError(
        `Cannot read ${count} frames: must be at most ${
          this.place.frames / 2
        }, half of what the tap holds`,
      );
    }
    try {
      for (;;) {
        const first = this.#moment().frames - count;
        this.position = Math.max(0, first);
        this.lost = 0;
        for (const values of target) values.fill(0);
        const missing = this.position - first;
        const parts = target.map((values) => values.subarray(missing));
        if (parts[0].length === 0) return first;
        const read = this.read(parts);
        if (this.lost === 0 && read === count - missing) return first;
      }
    } finally {
      this.position = position;
      this.lost = lost;
    }
  }

  #skipTo(frame: number): void {
    if (frame <= this.position) return;
    this.lost += frame - this.position;
    this.position = frame;
  }

  #copy(target: readonly Float32Array[], count: number): void {
    const { frames } = this.place;
    const at = this.position % frames;
    const head = Math.min(count, frames - at);
    for (const [c, ring] of this.#rings.entries()) {
      target[c].set(ring.subarray(at, at + head));
      target[c].set(ring.subarray(0, count - head), head);
    }
  }

  /** The oldest frame that blocks begun until the count was `count` cannot have written over. */
  #oldest({ frames, count: before }: Moment, count: number): number {
    const { blockFrames, frames: length } = this.place;
    const isWithin = (before & 1) === 1;
    const begun = ((count - before) | 0) + (isWithin ? 0 : 1) >> 1;
    // Within a block its beginning lies one block further on at most, and its end another.
    return frames + (begun + (isWithin ? 2 : 0)) * blockFrames - length;
  }

  #moment(): Moment {
    const words = this.#words;
    for (;;) {
      const count = Atomics.load(words, RENDERING);
      const high = Atomics.load(words, HIGH);
      const low = Atomics.load(words, LOW);
      if (Atomics.load(words, RENDERING) !== count || Atomics.load(words, HIGH) !== high) continue;
      const now = (low >>> 0) + (high >>> 0) * 2 ** 32;
      const frames = (count & 1) === 1 ? now - this.place.blockFrames : now;
      this.#complete = Math.max(this.#complete, frames);
      return { frames: this.#complete, count };
    }
  }
}
