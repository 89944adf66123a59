/**
 * Rendering as fast as the machine can, in the calling thread: the same scheduler and the same bits
 * as on a sound card.
 *
 * @module
 */

// This module is browser compatible.
import type { RenderStats } from "../core/control/engine_stats.ts";
import { layout } from "../core/layout.ts";
import { Scheduler } from "../core/rt/scheduler.ts";
import { readClock } from "./clock.ts";
import type { Playable } from "./driver.ts";
import { waitForFollowers } from "./followers.ts";
import { BlockStats } from "./realtime/block_stats.ts";
import { StreamState } from "./realtime/stream_state.ts";
import { renderStats } from "./realtime/stream_stats.ts";
import { type WavFormat, type WavSink, WavWriter } from "./wav.ts";

export { streamSink, type WavFormat, type WavOptions, type WavSink, WavWriter } from "./wav.ts";
export type { Playable, RenderPort } from "./driver.ts";
export { readWav, type WavFile, type WavLoop } from "./wav_reader.ts";

/** How far a render has come. */
export interface RenderProgress {
  /** Frames rendered so far. */
  readonly frames: number;
  /** Frames to render; `Infinity` if neither seconds nor frames were given. */
  readonly total: number;
}

/** What to render. Without `seconds` and `frames` a render goes on until it is left or aborted. */
export interface RenderOptions {
  /** Length in seconds, rounded to whole frames. */
  readonly seconds?: number;
  /** Length in frames; wins over `seconds`. */
  readonly frames?: number;
  /** Frames of one block, at most the engine's `blockFrames`, which is the default. The sound does not depend on it. */
  readonly blockFrames?: number;
  /** Notes the time of each block for `Engine.stats`. Default false. */
  readonly stats?: boolean;
  /** Ends the render with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called when the render lets the event loop run (about 50 times a second) and at the end. */
  readonly onProgress?: (progress: RenderProgress) => void;
}

/** Milliseconds between two turns of the event loop. */
const YIELD_MS = 20;

/**
 * Renders block by block. Other tasks of the thread run in between, so a render can be edited,
 * watched and aborted.
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { oscillator } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 *
 * const engine = new Engine({ sampleRate: 48_000 });
 * engine.add(oscillator, { frequency: 440 }).connect(engine.output);
 * let peak = 0;
 * for await (const block of render(engine, { seconds: 0.1 })) {
 *   for (const sample of block) peak = Math.max(peak, Math.abs(sample));
 * }
 * ```
 *
 * @returns Interleaved blocks of `blockFrames * channels` samples, the last one shorter. It is the same
 * array each time and holds a block until the next one is asked for: copy what you keep.
 */
export async function* render(
  engine: Playable,
  options: RenderOptions = {},
): AsyncGenerator<Float32Array, void, void> {
  const { signal, onProgress } = options;
  const { shared } = engine;
  const { outputs: channels, blockFrames: most } = shared.capacity;
  const total = totalFrames(shared.sampleRate, options);
  const { blockFrames = most } = options;
  if (!Number.isInteger(blockFrames) || blockFrames < 1 || blockFrames > most) {
    throw new RangeError(
      `Cannot render: blockFrames must be an integer in [1, ${most}], current value is ${blockFrames}`,
    );
  }
  signal?.throwIfAborted();
  const scheduler = new Scheduler(shared, { clock: readClock });
  const timer = options.stats ? new BlockTimer(1000 * blockFrames / shared.sampleRate) : null;
  const detach = engine.attach({
    install: (mail) => scheduler.install(mail),
    ...timer && { figures: () => timer.figures() },
  });
  const turn = new EventLoopTurn();
  const output = new Float32Array(
    shared.memory.buffer,
    layout(shared.capacity).output,
    blockFrames * channels,
  );
  const block = new Float32Array(output.length);
  let next = performance.now() + YIELD_MS;
  try {
    for (let frames = 0; frames < total;) {
      const count = Math.min(blockFrames, total - frames);
      engine.pump();
      timer?.begin();
      scheduler.process(count);
      timer?.end();
      waitForFollowers(engine);
      block.set(output);
      frames += count;
      yield count === blockFrames ? block : block.subarray(0, count * channels);
      signal?.throwIfAborted();
      if (performance.now() < next && frames < total) continue;
      onProgress?.({ frames, total });
      await turn.next();
      signal?.throwIfAborted();
      next = performance.now() + YIELD_MS;
    }
    engine.pump();
  } finally {
    turn.close();
    detach();
  }
}

