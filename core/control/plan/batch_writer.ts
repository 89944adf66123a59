/**
 * Writes the ops of one batch: modulated parameters, packed inputs, the kernel call.
 *
 * @module
 */
import { BUILTIN } from "../../rt/plan_format.ts";
import type { Lane } from "../graph.ts";
import type { NodeType } from "../node_type.ts";
import { gainsByPairs, preferredWidth } from "../../kernel/wasm_backend/mod.ts";
import { SILENCE } from "./feeds.ts";
import type { BatchContext, KernelCall } from "./batch_context.ts";
import type { BatchKind } from "./flat_graph.ts";
import { fullWidth, writeCall, writePair, writeSeries } from "./kernel_call.ts";
import { LoopWriter } from "./loop_writer.ts";

/** Lanes for one kernel call and the signals they read, by port. */
interface Batch extends Pick<KernelCall, "lanes" | "width" | "rows"> {
  readonly signals: readonly number[][];
}

/** A batch whose buffers are there, and the signals it makes, by port. */
interface PreparedCall extends Batch, KernelCall {
  readonly results: readonly number[][];
}

/** Writes batches of one plan. */
export class BatchWriter {
  readonly #context: BatchContext;

  constructor(context: BatchContext) {
    this.#context = context;
  }

  /** Writes the nodes, all of one kind, in as few ops as they fit in. */
  write(nodes: readonly number[]): void {
    const { flat } = this.#context;
    const kind = flat.kinds[flat.kind[nodes[0]]];
    if (kind.type.isAudioInput) return this.#writeAudioInput(nodes[0]);
    const lanes: Lane[] = [];
    for (const node of nodes) lanes.push(...flat.nodes[node].place.lanes);
    for (let first = 0; first < lanes.length;) {
      const width = preferredWidth(kind.type.program, lanes.length - first);
      const part = lanes.slice(first, first + width);
      first += width;
      const second = lanes.slice(first, first + width);
      if (width === 8 && this.#isPair(kind, second.length)) {
        this.#pair([part, second], kind);
        first += width;
        continue;
      }
      const inputs = this.#inputs(part, kind.type, width);
      if (kind.type.memoryless && !inputs.some((s) => this.#context.store.isAligned(s, width))) {
        // Such a kernel runs along time just as fast, without packing.
        for (const [k, lane] of part.entries()) {
          this.#op([lane], kind, 1, inputs.map((signals) => [signals[k]]));
        }
      } else {
        this.#op(part, kind, width, inputs);
      }
    }
  }

  #writeAudioInput(node: number): void {
    const { flat, store, sums, writer } = this.#context;
    const { place } = flat.nodes[node];
    for (let signal = flat.firstSignal[node]; signal < flat.firstSignal[node + 1]; signal++) {
      const channel = signal - flat.firstSignal[node];
      writer.builtinOf(place.lanes, BUILTIN.AUDIO_INPUT, store.define([signal], 1), channel);
      store.settle([signal]);
      sums.advance([signal]);
      this.#delay([signal]);
    }
  }

  /** Writes a run of memoryless nodes as one op, followed by the same one by one for moving parameters. */
  writeChain(nodes: readonly number[]): void {
    const { flat, store, sums } = this.#context;
    const kind = flat.kinds[flat.kind[nodes[0]]];
    const lanes = nodes.map((node) => flat.nodes[node].place.lanes[0]);
    const source = sums.signal(flat.firstInput[nodes[0]]);
    const input = store.planar(source);
    const result = flat.firstSignal[nodes.at(-1)!];
    const output = store.define([result], 1);
    writeSeries(this.#context, kind, lanes, input, output);
    store.release(source);
    store.settle([result]);
    sums.advance([result]);
    this.#delay([result]);
  }

  /** For each input of the type, the signal of each lane. */
  #inputs(lanes: readonly Lane[], { program }: NodeType, width: number): number[][] {
    const { flat, sums } = this.#context;
    return Array.from({ length: program.inputs }, (_, i) => {
      const inputs = lanes.map(({ place, lane }) =>
        flat.firstInput[place.index] + lane * program.inputs + i
      );
      sums.prepare(inputs, width);
      return inputs.map((input) => sums.signal(input));
    });
  }

