/**
 * Plays an engine on a sound card, through PortAudio and Deno's FFI.
 *
 * @module
 */
export { type AudioOptions, openAudio } from "./open_audio.ts";
export { type AudioDevice, type DeviceChoice, type LatencyRange, listDevices } from "./devices.ts";
export type { Playable, RenderPort } from "../driver.ts";
export type { HostApi } from "./symbols.ts";
export { AudioStream, type StreamEvent, type StreamOptions } from "../realtime/audio_stream.ts";
export type { ChannelLevel, RenderStats, StreamStats } from "../realtime/stream_stats.ts";
export type { PlayingDevice } from "../realtime/thread_protocol.ts";
export type { ChromeTrace, TraceEvent } from "../realtime/trace.ts";
