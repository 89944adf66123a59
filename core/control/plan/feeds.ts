/**
 * Which signals feed which inputs, each at its place in the sum: sums of more than SUM_BLOCK places
 * are trees (see `BUILTIN` in the plan format), whose inner nodes become inputs of their own here.
 *
 * @module
 */
import { MAX_LANES } from "../../layout.ts";
import { SUM_BLOCK } from "../../rt/plan_format.ts";

/** In place of a signal where an input has none. */
export const SILENCE = -1;

/** The signals of all inputs, one list behind the other; the sums of blocks are the last inputs. */
export interface Feeds {
  /** Input i has `feeds[feedStart[i]] ... feeds[feedStart[i + 1] - 1]`, at most SUM_BLOCK. */
  readonly feedStart: Int32Array;
  readonly feeds: Int32Array;
  /** The first of the neighbouring inputs that are fed by exactly the same signals: they share a sum. */
  readonly sameAs: Int32Array;
}

/** Signals in a sum, by ascending places. */
interface Terms {
  readonly places: number[];
  readonly signals: number[];
}

/** Collects signals in the order of their edges. */
export class FeedList {
  readonly #inputs: number[] = [];
  readonly #places: number[] = [];
  readonly #signals: number[] = [];
  /** Sums of whole blocks that come from elsewhere, by input. */
  readonly #given = new Map<number, Terms>();
  /** Inputs that are fed like earlier ones. */
  readonly #twins = new Map<number, number>();
  /** Sums of blocks. */
  readonly #blocks: number[][] = [];
  #firstBlock = 0;

  add(input: number, place: number, signal: number): void {
    this.#inputs.push(input);
    this.#places.push(place);
    this.#signals.push(signal);
  }

  /** A signal that is the sum of one block of an input; in ascending order of blocks. */
  give(input: number, block: number, signal: number): void {
    let given = this.#given.get(input);
    if (!given) this.#given.set(input, given = { places: [], signals: [] });
    given.places.push(block);
    given.signals.push(signal);
  }

  /** An input is fed by what feeds an earlier one, and nothing else. */
  twin(input: number, earlier: number): void {
    this.#twins.set(input, earlier);
  }