  #op(lanes: readonly Lane[], kind: BatchKind, width: 1 | 4 | 8, inputs: number[][]): void {
    const call = this.#prepare(kind, {
      lanes,
      width,
      signals: inputs,
      rows: this.#modulate(lanes, width),
    });
    writeCall(this.#context, kind, call);
    this.#finish([call]);
  }

  #isPair({ type, sources }: BatchKind, lanes: number): boolean {
    return preferredWidth(type.program, lanes) === 8 && gainsByPairs(type.program, sources);
  }

  #pair(halves: readonly (readonly Lane[])[], kind: BatchKind): void {
    const width = 8;
    // Modulation first: it gives back its temporary buffers, the inputs' must stay.
    const batches = halves
      .map((lanes) => ({ lanes, width, signals: this.#inputs(lanes, kind.type, width) } as const))
      .map((batch) => ({ ...batch, rows: this.#modulate(batch.lanes, width) }));
    const calls = batches.map((batch) => this.#prepare(kind, batch));
    writePair(this.#context, kind, calls);
    this.#finish(calls);
  }

  /** Packs the inputs, and finds buffers for what a call puts out. */
  #prepare({ type }: BatchKind, batch: Batch): PreparedCall {
    const { lanes, width, signals } = batch;
    const { flat, store } = this.#context;
    const inputs = signals.map((ofPort) => store.packed(ofPort, width));
    const count = type.program.outputs.length;
    const results = Array.from(
      { length: count },
      (_, o) => lanes.map(({ place, lane }) => flat.firstSignal[place.index] + lane * count + o),
    );
    return {
      ...batch,
      inputs,
      results,
      outputs: results.map((ofPort) => store.define(ofPort, width)),
    };
  }

  /** Gives back what calls needed, and writes what follows from their outputs. */
  #finish(calls: readonly PreparedCall[]): void {
    const { store, sums } = this.#context;
    for (const { rows, width } of calls) {
      for (const row of rows) if (row) store.free(row, width);
    }
    store.releaseTemporary();
    for (const { signals, results } of calls) {
      for (const ofPort of signals) for (const signal of ofPort) store.release(signal);
      for (const ofPort of results) store.settle(ofPort);
    }
    for (const ofPort of calls.flatMap(({ results }) => results)) {
      sums.advance(ofPort);
      this.#delay(ofPort);
    }
  }

  /** Writes the modulation of each parameter that has any; returns the rows by parameter. */
  #modulate(lanes: readonly Lane[], width: 1 | 4 | 8): number[] {
    const { flat, store, writer } = this.#context;
    const rows: number[] = [];
    const first = flat.modulated.get(lanes[0].place.index);
    for (const [m, { param, rate }] of (first ?? []).entries()) {
      const lists = lanes.map(({ place }) => flat.modulated.get(place.index)![m].by);
      const most = Math.max(...lists.map((list) => list.length));
      const terms = Array.from({ length: most }, (_, k) =>
        lanes.map((lane, l) => ({
          signal: lists[l][k]?.signals[lane.lane] ?? SILENCE,
          amount: lists[l][k]?.amount ?? 0,
        })));
      const packed = terms.map((term) => store.packed(term.map((t) => t.signal), width));
      const row = rate === "audio" ? store.allocate(width) : 0;
      if (row) rows[param] = row;
      writer.word(row);
      writer.word(width);
      writer.word(param);
      for (const { place } of fullWidth(lanes, width)) writer.word(place.params);
      writer.word(most);
      for (const [k, term] of terms.entries()) {
        writer.word(packed[k]);
        for (const { amount } of fullWidth(term, width)) writer.float(amount);
      }
      writer.builtin(rate === "audio" ? BUILTIN.MODULATE : BUILTIN.MODULATE_BLOCK);
      store.releaseTemporary();
      for (const term of terms) for (const { signal } of term) store.release(signal);
    }
    return rows;
  }

  /** Writes a loop as one op that runs its nodes frame by frame. */
  writeLoop(loop: number): void {
    const { loops, store, sums } = this.#context;
    const signals = new LoopWriter(this.#context, loops, loop).write();
    for (const signal of signals) store.settle([signal]);
    sums.advance(signals);
    this.#delay(signals);
  }

  /** Writes the delays that the signals feed, and takes them where other parts read them. */
  #delay(signals: readonly number[]): void {
    const { flat, store, writer, loops } = this.#context;
    if (flat.rings.length === 0 && flat.writes.length === 0 && flat.exports.size === 0) return;
    for (const { source, address } of flat.writes) {
      if (!signals.includes(source)) continue;
      writer.builtin(BUILTIN.FEEDBACK_WRITE, store.planar(source), address);
      store.release(source);
    }
    for (const signal of signals) {
      if (!flat.exports.has(signal)) continue;
      store.planar(signal);
      store.release(signal);
    }
    for (const k of flat.samples) {
      const { source, address } = flat.rings[k];
      if (!signals.includes(source) || loops.closed[k]) continue;
      this.#delaySample(source, address, flat.signals + k);
      store.release(source);
    }
  }

  /** A delay of one sample that closes no loop. */
  #delaySample(source: number, address: number, delayed: number): void {
    const { store, sums, writer } = this.#context;
    const [now, last] = [store.allocate(1), store.allocate(1)];
    const loop = writer.loop(() => {
      writer.builtin(BUILTIN.COPY, last, address);
      writer.builtin(BUILTIN.COPY, address, now);
    });
    writer.runLoop(loop, [store.planar(source), now], [last, store.define([delayed], 1)]);
    for (const buffer of [now, last]) store.free(buffer, 1);
    sums.advance([delayed]);
  }
}
