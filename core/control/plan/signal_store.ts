/**
 * Where signals lie while a plan is being written: buffers are assigned when a signal is made and
 * freed when its last reader has been written, like registers.
 *
 * A signal lives in one lane of a packed group or in a planar buffer, and may have copies in the
 * other form; each copy is made at most once. Signal -1 is silence.
 *
 * @module
 */
import type { BufferPool } from "../../rt/buffer_pool.ts";
import { BUILTIN } from "../../rt/plan_format.ts";
import { SILENCE } from "./feeds.ts";
import type { PlanWriter } from "./plan_writer.ts";

/** Signals, their buffers and what is left of their lives. */
export class SignalStore {
  readonly #pool: BufferPool;
  readonly #writer: PlanWriter;
  readonly #zeros: number;
  readonly #uses: Int32Array;
  /** Address of the planar form, 0 for none. */
  readonly #planar: Int32Array;
  readonly #group: Int32Array;
  readonly #lane: Int32Array;
  readonly #groups: { address: number; width: number; live: number; signals: number[] }[] = [];
  readonly #splats = new Map<number, { address: number; width: number }[]>();
  /** Where signals that other parts read have to lie, in planar form. */
  readonly #exports: ReadonlyMap<number, number>;
  /** Signals of other parts. */
  readonly #foreign = new Set<number>();
  readonly #temporary: { address: number; width: number }[] = [];

  /**
   * @param uses Readers of each signal; the store counts them down.
   * @param exports Addresses of the signals that other parts read.
   */
  constructor(
    pool: BufferPool,
    writer: PlanWriter,
    zeros: number,
    uses: Int32Array,
    exports: ReadonlyMap<number, number>,
  ) {
    this.#pool = pool;
    this.#writer = writer;
    this.#zeros = zeros;
    this.#uses = uses;
    this.#exports = exports;
    this.#planar = new Int32Array(uses.length);
    this.#group = new Int32Array(uses.length).fill(-1);
    this.#lane = new Int32Array(uses.length);
  }

  /** Whether the signal has been computed by the ops written so far. */
  isReady(signal: number): boolean {
    return signal === SILENCE || this.#planar[signal] !== 0 || this.#group[signal] >= 0;
  }

  /** Readers of the signal that have not been written. */
  usesOf(signal: number): number {
    return this.#uses[signal];
  }

  /** Room for a packed buffer or (width 1) a planar one. */
  allocate(width: number): number {
    const address = this.#pool.allocate(width);
    if (address === 0) {
      throw new RangeError(
        `Cannot plan the graph: its signals need more block buffers than capacity.buffers, current value is ${this.#pool.capacity}`,
      );
    }
    return address;
  }

  free(address: number, width: number): void {
    this.#pool.free(address, width);
  }

  /** Says where a signal of another part lies. */
  lies(signal: number, address: number): void {
    this.#planar[signal] = address;
    this.#foreign.add(signal);
  }

