/**
 * Inputs with several edges. A sum is defined as eight partial sums (see `BUILTIN` in the plan
 * format); wide ones are added up as their signals appear, so that a thousand voices need the
 * buffers of a few.
 *
 * @module
 */
import { MAX_LANES } from "../../layout.ts";
import { BUILTIN } from "../../rt/plan_format.ts";
import { onlySignal, SILENCE } from "./feeds.ts";
import type { FlatGraph } from "./flat_graph.ts";
import type { PlanWriter } from "./plan_writer.ts";
import type { SignalStore } from "./signal_store.ts";

/** Rounds of eight signals that are added at once, at most. */
const MOST_ROUNDS = 4;

/** A sum in progress: edges before `next` are in the accumulator. */
interface Accumulator {
  readonly feeds: Int32Array;
  readonly address: number;
  next: number;
}

/**
 * Sums of one plan, or of a part of one, which goes on with what earlier parts have begun and leaves
 * to later ones what they finish. The sum of input i is signal `first + i`.
 */
export class Sums {
  readonly first: number;
  readonly #flat: FlatGraph;
  readonly #store: SignalStore;
  readonly #writer: PlanWriter;
  readonly #wide = new Map<number, number[]>();
  readonly #open = new Map<number, Accumulator>();

  /**
   * @param isInLoop Whether a node sums its inputs itself, frame by frame.
   * @param most Signals of a sum that is added up where it is read.
   */
  constructor(
    flat: FlatGraph,
    store: SignalStore,
    writer: PlanWriter,
    isInLoop: (node: number) => boolean,
    most: number,
  ) {
    this.first = flat.signals + flat.rings.length;
    this.#flat = flat;
    this.#store = store;
    this.#writer = writer;
    const { feedStart, feeds, firstInput } = flat;
    let node = 0;
    for (let input = 0; input < flat.inputs; input++) {
      while (node < flat.nodes.length && firstInput[node + 1] <= input) node++;
      if (node < flat.nodes.length && isInLoop(node)) continue;
      const count = feedStart[input + 1] - feedStart[input];
      if (flat.sameAs[input] !== input) continue;
      if (!flat.partial.has(input)) {
        if (count <= most || onlySignal(flat, input) !== SILENCE) continue;
      }
      for (let k = feedStart[input]; k < feedStart[input + 1]; k++) {
        if (feeds[k] === SILENCE) continue;
        const inputs = this.#wide.get(feeds[k]);
        if (!inputs) this.#wide.set(feeds[k], [input]);
        else if (inputs.at(-1) !== input) inputs.push(input);
      }
    }
  }

