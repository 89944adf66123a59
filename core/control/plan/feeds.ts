/**
 * Which signals feed which inputs, each at its place in the sum.
 *
 * @module
 */
import { MAX_LANES } from "../../layout.ts";

/** In place of a signal where an input has none. */
export const SILENCE = -1;

/** The signals of all inputs, one list behind the other. */
export interface Feeds {
  /** Input i has `feeds[feedStart[i]] ... feeds[feedStart[i + 1] - 1]`. */
  readonly feedStart: Int32Array;
  readonly feeds: Int32Array;
}

/** Collects signals in the order of their edges. */
export class FeedList {
  readonly #inputs: number[] = [];
  readonly #positions: number[] = [];
  readonly #signals: number[] = [];

  add(input: number, position: number, signal: number): void {
    this.#inputs.push(input);
    this.#positions.push(position);
    this.#signals.push(signal);
  }

  /** The lists of all inputs. Of two signals at one position the later one has it. */
  build(inputs: number): Feeds {
    const lengths = new Int32Array(inputs);
    const positions = this.#places(lengths);
    const feedStart = new Int32Array(inputs + 1);
    for (let k = 0; k < inputs; k++) feedStart[k + 1] = feedStart[k] + lengths[k];
    const feeds = new Int32Array(feedStart[inputs]).fill(SILENCE);
    for (const [k, input] of this.#inputs.entries()) {
      feeds[feedStart[input] + positions[k]] = this.#signals[k];
    }
    return { feedStart, feeds };
  }

  /**
   * A signal that fades out may still be where a new one has come: it moves on by whole rounds of
   * partial sums, so that the others do not notice when it goes.
   */
  #places(lengths: Int32Array): ArrayLike<number> {
    const inputs = this.#inputs;
    const positions = Int32Array.from(this.#positions);
    for (let k = 0; k < inputs.length; k++) {
      lengths[inputs[k]] = Math.max(lengths[inputs[k]], positions[k] + 1);
    }
    const start = new Int32Array(lengths.length);
    for (let k = 1; k < start.length; k++) start[k] = start[k - 1] + lengths[k - 1];
    const taken = new Uint8Array(start.length ? start.at(-1)! + lengths.at(-1)! : 0);
    /** Places beyond the first lengths. */
    const moved = new Map<number, Set<number>>();
    for (let k = inputs.length - 1; k >= 0; k--) {
      const input = inputs[k];
      const length = input + 1 < start.length
        ? start[input + 1] - start[input]
        : taken.length - start[input];
      const isTaken = () =>
        positions[k] < length
          ? taken[start[input] + positions[k]] === 1
          : moved.get(input)?.has(positions[k]) ?? false;
      while (isTaken()) positions[k] += MAX_LANES;
      if (positions[k] < length) taken[start[input] + positions[k]] = 1;
      else {
        moved.set(input, (moved.get(input) ?? new Set()).add(positions[k]));
        lengths[input] = Math.max(lengths[input], positions[k] + 1);
      }
    }
    return positions;
  }
}

/**
 * For each input the first of the neighbouring inputs that are fed by exactly the same signals: a
 * mono signal on both channels of a stereo mix is summed once. Sums that go on in other parts of
 * the plan are left alone.
 */
export function sharedSums(
  { feedStart, feeds }: Feeds,
  share: boolean,
  isPartial: (input: number) => boolean,
): Int32Array {
  const same = new Int32Array(feedStart.length - 1);
  for (let input = 0; input < same.length; input++) {
    same[input] = input;
    const count = feedStart[input + 1] - feedStart[input];
    if (!share || count < 2 || input === 0 || feedStart[input] - feedStart[input - 1] !== count) {
      continue;
    }
    let k = 0;
    let terms = 0;
    while (k < count && feeds[feedStart[input] + k] === feeds[feedStart[input - 1] + k]) {
      if (feeds[feedStart[input] + k++] !== SILENCE) terms++;
    }
    if (isPartial(input) || isPartial(input - 1)) continue;
    if (k === count && terms > 1) same[input] = same[input - 1];
  }
  return same;
}

/** The signal of an input that has exactly one, else silence. */
export function onlySignal({ feedStart, feeds }: Feeds, input: number): number {
  const last = feedStart[input + 1] - 1;
  for (let k = feedStart[input]; k < last; k++) if (feeds[k] !== SILENCE) return SILENCE;
  return last < feedStart[input] ? SILENCE : feeds[last];
}
