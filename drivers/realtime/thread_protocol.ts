/**
 * What the two threads of a stream tell each other: at the start, and when something rare happens.
 *
 * @module
 */

// This module is browser compatible.
import type { SharedEngine } from "../../core/rt/shared.ts";
import type { RehearsalEngine } from "./rehearsal.ts";

/** What every audio thread is given. `options` are those of its kind of device. */
export interface ThreadStart<O> {
  readonly shared: SharedEngine;
  /** Two engines to warm up with. */
  readonly rehearsal: readonly [RehearsalEngine, RehearsalEngine];
  /** Memory of a `StreamState`. */
  readonly state: SharedArrayBuffer;
  /** A `KernelSender`'s receiver. */
  readonly kernels: MessagePort;
  /** Frames of one block. */
  readonly frames: number;
  /** Whether to ask the system for a raised priority. */
  readonly priority: boolean;
  readonly options: O;
}

/** The device that plays. */
export interface PlayingDevice {
  /** Name as the host API gives it. */
  readonly name: string;
  /** Host API, or "null". */
  readonly hostApi: string;
  /** Seconds from a write to the ear, as the device tells; 0 if it does not. */
  readonly outputLatency: number;
  /** Seconds from the microphone to a read, likewise. */
  readonly inputLatency: number;
}

/** What the audio thread posts. */
export type ThreadMessage =
  | { readonly type: "started"; readonly device: PlayingDevice; readonly refusal?: string }
  /** The thread ends: it could not start, or it broke down while it played. */
  | { readonly type: "failed"; readonly error: Error; readonly started: boolean }
  | { readonly type: "lost"; readonly reason: string; readonly at: number }
  /** The device cannot be opened again for this reason; it will be tried again. */
  | { readonly type: "waiting"; readonly reason: string }
  | { readonly type: "resumed"; readonly device: PlayingDevice }
  | { readonly type: "ended" };
