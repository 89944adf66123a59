/**
 * Real time without a sound card: an audio thread that renders at the pace of the clock.
 *
 * @module
 */
import type { Playable } from "./driver.ts";
import { type AudioStream, startStream, type StreamOptions } from "./realtime/audio_stream.ts";

export type { Playable, RenderPort } from "./driver.ts";
export { AudioStream, type StreamEvent, type StreamOptions } from "./realtime/audio_stream.ts";
export type { ChannelLevel, RenderStats, StreamStats } from "./realtime/stream_stats.ts";
export type { PlayingDevice } from "./realtime/thread_protocol.ts";
export type { ChromeTrace, TraceEvent } from "./realtime/trace.ts";

/**
 * Runs an engine in real time, heard by nobody.
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
export function openNullAudio(engine: Playable, options: StreamOptions = {}): Promise<AudioStream> {
  const worker = () =>
    new Worker(new URL("./realtime/null_worker.ts", import.meta.url), { type: "module" });
  return startStream(engine, worker, undefined, { ...options, priority: false });
}
