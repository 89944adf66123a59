/**
 * A node as plain JavaScript: its instance, its parameters, and who feeds it.
 *
 * @module
 */
import { QUANTUM } from "../../core/layout.ts";
import { type NodeType, nodeType } from "../../core/control/node_type.ts";
import { ParamSource } from "../../core/kernel/ir.ts";
import { compilePlain, type PlainInstance, type PlainProcess } from "./compile.ts";

/** One output channel of a node. */
export interface PlainOutput {
  readonly node: PlainNode;
  readonly channel: number;
}

/** A signal that acts on a parameter. */
interface Modulation {
  readonly from: PlainOutput;
  readonly amount: number;
  readonly rate: "audio" | "control";
}

/** A change that waits for its frame. */
interface Change {
  readonly at: number;
  readonly value: number;
  readonly frames: number;
}

/** A parameter: a value that ramps, changes that wait, signals that act on it. */
export class PlainParam {
  readonly modulations: Modulation[] = [];
  readonly #pending: Change[] = [];
  #target: number;
  #slope = 0;
  #end = 0;

  /** Whether the node has to look at this parameter in each block. */
  active = false;

  constructor(value: number, readonly min: number, readonly max: number, readonly smooth: number) {
    this.#target = value;
  }

  schedule(change: Change): void {
    this.#pending.push(change);
    this.active = true;
  }

  modulate(modulation: Modulation): void {
    this.modulations.push(modulation);
    this.active = true;
  }

  /** Whether it goes on moving, or being moved, after a frame. */
  settle(frame: number): void {
    this.active = this.modulations.length > 0 || this.#pending.length > 0 || this.#end > frame;
  }

  /** The value at a frame; takes the changes that are due. */
  at(frame: number): number {
    while (this.#pending.length && this.#pending[0].at <= frame) {
      const { at, value, frames } = this.#pending.shift()!;
      const from = this.#target - this.#slope * Math.max(0, this.#end - at);
      this.#end = at + frames;
      this.#slope = frames ? (value - from) / frames : 0;
      this.#target = value;
    }
    return this.#target - this.#slope * Math.max(0, this.#end - frame);
  }

  /** Writes the values of a block that starts at `frame`. */
  fill(row: Float32Array, frame: number): void {
    let t = 0;
    while (t < QUANTUM) {
      this.at(frame + t);
      const next = this.#pending.length ? this.#pending[0].at - frame : QUANTUM;
      const until = Math.min(QUANTUM, next);
      const target = this.#target;
      const slope = this.#slope;
      const end = this.#end - frame;
      for (; t < until; t++) row[t] = target - slope * Math.max(0, end - t);
    }
  }

  /** Whether the value changes within the block that starts at `frame`. */
  moves(frame: number): boolean {
    return this.#end > frame || (this.#pending.length > 0 && this.#pending[0].at < frame + QUANTUM);
  }

  limit(value: number): number {
    return Math.min(this.max, Math.max(this.min, value));
  }
}

/** What nodes of one type share. */
export class PlainType {
  readonly #variants = new Map<string, PlainProcess>();

  constructor(readonly type: NodeType) {}

  /** The function for the parameters that are rows. */
  variant(sources: readonly ParamSource[]): PlainProcess {
    const key = sources.join("");
    let process = this.#variants.get(key);
    if (!process) {
      this.#variants.set(key, process = compilePlain(this.type.program, sources));
    }
    return process;
  }

  static of(definition: Parameters<typeof nodeType>[0], sampleRate: number): PlainType {
    return new PlainType(nodeType(definition, sampleRate));
  }
}

/** A node; `process` is the one call a block. */
export class PlainNode {
  readonly params: readonly PlainParam[];
  /** Sources of each input channel. */
  readonly sources: readonly PlainOutput[][];
  readonly outputs: readonly Float32Array[];
  readonly #instance: PlainInstance;
  readonly #own: readonly Float32Array[];
  readonly #rows: readonly Float32Array[];
  readonly #still: PlainProcess;
  #moving: PlainProcess;
  /** Bit k: parameter k is a row for `#moving`. */
  #rowsOfMoving = 0;

  constructor(readonly type: PlainType, values: readonly number[]) {
    const { program, params } = type.type;
    this.params = params.map((info, k) =>
      new PlainParam(values[k], info.min, info.max, info.smooth)
    );
    this.sources = Array.from({ length: program.inputs }, () => []);
    this.outputs = program.outputs.map(() => new Float32Array(QUANTUM));
    this.#own = this.sources.map(() => new Float32Array(QUANTUM));
    this.#rows = params.map(() => new Float32Array(QUANTUM));
    this.#still = this.#moving = type.variant(params.map(() => ParamSource.Still));
    this.#instance = {
      inputs: [...this.#own],
      outputs: this.outputs,
      state: Float64Array.from(program.scalars, (s) => s.initial),
      blocks: program.blocks.map((block) => new Float32Array(block.length)),
      heads: new Int32Array(program.blocks.length),
      params: Float64Array.from(values),
      rows: [...this.#rows],
    };
  }

  /** Renders one block of `QUANTUM` frames from `frame` on. */
  process(frame: number): void {
    this.#gather();
    const rows = this.#fill(frame);
    if (rows === 0) {
      this.#still(this.#instance, QUANTUM);
    } else {
      if (rows !== this.#rowsOfMoving) this.#choose(rows);
      this.#moving(this.#instance, QUANTUM);
    }
  }

  #choose(rows: number): void {
    const sources = this.params.map((_, k) =>
      rows & (1 << k) ? ParamSource.Row : ParamSource.Still
    );
    this.#moving = this.type.variant(sources);
    this.#rowsOfMoving = rows;
  }

  /** Sums what is connected; a single signal is read where it is. */
  #gather(): void {
    for (let k = 0; k < this.sources.length; k++) {
      const sources = this.sources[k];
      if (sources.length === 1) {
        this.#instance.inputs[k] = sources[0].node.outputs[sources[0].channel];
      } else if (sources.length > 1) {
        sum(this.#own[k], sources);
        this.#instance.inputs[k] = this.#own[k];
      }
    }
  }

  /** Brings the parameters up to the block; bit k of the answer: parameter k is a row. */
  #fill(frame: number): number {
    let rows = 0;
    for (let k = 0; k < this.params.length; k++) {
      const param = this.params[k];
      if (!param.active) continue;
      let audio = false;
      for (const m of param.modulations) if (m.rate === "audio") audio = true;
      if (audio || param.moves(frame)) {
        this.#fillRow(param, this.#rows[k], frame);
        rows |= 1 << k;
      } else if (param.modulations.length) {
        let value = param.at(frame);
        for (const { from, amount } of param.modulations) {
          value += amount * from.node.outputs[from.channel][0];
        }
        this.#instance.params[k] = param.limit(value);
      } else {
        this.#instance.params[k] = param.at(frame);
        param.settle(frame);
      }
    }
    return rows;
  }

  #fillRow(param: PlainParam, row: Float32Array, frame: number): void {
    param.fill(row, frame);
    for (const { from, amount } of param.modulations) {
      const signal = from.node.outputs[from.channel];
      for (let t = 0; t < QUANTUM; t++) row[t] = param.limit(row[t] + amount * signal[t]);
    }
  }
}

/** Adds signals up. */
export function sum(into: Float32Array, sources: readonly PlainOutput[]): void {
  into.fill(0);
  for (let k = 0; k < sources.length; k++) {
    const signal = sources[k].node.outputs[sources[k].channel];
    for (let t = 0; t < QUANTUM; t++) into[t] += signal[t];
  }
}
