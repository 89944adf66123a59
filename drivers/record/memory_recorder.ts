/** {@linkcode recordToMemory}: a tap into arrays, anywhere. @module */

// This module is browser compatible.
import type { Engine } from "../../core/control/engine.ts";
import type { AnyNode } from "../../core/control/node.ts";
import { tapPlace } from "../../core/taps/tap_place.ts";
import { TapReader } from "../../core/taps/tap_reader.ts";
import { follow } from "../followers.ts";

/** Frames of a piece. */
const CHUNK = 16_384;
/** Milliseconds between two looks at the tap. */
const NAP_MS = 50;

/** Options of {@linkcode recordToMemory}. */
export interface MemoryOptions {
  /** Seconds after which it ends by itself. Default 600: 220 MiB of stereo at 48 kHz. */
  readonly seconds?: number;
}

/** A recording in memory. */
export interface MemoryRecording {
  /** Frame time of the first frame. */
  readonly from: number;
  /** The samples of each channel. */
  readonly channels: readonly Float32Array[];
  /** Frames that were overwritten before they could be read; they are silence. */
  readonly lost: number;
}

/** A recording under way. Made by {@linkcode recordToMemory}. */
export class MemoryRecorder {
  readonly #reader: TapReader;
  readonly #from: number;
  readonly #most: number;
  readonly #pieces: (readonly Float32Array[])[] = [];
  readonly #leave: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #frames = 0;
  #result: MemoryRecording | undefined;

  /** @internal Use {@linkcode recordToMemory}. */
  constructor(engine: Pick<Engine, "shared">, node: AnyNode, seconds: number) {
    const place = tapPlace(engine, node);
    this.#reader = new TapReader(place);
    this.#from = this.#reader.position;
    this.#most = Math.round(seconds * place.sampleRate);
    this.#timer = setInterval(() => this.catchUp(), NAP_MS);
    this.#leave = follow(engine, this);
  }

  /** Frames so far, lost ones included. */
  get frames(): number {
    return this.#frames;
  }

  /** Frames lost so far. */
  get lost(): number {
    return this.#reader.lost;
  }

  /** Ends the recording with what is rendered by now. May be called again. */
  stop(): MemoryRecording {
    if (this.#result) return this.#result;
    this.catchUp();
    clearInterval(this.#timer);
    this.#leave();
    const channels = Array.from({ length: this.#reader.channels }, (_, c) => {
      const whole = new Float32Array(this.#frames);
      this.#pieces.forEach((piece, k) => {
        const at = k * CHUNK;
        whole.set(piece[c].subarray(0, this.#frames - at), at);
      });
      return whole;
    });
    this.#pieces.length = 0;
    return this.#result = { from: this.#from, channels, lost: this.lost };
  }

  /** @internal Reads what is new. */
  catchUp(): void {
    if (this.#result || !this.#reader.isAlive) return;
    while (this.#frames < this.#most) {
      const piece = this.#piece();
      const at = this.#frames % CHUNK;
      const room = Math.min(CHUNK - at, this.#most - this.#frames);
      const before = this.#reader.position;
      const read = this.#reader.read(piece.map((values) => values.subarray(at, at + room)));
      const gap = this.#reader.position - before - read;
      if (read + gap === 0) return;
      if (gap > 0) this.#moveOn(piece, at, read, gap);
      else this.#frames += read;
    }
  }

  /** Puts what was read after a gap into its place. */
  #moveOn(piece: readonly Float32Array[], at: number, read: number, gap: number): void {
    const fresh = piece.map((values) => values.slice(at, at + read));
    for (const values of piece) values.fill(0, at);
    this.#frames = Math.min(this.#frames + gap, this.#most);
    for (let done = 0; done < read && this.#frames < this.#most;) {
      const target = this.#piece();
      const to = this.#frames % CHUNK;
      const count = Math.min(read - done, CHUNK - to, this.#most - this.#frames);
      for (const [c, values] of target.entries()) {
        values.set(fresh[c].subarray(done, done + count), to);
      }
      this.#frames += count;
      done += count;
    }
  }

  /** The piece that the next frame belongs to. */
  #piece(): readonly Float32Array[] {
    const index = Math.floor(this.#frames / CHUNK);
    while (this.#pieces.length <= index) {
      this.#pieces.push(
        Array.from({ length: this.#reader.channels }, () => new Float32Array(CHUNK)),
      );
    }
    return this.#pieces[index];
  }
}

/**
 * Records a tap into memory, from the next frame on, in any runtime. It reads 20 times a second, and a
 * tap holds half a second at least; a thread that is busy for longer loses frames, which are silence
 * then, and counted. `render` and `renderToWav` wait for it, so offline every frame is recorded.
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { saw, tap } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 * import { recordToMemory } from "@aether/dsp/record";
 * import { assertEquals } from "@std/assert";
 *
 * const engine = new Engine();
 * const probe = engine.add(tap, {}, { channels: 2 });
 * engine.add(saw).connect(probe);
 * const recorder = recordToMemory(engine, probe);
 * for await (const _ of render(engine, { seconds: 2 }));
 * const { channels, lost } = recorder.stop();
 * assertEquals([channels.length, channels[0].length, lost], [2, 96_000, 0]);
 * ```
 *
 * @throws {TypeError} If the node is no tap.
 * @thread control
 */
export function recordToMemory(
  engine: Pick<Engine, "shared">,
  node: AnyNode,
  options: MemoryOptions = {},
): MemoryRecorder {
  const { seconds = 600 } = options;
  if (!(seconds > 0 && seconds < Infinity)) {
    throw new RangeError(
      `Cannot record: seconds must be positive and finite, current value is ${seconds}`,
    );
  }
  return new MemoryRecorder(engine, node, seconds);
}