/** Options of {@linkcode renderToWav}. */
export interface RenderToWavOptions extends RenderOptions {
  /** Default "float32". */
  readonly format?: WavFormat;
  /** Triangular noise before rounding to integers, from this seed. Default off. */
  readonly dither?: boolean | number;
}

/** What {@linkcode renderToWav} wrote. */
export interface RenderedWav {
  /** Frames in the file. */
  readonly frames: number;
  /** Samples cut at full scale; always 0 for "float32". */
  readonly clipped: number;
}

/**
 * Renders into a WAV file of any length without holding it in memory. An aborted render leaves a
 * complete, shorter file where the sink can seek.
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { oscillator } from "@aether/dsp/nodes";
 * import { renderToWav } from "@aether/dsp/offline";
 *
 * const engine = new Engine({ sampleRate: 48_000 });
 * engine.add(oscillator, { frequency: 440 }).connect(engine.output);
 * const path = await Deno.makeTempFile({ suffix: ".wav" });
 * await renderToWav(engine, path, { seconds: 0.1, format: "pcm24", dither: true });
 * ```
 *
 * @param target A path (Deno, Node), `streamSink(stream)` anywhere, or a sink of your own.
 */
export async function renderToWav(
  engine: Playable,
  target: string | URL | WavSink,
  options: RenderToWavOptions,
): Promise<RenderedWav> {
  const { sampleRate, capacity } = engine.shared;
  const total = totalFrames(sampleRate, options);
  const sink = typeof target === "string" || target instanceof URL
    ? await (await import("./wav_file.ts")).fileSink(target)
    : target;
  const wav = new WavWriter(sink, {
    sampleRate,
    channels: capacity.outputs,
    format: options.format,
    dither: options.dither,
    frames: sink.patch || total === Infinity ? undefined : total,
  });
  let failure: unknown;
  try {
    for await (const block of render(engine, options)) await wav.write(block);
  } catch (error) {
    failure = error;
  }
  try {
    await wav.close();
  } catch (error) {
    failure ??= error; // a file cut short in a sink that cannot seek: the first error says why
  }
  if (failure !== undefined) throw failure;
  return { frames: wav.frames, clipped: wav.clipped };
}

function totalFrames(sampleRate: number, { seconds, frames }: RenderOptions): number {
  if (frames !== undefined) {
    if (frames >= 0 && (Number.isInteger(frames) || frames === Infinity)) return frames;
    throw new RangeError(
      `Cannot render: frames must be a non-negative integer, current value is ${frames}`,
    );
  }
  if (seconds === undefined) return Infinity;
  if (seconds >= 0) return Math.round(seconds * sampleRate);
  throw new RangeError(`Cannot render: seconds must not be negative, current value is ${seconds}`);
}

/** Takes the times of blocks. */
class BlockTimer {
  readonly #state = new StreamState();
  readonly #stats: BlockStats;

  constructor(deadlineMs: number) {
    this.#stats = new BlockStats(this.#state, deadlineMs);
  }

  begin(): void {
    this.#stats.begin();
  }

  end(): void {
    this.#stats.rendered();
    this.#stats.written(0);
  }

  figures(): RenderStats {
    return renderStats(this.#state);
  }
}

/** Lets the event loop run once; a message is 50 times as quick as a timer, which is rounded up. */
class EventLoopTurn {
  readonly #channel = new MessageChannel();
  #resolve: (() => void) | undefined;

  constructor() {
    this.#channel.port1.onmessage = () => this.#resolve?.();
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#channel.port2.postMessage(0);
    });
  }

  close(): void {
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}