  /** The signal an input reads: its one edge's, silence, or the sum, which is finished now. */
  signal(reader: number): number {
    const { feedStart, sameAs } = this.#flat;
    const input = sameAs[reader];
    if (!this.#flat.partial.has(input)) {
      if (feedStart[input + 1] === feedStart[input]) return SILENCE;
      const only = onlySignal(this.#flat, input);
      if (only !== SILENCE) return only;
    }
    const sum = this.first + input;
    if (!this.#store.isReady(sum)) this.#finish(input, sum);
    return sum;
  }

  /**
   * Sums the inputs of the lanes of one batch at once if their signals lie side by side: the sums
   * then do, too.
   */
  prepare(inputs: readonly number[], width: number): void {
    const { feedStart, feeds, sameAs, partial } = this.#flat;
    const count = feedStart[inputs[0] + 1] - feedStart[inputs[0]];
    if (width === 1 || count < 2 || count > MAX_LANES) return;
    if (inputs.some((input) => sameAs[input] !== input || partial.has(input))) return;
    const sums = inputs.map((input) => this.first + input);
    if (sums.some((sum) => this.#store.isReady(sum))) return;
    if (inputs.some((input) => feedStart[input + 1] - feedStart[input] !== count)) return;
    const terms = Array.from(
      { length: count },
      (_, j) => inputs.map((i) => feeds[feedStart[i] + j]),
    );
    if (!terms.every((signals) => this.#store.isAligned(signals, width))) return;
    const sources = terms.map((signals) => this.#store.groupOf(signals[0]).address);
    const target = this.#store.define(sums, width);
    this.#writer.builtin(BUILTIN.SUM_PACKED, target, width, count, ...sources);
    for (const signal of terms.flat()) this.#store.release(signal);
  }

  /** Adds what has become ready to the wide sums; to be called after each op that makes signals. */
  advance(signals: readonly number[]): void {
    if (this.#wide.size === 0) return;
    const touched = new Set<number>();
    for (const signal of signals) {
      for (const input of this.#wide.get(signal) ?? []) touched.add(input);
    }
    for (const input of touched) this.#add(this.#accumulator(input), false);
  }

  /** Adds what is left to the sums that other parts finish. */
  complete(): void {
    for (const input of this.#flat.partial.keys()) {
      if (input >= this.#flat.inputs - this.#flat.shares) this.#add(this.#accumulator(input), true);
    }
  }

  #finish(input: number, sum: number): void {
    const { feedStart, feeds, partial } = this.#flat;
    const list = feeds.subarray(feedStart[input], feedStart[input + 1]);
    const store = this.#store;
    const isPartial = partial.has(input);
    const isNarrow = !isPartial && !this.#open.has(input) && list.length <= MAX_LANES;
    if (isNarrow && list.every((s) => store.isPlanar(s))) {
      const sources = Array.from(list, (s) => store.planar(s));
      const target = store.define([sum], 1);
      this.#writer.builtin(BUILTIN.SUM, target, sources.length, ...sources);
      for (const signal of list) store.release(signal);
      return;
    }
    const accumulator = this.#accumulator(input);
    this.#add(accumulator, true);
    const target = store.define([sum], 1);
    this.#writer.builtin(BUILTIN.MIX_REDUCE, target, accumulator.address);
    if (!isPartial) store.free(accumulator.address, MAX_LANES);
    this.#open.delete(input);
  }

  #accumulator(input: number): Accumulator {
    let open = this.#open.get(input);
    if (!open) {
      const { feedStart, feeds } = this.#flat;
      const begun = this.#flat.partial.get(input);
      const address = begun?.address ?? this.#store.allocate(MAX_LANES);
      if (begun?.isFirst ?? true) this.#writer.builtin(BUILTIN.MIX_CLEAR, address);
      open = { feeds: feeds.subarray(feedStart[input], feedStart[input + 1]), address, next: 0 };
      this.#open.set(input, open);
    }
    return open;
  }

  /**
   * Adds ready signals in order; unless it is the end, only whole rounds of the eight lanes, and
   * several at once while there is room.
   */
  #add(sum: Accumulator, all: boolean): void {
    const { feeds } = sum;
    if (!all && this.#store.isRoomy && !this.#areReady(sum, MOST_ROUNDS * MAX_LANES)) return;
    while (sum.next < feeds.length) {
      if (feeds[sum.next] === SILENCE) {
        sum.next++;
        continue;
      }
      const lane = sum.next % MAX_LANES;
      const most = Math.min(MAX_LANES - lane, feeds.length - sum.next);
      let ready = 0;
      while (ready < most && this.#store.isReady(feeds[sum.next + ready])) ready++;
      if (ready === 0 || (ready < most && !all)) return;
      const rounds = lane === 0 ? this.#rounds(sum) : 0;
      if (rounds > 1) {
        this.#addRounds(sum, rounds);
        continue;
      }
      const count = this.#addRun(sum, lane, ready);
      for (let k = 0; k < count; k++) this.#store.release(feeds[sum.next + k]);
      sum.next += count;
    }
  }

  #areReady({ feeds, next }: Accumulator, count: number): boolean {
    if (next + count > feeds.length) return false;
    for (let k = next; k < next + count; k++) if (!this.#store.isReady(feeds[k])) return false;
    return true;
  }

  /** Whole rounds that lie in packed groups of their own, as many as one op adds. */
  #rounds({ feeds, next }: Accumulator): number {
    let rounds = 0;
    while (rounds < MOST_ROUNDS) {
      const start = next + rounds * MAX_LANES;
      if (start + MAX_LANES > feeds.length || feeds[start] === SILENCE) break;
      if (!this.#store.isReady(feeds[start])) break;
      const isRound = this.#store.run(feeds, start) === MAX_LANES;
      if (!isRound || this.#store.groupOf(feeds[start]).width !== MAX_LANES) break;
      rounds++;
    }
    return rounds === 3 ? 2 : rounds;
  }

  #addRounds(sum: Accumulator, rounds: number): void {
    const { feeds, next } = sum;
    const sources = Array.from(
      { length: rounds },
      (_, k) => this.#store.groupOf(feeds[next + k * MAX_LANES]).address,
    );
    this.#writer.builtin(BUILTIN.MIX_ROUNDS, sum.address, rounds, ...sources);
    sum.next += rounds * MAX_LANES;
    for (let k = next; k < sum.next; k++) this.#store.release(feeds[k]);
  }

  /** Adds the signals of one packed group, or those before the next one; returns how many. */
  #addRun(sum: Accumulator, lane: number, ready: number): number {
    const { feeds, next } = sum;
    const packed = Math.min(ready, this.#store.run(feeds, next));
    if (packed > 1) {
      const { address, width } = this.#store.groupOf(feeds[next]);
      this.#writer.builtin(BUILTIN.MIX_PACKED, sum.address, address, width, lane, packed);
      return packed;
    }
    const sources = [this.#store.planar(feeds[next])];
    while (sources.length < ready && this.#store.run(feeds, next + sources.length) < 2) {
      sources.push(this.#store.planar(feeds[next + sources.length]));
    }
    this.#writer.builtin(BUILTIN.MIX_PLANAR, sum.address, sources.length, lane, ...sources);
    return sources.length;
  }
}
