/**
 * Real time without a sound card: an audio thread that renders at the pace of the clock.
 *
 * @module
 */
import type { Playable } from "./driver.ts";
import { type AudioStream, startStream, type StreamOptions } from "./realtime/audio_stream.ts";
import { startWorker } from "./realtime/thread_worker.ts";

export type { Playable, RenderPort } from "./driver.ts";
export { AudioStream, type StreamEvent, type StreamOptions } from "./realtime/audio_stream.ts";
export type { ChannelLevel, RenderStats, StreamStats } from "./realtime/stream_stats.ts";
export type { PlayingDevice } from "./realtime/thread_protocol.ts";
export type { ChromeTrace, TraceEvent } from "./realtime/trace.ts";

/** Options of {@linkcode openNullAudio}. */
export interface NullAudioOptions extends StreamOptions {
  /** Where the module of the audio thread is, `realtime/null_worker.ts`, if a bundler has moved it. */
  readonly worker?: string | URL;
}

/**
 * Runs an engine in real time, heard by nobody: in Deno, and in Node from 20 on.
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { oscillator } from "@aether/dsp/nodes";
 * import { openNullAudio } from "@aether/dsp/realtime-null";
 *
 * const engine = new Engine();
 * engine.add(oscillator, { frequency: 440 }).connect(engine.output);
 * const audio = await openNullAudio(engine);
 * console.log(audio.stats().blocks);
 * await audio.close();
 * ```
 */
export function openNullAudio(
  engine: Playable,
  options: NullAudioOptions = {},
): Promise<AudioStream> {
  const { worker = new URL("./realtime/null_worker.ts", import.meta.url), ...others } = options;
  return startStream(engine, () => startWorker(worker), undefined, { ...others, priority: false });
}
