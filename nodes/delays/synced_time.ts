// This module is real-time safe.
/**
 * The time of an echo, in seconds or in beats.
 *
 * @module
 */
import type { NumberParamSpec } from "../../core/kernel/definition.ts";

/** How far the time is that of the beats. */
export const SYNC: NumberParamSpec = {
  min: 0,
  max: 1,
  default: 0,
  smooth: 0.05,
  about: "0 takes time in seconds, 1 beats at bpm.",
};

/** The time in beats. */
export const TIME_BEATS: NumberParamSpec = {
  unit: "beats",
  min: 0.03125,
  max: 16,
  default: 1,
  curve: "log",
  smooth: 0.05,
  about: "Time with sync, 2 s at most.",
};

/** Seconds from the four parameters. A helper in the kernel language: pass it in `uses`. */
export function syncedTime(time: number, sync: number, beats: number, bpm: number): number {
  const seconds = Math.min(beats * (60 / bpm), 2);
  return sync === 1 ? seconds : time + (seconds - time) * sync;
}
