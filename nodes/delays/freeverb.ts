// This module is real-time safe.
/** The lines of Freeverb. @module */
import { delayLine } from "../../core/kernel/define_node.ts";
import type { DelayLineState } from "../../core/kernel/definition.ts";

/** Frames of the eight parallel combs at 44.1 kHz, as published. */
const COMBS = [1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617];
/** Frames of the four allpasses in series. */
const ALLPASSES = [556, 441, 341, 225];
/** Frames by which the right side's lines are longer. */
export const SPREAD = 23;

/** The combs' lines, longer by `spread` frames. @thread control */
export function combLines(spread: number): DelayLineState[] {
  return COMBS.map((frames) => line(frames + spread));
}
/** The allpasses' lines. @thread control */
export function allpassLines(spread: number): DelayLineState[] {
  return ALLPASSES.map((frames) => line(frames + spread));
}

/**
 * A line as published up to 48 kHz, where everyone knows that sound; above, in proportion to the
 * sample rate, so that the room does not shrink. @thread control
 */
function line(frames: number): DelayLineState {
  return delayLine((sampleRate) => Math.round(frames * Math.max(1, sampleRate / 48_000)));
}
