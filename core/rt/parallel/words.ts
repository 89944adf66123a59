// This module is real-time safe.
/**
 * Task words: one 32-bit word a task says in which segment it was last touched, and by whom.
 *
 * ```text
 *   bits 6..31  tag of the segment: its epoch / 2
 *   bits 0..5   0 done, 1 + t claimed by thread t, 33 + t being run by thread t
 * ```
 * A word whose tag is not that of the open segment is free. Thread 0 is the audio thread.
 *
 * @module
 */
/** Bits of a word that are not the tag. */
const STATE_BITS = 6;
const STATE_MASK = 63;
const RUNNING = 32;

/** The word of a task that is done in the segment of this epoch. */
export function doneWord(epoch: number): number {
  return (epoch >>> 1) << STATE_BITS;
}
/** Whether a task may be claimed in the segment whose `doneWord` is given. */
export function isFree(word: number, done: number): boolean {
  return (word & ~STATE_MASK) !== done;
}
/** The word of a task claimed by a thread, which may still be taken away. */
export function claimedWord(done: number, thread: number): number {
  return done | (1 + thread);
}
/** The word of a task that a thread runs. */
export function runningWord(done: number, thread: number): number {
  return done | (RUNNING + 1 + thread);
}
/** Whether somebody runs the task, given that it is not free. */
export function isRunning(word: number): boolean {
  return (word & STATE_MASK) > RUNNING;
}
/** The thread that has claimed or runs it. */
export function threadOf(word: number): number {
  return ((word - 1) & (RUNNING - 1));
}
