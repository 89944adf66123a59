/**
 * Writes the ops of one batch: modulated parameters, packed inputs, the kernel call.
 *
 * @module
 */
import { PACKED_BYTES } from "../../layout.ts";
import { ParamSource } from "../../kernel/ir.ts";
import { BUILTIN } from "../../rt/plan_format.ts";
import type { Lane } from "../graph.ts";
import { movingSources } from "../kernel_library.ts";
import type { NodeType } from "../node_type.ts";
import { gainsByPairs, preferredWidth } from "../../kernel/wasm_backend.ts";
import { SILENCE } from "./feeds.ts";
import type { BatchContext } from "./batch_context.ts";
import type { BatchKind } from "./flat_graph.ts";
import { LoopWriter } from "./loop_writer.ts";
import type { OpKernels } from "./plan_writer.ts";

/** A kernel call whose buffers are there. Signals are by port, then lane. */
interface PreparedCall {
  readonly width: 1 | 4 | 8;
  readonly inputs: readonly number[][];
  readonly outputs: readonly number[][];
  /** By parameter; only those modulated at audio rate have one. */
  readonly rows: readonly number[];
  readonly addresses: readonly number[];
  readonly targets: readonly number[];
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
    const { flat, store, sums, writer, kernels } = this.#context;
    const kind = flat.kinds[flat.kind[nodes[0]]];
    const lanes = nodes.map((node) => flat.nodes[node].place.lanes[0]);
    const source = sums.signal(flat.firstInput[nodes[0]]);
    const input = store.planar(source);
    const result = flat.firstSignal[nodes.at(-1)!];
    const output = store.define([result], 1);
    writer.word(nodes.length);
    writer.word(input);
    writer.word(output);
    for (const table of flat.nodes[nodes[0]].place.tables) writer.word(table);
    for (const { place } of lanes) writer.word(place.params);
    const chain = kernels.index(kind.type, "chain", kind.sources);
    writer.op(
      { still: chain, moving: BUILTIN.NOP, fill: 0, width: 0, rows: 0, outputs: 0 },
      lanes,
      nodes.length,
    );
    for (const [k, lane] of lanes.entries()) {
      this.#call([lane], kind, 1, [k === 0 ? input : output], [output], []);
    }
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
    const call = this.#prepare(lanes, kind, width, inputs);
    this.#call(lanes, kind, width, call.addresses, call.targets, call.rows);
    this.#finish([call]);
  }

  #isPair({ type, sources }: BatchKind, lanes: number): boolean {
    return preferredWidth(type.program, lanes) === 8 && gainsByPairs(type.program, sources);
  }

  /** Writes two batches as one op, followed by the same one by one for moving parameters and faults. */
  #pair(halves: readonly (readonly Lane[])[], kind: BatchKind): void {
    const { kernels, writer } = this.#context;
    const inputs = halves.map((lanes) => this.#inputs(lanes, kind.type, 8));
    const calls = halves.map((lanes, k) => this.#prepare(lanes, kind, 8, inputs[k]));
    for (const [k, { addresses, targets, rows }] of calls.entries()) {
      this.#describe(halves[k], kind, 8, addresses, targets, rows);
    }
    const still = kernels.index(kind.type, "pair", kind.sources);
    writer.op(
      { still, moving: BUILTIN.NOP, fill: 0, width: 0, rows: 0, outputs: 0 },
      halves.flat(),
      halves.length,
    );
    for (const [k, { addresses, targets, rows }] of calls.entries()) {
      this.#call(halves[k], kind, 8, addresses, targets, rows);
    }
    this.#finish(calls);
  }

  /** Makes what a call needs: rows, packed inputs, buffers for what it puts out. */
  #prepare(
    lanes: readonly Lane[],
    kind: BatchKind,
    width: 1 | 4 | 8,
    inputs: readonly number[][],
  ): PreparedCall {
    const { flat, store } = this.#context;
    const rows = this.#modulate(lanes, width);
    const addresses = inputs.map((signals) => store.packed(signals, width));
    const count = kind.type.program.outputs.length;
    const outputs = Array.from(
      { length: count },
      (_, o) => lanes.map(({ place, lane }) => flat.firstSignal[place.index] + lane * count + o),
    );
    const targets = outputs.map((signals) => store.define(signals, width));
    return { width, inputs, outputs, rows, addresses, targets };
  }

  /** Gives back what calls needed, and writes what follows from their outputs. */
  #finish(calls: readonly PreparedCall[]): void {
    const { store, sums } = this.#context;
    for (const { rows, width } of calls) {
      for (const row of rows) if (row) store.free(row, width);
    }
    store.releaseTemporary();
    for (const { inputs, outputs } of calls) {
      for (const signals of inputs) for (const signal of signals) store.release(signal);
      for (const signals of outputs) store.settle(signals);
    }
    for (const signals of calls.flatMap(({ outputs }) => outputs)) {
      sums.advance(signals);
      this.#delay(signals);
    }
  }

  /** The kernel call itself. `rows[p]` is the row of a parameter modulated at audio rate. */
  #call(
    lanes: readonly Lane[],
    { type, sources }: BatchKind,
    width: 1 | 4 | 8,
    inputs: readonly number[],
    outputs: readonly number[],
    rows: readonly (number | undefined)[],
  ): void {
    const { writer, kernels } = this.#context;
    this.#describe(lanes, { sources }, width, inputs, outputs, rows);
    let fill = 0;
    for (const [p, source] of sources.entries()) if (source === ParamSource.Still) fill |= 1 << p;
    const still = kernels.index(type, width, sources);
    const moving = fill ? kernels.index(type, width, movingSources(sources)) : still;
    const op: OpKernels = {
      still,
      moving,
      fill,
      width,
      rows: 2 * width + inputs.length + outputs.length,
      outputs: outputs.length,
    };
    writer.op(op, lanes);
  }

  /** Writes the descriptor of a call. */
  #describe(
    lanes: readonly Lane[],
    { sources }: Pick<BatchKind, "sources">,
    width: 1 | 4 | 8,
    inputs: readonly number[],
    outputs: readonly number[],
    rows: readonly (number | undefined)[],
  ): void {
    const { writer } = this.#context;
    const all = fullWidth(lanes, width);
    for (const lane of all) writer.word(lane.state);
    for (const { place } of all) writer.word(place.params);
    for (const address of inputs) writer.word(address);
    for (const address of outputs) writer.word(address);
    for (const p of sources.keys()) writer.word(rows[p] ?? this.#context.rows + p * PACKED_BYTES);
    for (const table of lanes[0].place.tables) writer.word(table);
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

  /** Writes the delays that the signals feed. */
  #delay(signals: readonly number[]): void {
    const { flat, store, writer, loops } = this.#context;
    for (const [k, { source, address, isSample }] of flat.rings.entries()) {
      if (!signals.includes(source)) continue;
      if (!isSample) {
        writer.builtin(BUILTIN.FEEDBACK_WRITE, store.planar(source), address);
      } else if (!loops.closed[k]) {
        this.#delaySample(source, address, flat.signals + k);
      } else continue;
      store.release(source);
    }
  }

  /** A delay of one sample that closes no loop. */
  #delaySample(source: number, address: number, delayed: number): void {
    const { store, writer } = this.#context;
    const [now, last] = [store.allocate(1), store.allocate(1)];
    const loop = writer.loop(() => {
      writer.builtin(BUILTIN.COPY, last, address);
      writer.builtin(BUILTIN.COPY, address, now);
    });
    writer.runLoop(loop, [store.planar(source), now], [last, store.define([delayed], 1)]);
    for (const buffer of [now, last]) store.free(buffer, 1);
  }
}

/** Missing lanes repeat the first. */
function fullWidth<T>(lanes: readonly T[], width: number): T[] {
  return Array.from({ length: width }, (_, k) => lanes[k] ?? lanes[0]);
}
