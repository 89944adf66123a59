/**
 * What control knows of a parameter's course: enough to tell its value at any time.
 *
 * @module
 */

/** A parameter's changes as they were sent; the last one that has begun decides the value. */
export class ParamTrack {
  #changes: { start: number; from: number; target: number; frames: number }[] = [];
  #initial: number;

  constructor(value: number) {
    this.#initial = value;
  }

  /** A change that begins at frame `start`. */
  change(start: number, target: number, frames: number, now: number): void {
    const from = this.at(start);
    while (this.#changes.length && this.#changes.at(-1)!.start >= start) this.#changes.pop();
    this.#changes.push({ start, from, target, frames });
    while (this.#changes.length > 1 && this.#changes[1].start <= now) {
      this.#initial = this.#changes.shift()!.target;
    }
  }

  /** The value at a frame. */
  at(frame: number): number {
    const change = this.#changes.findLast((c) => c.start <= frame);
    if (!change) return this.#initial;
    const { start, from, target, frames } = change;
    const done = frame - start;
    return done >= frames ? target : from + (target - from) * (done / frames);
  }

  /** The change that is under way or to come at a frame, for a snapshot: target and frames left. */
  pending(frame: number): { at: number; target: number; frames: number }[] {
    return this.#changes
      .filter((c) => c.start + c.frames > frame)
      .map(({ start, target, frames }) => ({ at: start, target, frames }));
  }
}
