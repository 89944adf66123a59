// This module is real-time safe.
/** What the render loop plays through. @module */

/** What became of a block. */
export const PLAYED = 0;
/** Played, but the device had run out of sound before. */
export const STARVED = 1;
/** The device is gone. */
export const LOST = 2;
/** Not played: the stream is to end. */
export const STOPPED = 3;

/** A device that takes blocks of a fixed number of frames and makes the loop wait for it. */
export interface BlockDevice {
  /** Fills the engine's input; waits for it. @returns `PLAYED`, `STARVED` (input was lost), `LOST`, `STOPPED` @thread audio */
  read(): number;
  /** Plays the engine's output; waits until there is room. @returns `PLAYED`, `STARVED`, `LOST`, `STOPPED` @thread audio */
  write(): number;
  /**
   * Before the device is opened: makes the next `read` and `write` run one of their branches without
   * a sound, another one for each of four rounds, so that all are compiled when it counts. @thread set-up
   */
  rehearse(round: number): void;
  /**
   * Plays what is queued (not if it was lost) and lets go.
   *
   * @returns Whether that worked; if not, the library it is of must be left alone. @thread set-up
   */
  close(lost: boolean): boolean;
}
