// This module is real-time safe.
/**
 * The time of an echo, in seconds or as a note value.
 *
 * @module
 */
import { BEATS } from "../utility/note_values.ts";

/** Longest time in seconds. */
const LONGEST = 2;
/** Share of a change of note that happens in a second: it takes 50 ms. */
const PACE = 20;

/** State that {@linkcode syncedFrames} keeps. @thread control */
export function tempoState(): number[] {
  // How far the time is a note's, -1 in a new node; its beats; from how many on the way there; what is left of it.
  return [-1, 1, 1, 0];
}

/** Beats of a note, halved as often as needed to fit into the longest time. */
function fittingBeats(note: number, bpm: number, table: readonly number[]): number {
  let beats = table[note | 0];
  for (let k = 0; k < 5; k++) beats = 60 * beats > 2 * bpm ? 0.5 * beats : beats;
  return beats;
}

/** What {@linkcode syncedFrames} needs of a context. */
interface TempoContext {
  readonly sampleRate: number;
  readonly BEATS: readonly number[];
  readonly LONGEST: number;
  readonly PACE: number;
  readonly fittingBeats: typeof fittingBeats;
}

/**
 * Frames of `time`, or of a note value at a tempo. A new note value, or none, is reached in 50 ms on a
 * straight way, on the frame exactly; tempo and time are followed as they move.
 */
function syncedFrames(
  time: number,
  note: number,
  bpm: number,
  tempo: number[],
  c: TempoContext,
): number {
  const pace = c.PACE / c.sampleRate;
  const isSynced = note > 0;
  const isFirst = tempo[0] < 0;
  const wasSynced = tempo[0] > 0;
  const moved = Math.min(Math.max(tempo[0] + (isSynced ? pace : -pace), 0), 1);
  tempo[0] = isFirst ? (isSynced ? 1 : 0) : moved;
  const beats = c.fittingBeats(note, bpm, c.BEATS);
  const isNew = isSynced && beats !== tempo[1];
  const present = tempo[1] + (tempo[2] - tempo[1]) * tempo[3];
  tempo[2] = isNew ? present : tempo[2];
  tempo[3] = isNew ? (wasSynced ? 1 : 0) : Math.max(tempo[3] - pace, 0);
  tempo[1] = isNew ? beats : tempo[1];
  const now = tempo[1] + (tempo[2] - tempo[1]) * tempo[3];
  const seconds = Math.min(now * (60 / bpm), c.LONGEST);
  const between = time + (seconds - time) * tempo[0];
  return (tempo[0] === 1 ? seconds : between) * c.sampleRate;
}

/** What a `tick` passes on in `uses`, and as the last argument of `syncedFrames`. */
export const tempoHelpers = { syncedFrames, fittingBeats, BEATS, LONGEST, PACE };

/** For a node's `tail`: seconds of a note value by its index. @thread control */
export function noteSeconds(note: number, bpm: number): number {
  return Math.min(60 * fittingBeats(note, bpm, BEATS) / bpm, LONGEST);
}
