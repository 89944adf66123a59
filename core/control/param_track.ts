/**
 * What control knows of a parameter's course: enough to tell its value at any time.
 *
 * @module
 */

/** One change: from frame `start` on, in a straight line of `frames` frames. */
interface Change {
  readonly start: number;
  readonly from: number;
  readonly target: number;
  readonly frames: number;
}

/** A parameter's changes as they were sent; the last one that has begun decides the value. */
export class ParamTrack {
  #changes: Change[] = [];
  #initial: number;
  #untouched = true;

  constructor(value: number) {
    this.#initial = value;
  }

  /** Whether nobody has changed it since it was made. */
  get isUntouched(): boolean {
    return this.#untouched;
  }

  /** The value it goes to in the end. */
  get target(): number {
    return this.#changes.at(-1)?.target ?? this.#initial;
  }

  /** A change that begins at frame `start`; what was to come after it is forgotten with `now` passed. */
  change(start: number, target: number, frames: number, now: number): void {
    this.#untouched = false;
    let past = 0;
    while (past + 1 < this.#changes.length && this.#changes[past + 1].start < now) past++;
    if (past > 0) this.#initial = this.#changes.splice(0, past).at(-1)!.target;
    const from = this.at(start);
    let place = this.#changes.length;
    while (place > 0 && this.#changes[place - 1].start > start) place--;
    this.#changes.splice(place, 0, { start, from, target, frames });
  }

  /** Forgets the course and stays at a value. */
  reset(value: number): void {
    this.#untouched = false;
    this.#changes = [];
    this.#initial = value;
  }

  /** Forgets the changes that begin on a frame or later. */
  forget(frame: number): void {
    this.#changes = this.#changes.filter(({ start }) => start < frame);
  }

  /** The value at a frame. */
  at(frame: number): number {
    const change = this.#changes.findLast((c) => c.start <= frame);
    if (!change) return this.#initial;
    const { start, from, target, frames } = change;
    const done = frame - start;
    return done >= frames ? target : from + (target - from) * (done / frames);
  }

  /** The change that decides the value at a frame: where it leads, and in how many frames. */
  course(frame: number): { readonly target: number; readonly frames: number } {
    return this.#changes.findLast((c) => c.start <= frame) ?? { target: this.#initial, frames: 0 };
  }

  /** Changes that begin on a frame or later, in the order of their times. */
  coming(frame: number): { at: number; target: number; frames: number }[] {
    return this.#changes
      .filter((c) => c.start >= frame)
      .map(({ start, target, frames }) => ({ at: start, target, frames }));
  }
}
