/** {@linkcode record}: a tap into a WAV file, on a thread of its own. @module */
import type { Engine } from "../../core/control/engine.ts";
import type { AnyNode } from "../../core/control/node.ts";
import { type TapPlace, tapPlace } from "../../core/taps/tap_place.ts";
import { TapReader } from "../../core/taps/tap_reader.ts";
import { follow } from "../followers.ts";
import type { WavFormat } from "../wav.ts";
import {
  COUNT,
  type RecordingMessage,
  type StartRecording,
  STATE_BYTES,
  WORD,
} from "./wav_recording.ts";

/** Options of {@linkcode record}. */
export interface RecordOptions {
  /** Default "float32". */
  readonly format?: WavFormat;
  /** Triangular noise before rounding to integers, from this seed. Default off. */
  readonly dither?: boolean | number;
  /** First frame; one that is past must still be in the tap. Default: the next one. */
  readonly from?: number;
}

/** What a recording holds. */
export interface Recording {
  /** Frame time of the first frame. */
  readonly from: number;
  /** Frames in the file, lost ones included. */
  readonly frames: number;
  /** Frames that were overwritten before they could be read; they are silence in the file. */
  readonly lost: number;
  /** Samples cut at full scale; always 0 for "float32". */
  readonly clipped: number;
  /** Whether it ended because the tap was removed. */
  readonly isRemoved: boolean;
}

/** Milliseconds after which a render asks again whether the worker lives. */
const PATIENCE_MS = 100;

/** A recording under way. Made by {@linkcode record}. */
export class Recorder implements AsyncDisposable {
  /** Settled when the recording has ended: by {@linkcode stop}, or because the tap was removed. Rejected if the file cannot be written. */
  readonly ended: Promise<Recording>;
  readonly #from: number;
  readonly #words: Int32Array;
  readonly #counts: BigInt64Array;
  readonly #reader: TapReader;
  readonly #most: number;

  /** @internal Use {@linkcode record}. */
  constructor(place: TapPlace, from: number, state: SharedArrayBuffer, worker: Worker) {
    this.#from = from;
    this.#words = new Int32Array(state);
    this.#counts = new BigInt64Array(state);
    this.#reader = new TapReader(place);
    this.#most = Math.max(0, place.frames - 3 * place.blockFrames);
    this.ended = new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<RecordingMessage>) => {
        if (data.type === "failed") reject(data.error);
        if (data.type !== "ended") return;
        const { clipped, isRemoved } = data;
        resolve({ from, frames: this.frames, lost: this.lost, clipped, isRemoved });
      });
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        reject(new Error(`Cannot record: ${event.message}`));
      });
    });
  }

  /** Frames so far, lost ones included. */
  get frames(): number {
    return Number(Atomics.load(this.#counts, COUNT.POSITION)) - this.#from;
  }

  /** Frames lost so far. */
  get lost(): number {
    return Number(Atomics.load(this.#counts, COUNT.LOST));
  }

  /** Ends the recording with what is rendered by now, and completes the file. May be called again. */
  stop(): Promise<Recording> {
    Atomics.store(this.#words, WORD.STOP, 1);
    this.#wake();
    return this.ended;
  }

  /** {@linkcode stop}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** @internal Waits until the worker is not so far behind that a block could overwrite something. */
  catchUp(): void {
    for (;;) {
      const progress = Atomics.load(this.#words, WORD.PROGRESS);
      if (Atomics.load(this.#words, WORD.ENDED) === 1) return;
      if (this.#reader.now - this.#from - this.frames <= this.#most) return;
      this.#wake();
      Atomics.wait(this.#words, WORD.PROGRESS, progress, PATIENCE_MS);
    }
  }

  #wake(): void {
    Atomics.add(this.#words, WORD.WAKE, 1);
    Atomics.notify(this.#words, WORD.WAKE);
  }
}

/**
 * Records a tap into a WAV file, from the next frame on. A worker reads the tap in shared memory and
 * writes the file; neither the audio thread nor this one takes part. Files beyond 4 GiB become RF64.
 *
 * A tap holds half a second at least: what the worker could not read by then, because the disk or the
 * machine was busy, is silence in the file, and counted. `render` and `renderToWav` wait for it, so
 * offline every frame is recorded. Stop before the tap is removed: what was not read by then (20 ms
 * as a rule) has gone with its memory, and the recording ends.
 *
 * For Deno. In browsers {@linkcode recordToMemory} does the same without a file.
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { saw, tap } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 * import { record } from "@aether/dsp/record";
 * import { assertEquals } from "@std/assert";
 *
 * const engine = new Engine();
 * const probe = engine.add(tap);
 * engine.add(saw).connect(probe);
 * const recorder = await record(engine, probe, await Deno.makeTempFile(), { format: "pcm24" });
 * for await (const _ of render(engine, { seconds: 2 }));
 * const { frames, lost } = await recorder.stop();
 * assertEquals([frames, lost], [96_000, 0]);
 * ```
 *
 * @throws {TypeError} If the node is no tap.
 * @throws {Error} What the system says if the file cannot be created.
 * @thread control
 */
export async function record(
  engine: Pick<Engine, "shared">,
  node: AnyNode,
  path: string | URL,
  options: RecordOptions = {},
): Promise<Recorder> {
  const place = tapPlace(engine, node);
  const { from = new TapReader(place).now, format = "float32", dither = false } = options;
  if (!Number.isInteger(from) || from < 0) {
    throw new RangeError(
      `Cannot record: from must be a frame of 0 or more, current value is ${from}`,
    );
  }
  if (!["pcm16", "pcm24", "float32"].includes(format)) {
    throw new RangeError(
      `Cannot record: format must be "pcm16", "pcm24" or "float32", current value is "${format}"`,
    );
  }
  const state = new SharedArrayBuffer(STATE_BYTES);
  new BigInt64Array(state)[COUNT.POSITION] = BigInt(from);
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const recorder = new Recorder(place, from, state, worker);
  const started = new Promise<void>((resolve) => {
    worker.addEventListener("message", ({ data }: MessageEvent<RecordingMessage>) => {
      if (data.type === "started") resolve();
    });
  });
  const message: StartRecording = {
    place,
    from,
    state,
    path: path instanceof URL ? decodeURIComponent(path.pathname) : path,
    format,
    dither,
  };
  worker.postMessage(message);
  await Promise.race([started, recorder.ended]);
  const leave = follow(engine, recorder);
  recorder.ended.then(leave, leave);
  return recorder;
}
