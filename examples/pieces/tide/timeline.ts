/**
 * What is to be done, in order of the frame for which it is meant.
 *
 * @module
 */

/** Something meant for a frame. */
interface Action {
  readonly frame: number;
  readonly run: () => void;
}

/** Actions that wait. Those of one frame run in the order in which they came. */
export class Timeline {
  readonly #waiting: Action[] = [];

  /** Adds an action for a frame. */
  add(frame: number, run: () => void): void {
    const { length } = this.#waiting;
    let at = length;
    while (at > 0 && this.#waiting[at - 1].frame > frame) at--;
    this.#waiting.splice(at, 0, { frame, run });
  }

  /** Runs the actions that are meant for frames before `until`, with those that they add. */
  runBefore(until: number): void {
    while (this.#waiting.length && this.#waiting[0].frame < until) this.#waiting.shift()!.run();
  }
}