  /** A buffer that holds the given signals from the next op on, lane by lane; returns its address. */
  define(signals: readonly number[], width: number): number {
    if (width === 1) return this.#planar[signals[0]] = this.#planarRoom(signals[0]);
    const address = this.allocate(width);
    let live = 0;
    for (const [lane, signal] of signals.entries()) {
      this.#group[signal] = this.#groups.length;
      this.#lane[signal] = lane;
      if (this.#uses[signal] > 0) live++;
    }
    this.#groups.push({ address, width, live, signals: [...signals] });
    return address;
  }

  /** Frees what nobody reads; to be called once the op that makes the signals has been written. */
  settle(signals: readonly number[]): void {
    for (const signal of signals) {
      if (this.#uses[signal] === 0) this.#drop(signal, false);
    }
    const group = this.#group[signals[0]];
    if (group >= 0 && this.#groups[group].live === 0) this.#freeGroup(group);
  }

  /** One reader of the signal has been written. */
  release(signal: number): void {
    if (signal !== SILENCE && --this.#uses[signal] === 0) this.#drop(signal, true);
  }

  /** Frees the buffers that were packed for the op just written. */
  releaseTemporary(): void {
    for (const { address, width } of this.#temporary) this.free(address, width);
    this.#temporary.length = 0;
  }

  /** Address of the signal in planar form; writes the op that makes it if need be. */
  planar(signal: number): number {
    if (signal === SILENCE) return this.#zeros;
    if (this.#planar[signal] === 0) this.#unpack(this.#group[signal]);
    return this.#planar[signal];
  }

  /**
   * Whether the signals are the lanes, in order, of one group of this width. A group with more of
   * them will not do: what computes fewer repeats the first in the lanes that are missing.
   */
  isAligned(signals: readonly number[], width: number): boolean {
    if (width === 1 || signals[0] < 0 || this.#group[signals[0]] < 0) return false;
    const group = this.#groups[this.#group[signals[0]]];
    return group.width === width && group.signals.length === signals.length &&
      this.run(signals, 0) === signals.length;
  }

  /** How many signals from `start` on are the first lanes of one group, in order. */
  run(signals: ArrayLike<number>, start: number): number {
    const first = signals[start];
    if (first < 0) return 0;
    const group = this.#group[first];
    let n = 0;
    while (
      group >= 0 && start + n < signals.length && signals[start + n] >= 0 &&
      this.#group[signals[start + n]] === group && this.#lane[signals[start + n]] === n
    ) n++;
    return n;
  }

  /** The packed buffer a signal lies in. */
  groupOf(signal: number): { readonly address: number; readonly width: number } {
    return this.#groups[this.#group[signal]];
  }

  /** Whether the signal has a planar form already. */
  isPlanar(signal: number): boolean {
    return signal === SILENCE || this.#planar[signal] !== 0;
  }

  /**
   * Address of a buffer of this width with one signal a lane (missing lanes hold anything); writes
   * the ops that make it. Valid until {@linkcode releaseTemporary} or the signals' release.
   */
  packed(signals: readonly number[], width: number): number {
    if (width === 1) return this.planar(signals[0]);
    const first = signals[0];
    if (signals.every((s) => s === first)) {
      return first === SILENCE ? this.#zeros : this.#splat(first, width);
    }
    if (this.isAligned(signals, width)) return this.groupOf(first).address;
    const sources = signals.map((s) => this.planar(s));
    const address = this.allocate(width);
    this.#temporary.push({ address, width });
    const missing = Array.from({ length: width - sources.length }, () => sources[0]);
    this.#writer.builtin(BUILTIN.PACK, address, width, ...sources, ...missing);
    return address;
  }

  #splat(signal: number, width: number): number {
    let copies = this.#splats.get(signal);
    if (!copies) this.#splats.set(signal, copies = []);
    let copy = copies.find((c) => c.width === width);
    if (!copy) {
      const source = this.planar(signal);
      copy = { address: this.allocate(width), width };
      copies.push(copy);
      this.#writer.builtin(BUILTIN.SPLAT, copy.address, width, source);
    }
    return copy.address;
  }

  #unpack(index: number): void {
    const { address, width, signals } = this.#groups[index];
    this.#writer.word(address);
    this.#writer.word(width);
    for (let lane = 0; lane < width; lane++) {
      const signal = signals[lane];
      const wanted = lane < signals.length && this.#uses[signal] > 0 && this.#planar[signal] === 0;
      if (wanted) this.#planar[signal] = this.#planarRoom(signal);
      this.#writer.word(wanted ? this.#planar[signal] : 0);
    }
    this.#writer.builtin(BUILTIN.UNPACK);
  }

  #planarRoom(signal: number): number {
    return this.#exports.get(signal) ?? this.allocate(1);
  }

  /** Whether its planar buffer outlives this part. */
  #isKept(signal: number): boolean {
    return this.#exports.has(signal) || this.#foreign.has(signal);
  }

  #drop(signal: number, counted: boolean): void {
    if (this.#planar[signal] !== 0 && !this.#isKept(signal)) this.free(this.#planar[signal], 1);
    this.#planar[signal] = 0;
    const splats = this.#splats.get(signal);
    if (splats) {
      for (const { address, width } of splats) this.free(address, width);
      this.#splats.delete(signal);
    }
    const group = this.#group[signal];
    if (counted && group >= 0 && --this.#groups[group].live === 0) this.#freeGroup(group);
  }

  #freeGroup(index: number): void {
    const group = this.#groups[index];
    this.free(group.address, group.width);
    for (const signal of group.signals) this.#group[signal] = -1;
  }
}
