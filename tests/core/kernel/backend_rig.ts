/** Runs a kernel and its oracle on equal memories. @module */
import {
  HEADER,
  PARAM_BYTES,
  QUANTUM,
  TABLE_SLOT,
  TABLE_SLOT_BYTES,
} from "../../../core/layout.ts";
import { instanceBytes, type ParamSource, type Program } from "../../../core/kernel/ir.ts";
import { compileOracle } from "../../../core/kernel/js_backend_oracle.ts";
import { compileKernel, type Width } from "../../../core/kernel/wasm_backend/mod.ts";

export type Kernel = (descriptor: number, frames: number) => number;

const PAGE = 65536;

/** A function of a program's compiled module, on a memory. */
export function instantiate(
  program: Program,
  options: { width: Width; sources: readonly ParamSource[] },
  memory: WebAssembly.Memory,
): Kernel {
  const module = new WebAssembly.Module(compileKernel(program, { ...options, shared: false }));
  return new WebAssembly.Instance(module, { env: { memory } }).exports.kernel as Kernel;
}

/** Small, fast, seeded random numbers in [0, 1) (Marsaglia's xorshift). */
export function random(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/** Two equal memories: the kernel runs on one, the oracle on the other. */
export class Rig {
  readonly memory: WebAssembly.Memory;
  readonly view: { f32: Float32Array; i32: Int32Array };
  readonly expected: { f32: Float32Array; i32: Int32Array };
  readonly descriptor = HEADER.NOW + 1024;
  readonly outputs: number[];
  readonly inputs: number[];
  readonly rows: number[];
  /** State blocks and parameter records of the lanes. */
  readonly states: number[];
  readonly params: number[];
  readonly kernel: Kernel;
  readonly #oracle;
  readonly #stride: number;
  #at = 8192;

  /**
   * @param instances Distinct instances; lanes beyond them alias the last. For a chain: its length.
   * @param inPlace Whether output k is written to the buffer of input k.
   */
  constructor(
    readonly program: Program,
    readonly options: { width: Exclude<Width, "pair">; sources: readonly ParamSource[] },
    readonly instances: number,
    { seed = 1, inPlace = false, lengths = [0, 1, 5, 64] }: {
      seed?: number;
      inPlace?: boolean;
      /** Lengths of the tables in slots, in turn. */
      lengths?: readonly number[];
    } = {},
  ) {
    const { width } = options;
    const lanes = width === "chain" ? instances : width;
    this.#stride = width === "chain" ? 1 : width;
    const pages = 4 + Math.ceil(lanes * (instanceBytes(program) + 4096) / PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages });
    this.view = {
      f32: new Float32Array(this.memory.buffer),
      i32: new Int32Array(this.memory.buffer),
    };
    const buffer = new ArrayBuffer(pages * PAGE);
    this.expected = { f32: new Float32Array(buffer), i32: new Int32Array(buffer) };
    const r = random(seed);
    // Everything holds random bits that are finite, so that a stray access shows.
    for (let k = 0; k < this.view.i32.length; k++) this.view.f32[k] = 2 * r() - 1;
    const own = <T>(make: () => T): T[] => {
      const made = Array.from({ length: instances }, make);
      return Array.from({ length: lanes }, (_, lane) => made[Math.min(lane, instances - 1)]);
    };
    this.states = own(() =>
      this.#take(instanceBytes(program)) + program.tableSlots * TABLE_SLOT_BYTES
    );
    this.params = own(() => this.#take(PARAM_BYTES * program.params));
    this.inputs = Array.from({ length: program.inputs }, () => this.#buffer());
    this.outputs = program.outputs.map((_, k) =>
      inPlace && k < program.inputs ? this.inputs[k] : this.#buffer()
    );
    this.rows = Array.from({ length: program.params }, () => this.#buffer());
    const tables = program.tables.map((table) => {
      const address = this.#take(4 * table.length);
      this.view.f32.set(table, address >> 2);
      return address;
    });
    let tablesMade = 0;
    for (const state of new Set(this.states)) {
      for (let slot = 0; slot < program.tableSlots; slot++) {
        this.#fillSlot(
          state - (slot + 1) * TABLE_SLOT_BYTES,
          lengths[tablesMade++ % lengths.length],
        );
      }
    }
    for (const state of this.states) {
      for (const { offset, type, initial } of program.scalars) {
        this.view[type][(state + offset) >> 2] = initial;
      }
      for (const { offset, length } of program.blocks) {
        for (let k = 0; k < length; k++) this.view.f32[(state + offset >> 2) + k] = 2 * r() - 1;
      }
    }
    for (const record of this.params) {
      for (let k = 0; k < 8 * program.params; k++) this.view.f32[(record >> 2) + k] = 2 * r() - 1;
    }
    const words = width === "chain"
      ? [instances, this.inputs[0], this.outputs[0], ...tables, ...this.params]
      : [...this.states, ...this.params, ...this.inputs, ...this.outputs, ...this.rows, ...tables];
    this.view.i32.set(words, this.descriptor >> 2);
    this.view.f32[HEADER.FLUSH >> 2] = 0;
    this.now = 0;
    this.kernel = instantiate(program, options, this.memory);
    this.#oracle = compileOracle(program, options);
  }

  set now(frame: number) {
    this.view.i32[HEADER.NOW >> 2] = frame | 0;
    this.view.i32[(HEADER.NOW >> 2) + 1] = Math.floor(frame / 2 ** 32);
  }

  set flush(threshold: number) {
    this.view.f32[HEADER.FLUSH >> 2] = threshold;
  }

  /** Fills the inputs and rows; lanes that alias an instance get its values. */
  feed(value: (frame: number, lane: number, buffer: number) => number): void {
    for (const [k, address] of [...this.inputs, ...this.rows].entries()) {
      for (let t = 0; t < QUANTUM; t++) {
        for (let lane = 0; lane < this.#stride; lane++) {
          const from = this.options.width === "chain" ? 0 : Math.min(lane, this.instances - 1);
          this.view.f32[(address >> 2) + t * this.#stride + lane] = value(t, from, k);
        }
      }
    }
  }

  /** Runs both; returns the first difference in words, or "" if there is none. */
  step(frames: number): string {
    this.expected.i32.set(this.view.i32);
    const wanted = this.#oracle(this.expected, this.descriptor, frames);
    const got = this.kernel(this.descriptor, frames);
    for (const address of this.outputs) {
      const end = (address >> 2) + QUANTUM * this.#stride;
      this.expected.i32.fill(0, (address >> 2) + frames * this.#stride, end);
      this.view.i32.fill(0, (address >> 2) + frames * this.#stride, end);
    }
    if (got !== wanted) return `fault mask is ${got}, wanted ${wanted}`;
    for (let k = 0; k < this.view.i32.length; k++) {
      if (this.view.i32[k] === this.expected.i32[k]) continue;
      const [x, y] = [this.view.f32[k], this.expected.f32[k]];
      if (x !== x && y !== y) continue;
      return `word at ${4 * k} is ${x} (${this.view.i32[k]}), wanted ${y} (${
        this.expected.i32[k]
      }); ${this.#place(4 * k)}`;
    }
    return "";
  }

  /** The output of channel 0, lane `lane`. */
  output(lane: number, frames: number): number[] {
    const at = this.outputs[0] >> 2;
    return Array.from({ length: frames }, (_, t) => this.view.f32[at + t * this.#stride + lane]);
  }

  /** Puts a table of random numbers, or of one 0 if its length is 0, into a slot. */
  #fillSlot(slot: number, length: number): void {
    const address = this.#take(4 * Math.max(1, length));
    if (length === 0) this.view.f32[address >> 2] = 0;
    this.view.i32[(slot + TABLE_SLOT.ADDRESS) >> 2] = address;
    this.view.i32[(slot + TABLE_SLOT.LENGTH) >> 2] = length;
    this.view.f32[(slot + TABLE_SLOT.SAMPLE_RATE) >> 2] = 1000 + address;
    this.view.i32[(slot + TABLE_SLOT.ID) >> 2] = address;
  }

  #take(bytes: number): number {
    const address = this.#at;
    this.#at += (bytes + 64 + 15) & ~15;
    return address;
  }

  #buffer(): number {
    return this.#take(4 * QUANTUM * this.#stride);
  }

  #place(address: number): string {
    const regions = Object.entries({
      states: this.states,
      params: this.params,
      inputs: this.inputs,
      outputs: this.outputs,
      rows: this.rows,
    }).flatMap(([name, list]) => list.map((start, k) => ({ name: `${name}[${k}]`, start })));
    const near =
      regions.filter(({ start }) => start <= address).sort((a, b) => b.start - a.start)[0];
    return near ? `${near.name} + ${address - near.start}` : "before all regions";
  }
}
