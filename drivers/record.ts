/**
 * Recording what a `tap` node hears: into a WAV file on another thread, or into memory.
 *
 * @module
 */
export { record, Recorder, type Recording, type RecordOptions } from "./record/recorder.ts";
export {
  type MemoryOptions,
  MemoryRecorder,
  type MemoryRecording,
  recordToMemory,
} from "./record/memory_recorder.ts";
export type { WavFormat } from "./wav.ts";