  /**
   * The lists of all inputs.
   *
   * @param firstSum The signal that is the sum of input 0; those of the others follow.
   * @param shared Inputs before this one share a sum with neighbours that are fed by the same signals.
   */
  build(inputs: number, firstSum: number, shared: number): Feeds {
    this.#firstBlock = firstSum + inputs;
    const lists: number[][] = [];
    const same: number[] = [];
    const { start, order } = this.#byInput(inputs);
    let before: Terms | undefined;
    for (let input = 0; input < inputs; input++) {
      const twin = this.#twins.get(input);
      if (twin !== undefined) {
        // One signal alone is read by each, without a sum to be shared.
        same.push(lists[twin].length > 1 ? same[twin] : input);
        lists.push(lists[twin]);
        before = undefined;
        continue;
      }
      const given = this.#given.get(input);
      const terms = this.#terms(order.subarray(start[input], start[input + 1]));
      const isSame = input < shared && before !== undefined && !given && areSame(before, terms);
      same.push(isSame ? same[input - 1] : input);
      lists.push(isSame ? lists[input - 1] : this.#list(terms, given));
      before = given ? undefined : terms;
    }
    for (const block of this.#blocks) same.push(same.length), lists.push(block);
    const feedStart = new Int32Array(lists.length + 1);
    for (const [k, { length }] of lists.entries()) feedStart[k + 1] = feedStart[k] + length;
    const feeds = new Int32Array(feedStart[lists.length]);
    for (const [k, list] of lists.entries()) feeds.set(list, feedStart[k]);
    return { feedStart, feeds, sameAs: Int32Array.from(same) };
  }

  /** The numbers of what was added, input by input. */
  #byInput(inputs: number): { start: Int32Array; order: Int32Array } {
    const start = new Int32Array(inputs + 1);
    for (const input of this.#inputs) start[input + 1]++;
    for (let k = 0; k < inputs; k++) start[k + 1] += start[k];
    const next = start.slice();
    const order = new Int32Array(this.#inputs.length);
    for (const [k, input] of this.#inputs.entries()) order[next[input]++] = k;
    return { start, order };
  }

  /**
   * By ascending places. A signal that fades out may still be where a new one has come: it moves on
   * by whole rounds of partial sums, so that the others do not notice when it goes.
   */
  #terms(numbers: Int32Array): Terms {
    const terms: Terms = { places: [], signals: [] };
    let last = -1;
    for (const k of numbers) {
      if (this.#places[k] <= last) return this.#sorted(numbers);
      last = this.#places[k];
      terms.places.push(last);
      terms.signals.push(this.#signals[k]);
    }
    return terms;
  }

  #sorted(numbers: Int32Array): Terms {
    const placed = new Map<number, number>();
    for (let k = numbers.length - 1; k >= 0; k--) {
      placed.set(freePlace(this.#places[numbers[k]], placed), this.#signals[numbers[k]]);
    }
    const places = [...placed.keys()].sort((a, b) => a - b);
    return { places, signals: places.map((place) => placed.get(place)!) };
  }

  /** At most SUM_BLOCK signals, each at its place: sums of blocks instead of signals where there are more. */
  #list(terms: Terms, given: Terms | undefined): number[] {
    while (given || (terms.places.at(-1) ?? 0) >= SUM_BLOCK) {
      const above = this.#inBlocks(terms);
      if (!given && above.places.length === 1) return dense(terms, above.places[0] * SUM_BLOCK);
      terms = given ? merged(above, given) : above;
      given = undefined;
    }
    return dense(terms, 0);
  }

  /** The sums of the blocks; one signal alone is its own sum. */
  #inBlocks({ places, signals }: Terms): Terms {
    const above: Terms = { places: [], signals: [] };
    for (let k = 0; k < places.length;) {
      const block = Math.floor(places[k] / SUM_BLOCK);
      const first = k;
      while (k < places.length && places[k] < (block + 1) * SUM_BLOCK) k++;
      above.places.push(block);
      if (k === first + 1) {
        above.signals.push(signals[first]);
        continue;
      }
      above.signals.push(this.#firstBlock + this.#blocks.length);
      const inside = { places: places.slice(first, k), signals: signals.slice(first, k) };
      this.#blocks.push(dense(inside, block * SUM_BLOCK));
    }
    return above;
  }
}

/** The place of a signal, or where it moves if others have come there: on by whole rounds. */
export function freePlace(place: number, taken: { has(place: number): boolean }): number {
  while (taken.has(place)) place += MAX_LANES;
  return place;
}

function dense({ places, signals }: Terms, first: number): number[] {
  if (places.length < 2) return [...signals];
  const list = new Array<number>(places.at(-1)! - first + 1).fill(SILENCE);
  for (const [k, place] of places.entries()) list[place - first] = signals[k];
  return list;
}

function merged(a: Terms, b: Terms): Terms {
  const signals = new Map<number, number>();
  for (const terms of [a, b]) {
    for (const [k, place] of terms.places.entries()) signals.set(place, terms.signals[k]);
  }
  const places = [...signals.keys()].sort((a, b) => a - b);
  return { places, signals: places.map((place) => signals.get(place)!) };
}

/** Whether two inputs have the same sum: a mono signal on both channels of a stereo mix. */
function areSame(a: Terms, b: Terms): boolean {
  return a.places.length > 1 && a.places.length === b.places.length &&
    a.signals.every((signal, k) => signal === b.signals[k] && a.places[k] === b.places[k]);
}

/** The signal of an input that has exactly one, else silence. */
export function onlySignal({ feedStart, feeds }: Omit<Feeds, "sameAs">, input: number): number {
  const last = feedStart[input + 1] - 1;
  for (let k = feedStart[input]; k < last; k++) if (feeds[k] !== SILENCE) return SILENCE;
  return last < feedStart[input] ? SILENCE : feeds[last];
}
