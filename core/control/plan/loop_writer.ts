/**
 * Writes the nodes of a loop as one LOOP op: each lane by itself, frame by frame, in buffers of
 * which only the first frame is used.
 *
 * @module
 */
import { MAX_LANES } from "../../layout.ts";
import { BUILTIN } from "../../rt/plan_format.ts";
import { writeCall } from "./kernel_call.ts";
import type { BatchContext } from "./batch_context.ts";
import { SILENCE } from "./feeds.ts";
import { type Loops, reads } from "./loops.ts";

/** Writes one loop. */
export class LoopWriter {
  readonly #context: BatchContext;
  readonly #loops: Loops;
  readonly #members: readonly number[];
  /** Buffers that were taken for this loop. */
  readonly #buffers: number[] = [];
  /** Wide ones likewise: until the end, as the ops run again for each frame. */
  readonly #accumulators: number[] = [];
  /** Where a signal's current frame lies. */
  readonly #frames = new Map<number, number>();
  readonly #inputs: number[] = [];

  constructor(context: BatchContext, loops: Loops, loop: number) {
    this.#context = context;
    this.#loops = loops;
    this.#members = loops.members[loop];
  }

  /** Writes the op; returns the signals of the loop. */
  write(): number[] {
    const { flat, store, writer } = this.#context;
    const own = this.#members.flatMap((node) =>
      range(flat.firstSignal[node], flat.firstSignal[node + 1])
    );
    for (const signal of own) this.#frames.set(signal, this.#buffer());
    const read = this.#members.flatMap((node) => reads(flat, node));
    const feedback = new Set<number>();
    for (const node of this.#members) {
      for (const signal of reads(flat, node)) this.#find(signal, feedback);
    }
    const loop = writer.loop(() => {
      for (const node of this.#members) this.#node(node);
      for (const signal of feedback) {
        const { address, source } = flat.rings[signal - flat.signals];
        writer.builtin(BUILTIN.COPY, address, this.#frames.get(source)!);
      }
    });
    const inner = count(read);
    const heard = own.filter((signal) => store.usesOf(signal) > (inner.get(signal) ?? 0));
    const outputs = heard.flatMap((
      signal,
    ) => [this.#frames.get(signal)!, store.define([signal], 1)]);
    writer.runLoop(loop, this.#inputs, outputs);
    for (const signal of read) store.release(signal);
    for (const signal of feedback) store.release(flat.rings[signal - flat.signals].source);
    for (const address of this.#buffers) store.free(address, 1);
    for (const address of this.#accumulators) store.free(address, MAX_LANES);
    return own;
  }

  /** Makes sure that a signal's current frame lies somewhere. */
  #find(signal: number, feedback: Set<number>): void {
    if (this.#frames.has(signal)) return;
    const { flat, store } = this.#context;
    const ring = signal - flat.signals;
    if (ring >= 0 && this.#loops.closed[ring]) {
      feedback.add(signal);
      this.#frames.set(signal, flat.rings[ring].address);
      return;
    }
    const frame = this.#buffer();
    this.#inputs.push(store.planar(signal), frame);
    this.#frames.set(signal, frame);
  }

  #buffer(): number {
    const address = this.#context.store.allocate(1);
    this.#buffers.push(address);
    return address;
  }

  #node(node: number): void {
    const { flat } = this.#context;
    const { place, channels, type } = flat.nodes[node];
    const count = type.program.outputs.length;
    for (let lane = 0; lane < channels; lane++) {
      const first = flat.firstSignal[node] + lane * count;
      const rows = this.#modulate(node, lane);
      writeCall(this.#context, flat.kinds[flat.kind[node]], {
        lanes: [place.lanes[lane]],
        width: 1,
        inputs: Array.from(
          { length: type.program.inputs },
          (_, i) => this.#input(flat.firstInput[node] + lane * type.program.inputs + i),
        ),
        outputs: range(first, first + count).map((signal) => this.#frames.get(signal)!),
        rows,
      });
    }
  }

  /** Where an input's current frame lies; writes the sum of several signals, and those of its blocks. */
  #input(input: number): number {
    const { feedStart, feeds, firstSum } = this.#context.flat;
    const list = feeds.subarray(feedStart[input], feedStart[input + 1]);
    const terms = Array.from(
      list,
      (signal) => signal >= firstSum ? this.#input(signal - firstSum) : this.#at(signal),
    );
    const heard = terms.filter((_, k) => list[k] !== SILENCE);
    if (heard.length === 0) return this.#at(SILENCE);
    if (heard.length === 1) return heard[0];
    const sum = this.#buffer();
    const { writer, store } = this.#context;
    if (terms.length <= MAX_LANES) {
      writer.builtin(BUILTIN.SUM, sum, terms.length, ...terms);
      return sum;
    }
    const accumulator = store.allocate(MAX_LANES);
    this.#accumulators.push(accumulator);
    writer.builtin(BUILTIN.MIX_CLEAR, accumulator);
    for (let k = 0; k < terms.length; k += MAX_LANES) {
      const part = terms.slice(k, k + MAX_LANES);
      writer.builtin(BUILTIN.MIX_PLANAR, accumulator, part.length, 0, ...part);
    }
    writer.builtin(BUILTIN.MIX_REDUCE, sum, accumulator);
    return sum;
  }

  #modulate(node: number, lane: number): number[] {
    const { flat, writer } = this.#context;
    const rows: number[] = [];
    for (const { param, rate, by } of flat.modulated.get(node) ?? []) {
      const row = rate === "audio" ? this.#buffer() : 0;
      if (row) rows[param] = row;
      for (const word of [row, 1, param, flat.nodes[node].place.params, by.length]) {
        writer.word(word);
      }
      for (const { signals, amount } of by) {
        writer.word(this.#at(signals[lane]));
        writer.float(amount);
      }
      writer.builtin(row ? BUILTIN.MODULATE : BUILTIN.MODULATE_BLOCK);
    }
    return rows;
  }

  #at(signal: number): number {
    return signal === SILENCE ? this.#context.store.planar(SILENCE) : this.#frames.get(signal)!;
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, k) => from + k);
}

function count(signals: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const signal of signals) counts.set(signal, (counts.get(signal) ?? 0) + 1);
  return counts;
}
