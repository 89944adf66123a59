/**
 * Inputs with several edges. A sum is defined as eight partial sums, and one of many signals as a tree
 * of such (see `BUILTIN` in the plan format). What has many signals, or is the sum of a block, is
 * added up as soon as all of them are there, so that a thousand voices need the buffers of a few.
 *
 * @module
 */
import { MAX_LANES } from "../../layout.ts";
import { BUILTIN } from "../../rt/plan_format.ts";
import { onlySignal, SILENCE } from "./feeds.ts";
import type { FlatGraph } from "./flat_graph.ts";
import type { PlanWriter } from "./plan_writer.ts";
import type { SignalStore } from "./signal_store.ts";

/** Sums of one plan, or of a part of one. */
export class Sums {
  readonly #flat: FlatGraph;
  readonly #store: SignalStore;
  readonly #writer: PlanWriter;
  /** Inputs that are summed as soon as they can be, by the signals they wait for. */
  readonly #eager = new Map<number, number[]>();
  /** How many signals each of them still waits for. */
  readonly #missing = new Map<number, number>();

  /** @param isInLoop Whether a node sums its inputs itself, frame by frame. */
  constructor(
    flat: FlatGraph,
    store: SignalStore,
    writer: PlanWriter,
    isInLoop: (node: number) => boolean,
  ) {
    this.#flat = flat;
    this.#store = store;
    this.#writer = writer;
    const { firstInput, nodes, outputChannels, foreign } = flat;
    const outputs = firstInput[nodes.length];
    for (let node = 0; node < nodes.length; node++) {
      if (isInLoop(node)) continue;
      for (let k = firstInput[node]; k < firstInput[node + 1]; k++) this.#await(k, MAX_LANES);
    }
    for (let k = outputs; k < outputs + outputChannels; k++) this.#await(k, MAX_LANES);
    for (const input of foreign) this.#await(input, 1);
  }

  /** The signal an input reads: its one edge's, silence, or the sum, which is finished now. */
  signal(reader: number): number {
    const { feedStart, sameAs, firstSum } = this.#flat;
    const input = sameAs[reader];
    if (feedStart[input + 1] === feedStart[input]) return SILENCE;
    const only = onlySignal(this.#flat, input);
    if (only !== SILENCE) {
      this.#need(only);
      return only;
    }
    this.#need(firstSum + input);
    return firstSum + input;
  }

  /**
   * Sums the inputs of the lanes of one batch at once if their signals lie side by side: the sums
   * then do, too.
   */
  prepare(inputs: readonly number[], width: number): void {
    const { feedStart, feeds, sameAs, firstSum } = this.#flat;
    const count = feedStart[inputs[0] + 1] - feedStart[inputs[0]];
    if (width === 1 || count < 2 || count > MAX_LANES) return;
    if (inputs.some((input) => sameAs[input] !== input)) return;
    const sums = inputs.map((input) => firstSum + input);
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

  /** Adds up what has waited for these signals only; to be called after each op that makes some. */
  advance(signals: readonly number[]): void {
    if (this.#eager.size === 0) return;
    for (const signal of signals) {
      for (const input of this.#eager.get(signal) ?? []) {
        const missing = this.#missing.get(input)! - 1;
        this.#missing.set(input, missing);
        if (missing === 0) this.#need(this.#flat.firstSum + input);
      }
    }
  }

  /** Adds up what only other parts read. */
  complete(): void {
    for (const input of this.#flat.foreign) this.#need(this.#flat.firstSum + input);
  }

  /** Has an input summed early if it has more than so many places, and so the blocks it consists of. */
  #await(input: number, most: number): void {
    const { feedStart, feeds, sameAs, firstSum } = this.#flat;
    if (sameAs[input] !== input) return;
    const list = feeds.subarray(feedStart[input], feedStart[input + 1]);
    for (const signal of list) if (signal >= firstSum) this.#await(signal - firstSum, 1);
    if (list.length <= most || onlySignal(this.#flat, input) !== SILENCE) return;
    let missing = 0;
    for (const signal of list) {
      if (signal === SILENCE) continue;
      missing++;
      const inputs = this.#eager.get(signal);
      if (inputs) inputs.push(input);
      else this.#eager.set(signal, [input]);
    }
    this.#missing.set(input, missing);
  }

  /** Makes sure that a signal is there, if it is a sum. */
  #need(signal: number): void {
    const { feedStart, feeds, firstSum } = this.#flat;
    if (signal < firstSum || this.#store.isReady(signal)) return;
    const input = signal - firstSum;
    const list = feeds.subarray(feedStart[input], feedStart[input + 1]);
    for (const term of list) this.#need(term);
    this.#write(signal, list);
    for (const term of list) this.#store.release(term);
    this.advance([signal]);
  }

  /** Writes the sum of signals that are there. */
  #write(sum: number, list: Int32Array): void {
    const store = this.#store;
    const rounds = this.#rounds(list);
    if (rounds) {
      this.#writer.builtin(BUILTIN.SUM_ROUNDS, store.define([sum], 1), rounds.length, ...rounds);
      return;
    }
    if (list.length <= MAX_LANES && list.every((s) => store.isPlanar(s))) {
      const sources = Array.from(list, (s) => store.planar(s));
      this.#writer.builtin(BUILTIN.SUM, store.define([sum], 1), sources.length, ...sources);
      return;
    }
    const accumulator = store.allocate(MAX_LANES);
    this.#writer.builtin(BUILTIN.MIX_CLEAR, accumulator);
    for (let k = 0; k < list.length;) k += this.#add(accumulator, list, k);
    this.#writer.builtin(BUILTIN.MIX_REDUCE, store.define([sum], 1), accumulator);
    store.free(accumulator, MAX_LANES);
  }

  /** The packed groups of a sum that consists of nothing else. */
  #rounds(list: Int32Array): number[] | null {
    if (list.length % MAX_LANES !== 0) return null;
    const addresses: number[] = [];
    for (let k = 0; k < list.length; k += MAX_LANES) {
      if (this.#store.run(list, k) !== MAX_LANES) return null;
      addresses.push(this.#store.groupOf(list[k]).address);
    }
    return addresses;
  }

  /** Adds signals from one place on, of one round at most; returns how many. */
  #add(accumulator: number, list: Int32Array, first: number): number {
    if (list[first] === SILENCE) return 1;
    const lane = first % MAX_LANES;
    const most = Math.min(MAX_LANES - lane, list.length - first);
    const packed = Math.min(most, this.#store.run(list, first));
    if (packed > 1) {
      const { address, width } = this.#store.groupOf(list[first]);
      this.#writer.builtin(BUILTIN.MIX_PACKED, accumulator, address, width, lane, packed);
      return packed;
    }
    const sources = [this.#store.planar(list[first])];
    while (sources.length < most && this.#store.run(list, first + sources.length) < 2) {
      sources.push(this.#store.planar(list[first + sources.length]));
    }
    this.#writer.builtin(BUILTIN.MIX_PLANAR, accumulator, sources.length, lane, ...sources);
    return sources.length;
  }
}
