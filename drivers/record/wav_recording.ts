/** What the two sides of a recording share. @module */
import type { TapPlace } from "../../core/taps/tap_place.ts";
import type { WavFormat } from "../wav.ts";

/** Words (i32) of the shared state of a recording. */
export const WORD = {
  /** Control: 1 asks for the end. */
  STOP: 0,
  /** Control counts up to wake the worker. */
  WAKE: 1,
  /** The worker counts up whenever it has read something, and at the end. */
  PROGRESS: 2,
  /** The worker: 1 when nothing more is read. */
  ENDED: 3,
} as const;
/** Words (i64) behind them. */
export const COUNT = {
  /** The worker: frame time up to which all is read. */
  POSITION: 2,
  /** The worker: frames that were written over before they were read. */
  LOST: 3,
} as const;
/** Bytes of the shared state. */
export const STATE_BYTES = 32;

/** What the worker is told. */
export interface StartRecording {
  /** The tap. */
  readonly place: TapPlace;
  /** First frame. */
  readonly from: number;
  /** The shared state. */
  readonly state: SharedArrayBuffer;
  /** Absolute path. */
  readonly path: string;
  readonly format: WavFormat;
  readonly dither: boolean | number;
}

/** What the worker says: that it reads, or how it ended. */
export type RecordingMessage =
  | { readonly type: "started" }
  | { readonly type: "failed"; readonly error: Error }
  | { readonly type: "ended"; readonly clipped: number; readonly isRemoved: boolean };
