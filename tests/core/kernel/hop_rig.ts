/** Runs a compiled procedure and its oracle on equal memories. @module */
import { HEADER, PARAM, PARAM_BYTES } from "../../../core/layout.ts";
import type { NodeDefinition } from "../../../core/kernel/define_node.ts";
import { ParamSource } from "../../../core/kernel/ir.ts";
import { lower } from "../../../core/kernel/language/lower.ts";
import { lowerHop } from "../../../core/kernel/language/lower_hop.ts";
import type { Procedure } from "../../../core/kernel/procedure.ts";
import { procedureToJs } from "../../support/procedure_to_js.ts";
import { compileHop } from "../../../core/kernel/wasm_backend/hop.ts";
import { type Kernel, random } from "./backend_rig.ts";

const DESCRIPTOR = 2048;
const RECORDS = 4096;
const STATE = 16384;

/** A definition's procedure in a small memory, beside a copy of it for the oracle. */
export class HopRig {
  readonly procedure: Procedure;
  readonly view: { f32: Float32Array; i32: Int32Array };
  readonly expected: { f32: Float32Array; i32: Int32Array };
  readonly #oracle: () => void;
  readonly #kernel: Kernel;

  constructor(
    definition: NodeDefinition,
    { seed = 1, sampleRate = 48_000, params = [] as number[] } = {},
  ) {
    const procedure = this.procedure = lowerHop(definition, sampleRate)!;
    const { stateBytes } = lower(definition, sampleRate);
    const tableBytes = procedure.tables.reduce((sum, { length }) => sum + 4 * length + 16, 0);
    const pages = Math.ceil((STATE + stateBytes + tableBytes) / 65536) + 1;
    const memory = new WebAssembly.Memory({ initial: pages });
    const view = (buffer: ArrayBuffer | SharedArrayBuffer) => ({
      f32: new Float32Array(buffer),
      i32: new Int32Array(buffer),
    });
    this.view = view(memory.buffer);
    this.expected = view(new ArrayBuffer(memory.buffer.byteLength));
    const next = random(seed);
    for (const { offset, length } of procedure.blocks) {
      for (let k = 0; k < length; k++) this.view.f32[(STATE + offset >> 2) + k] = 2 * next() - 1;
    }
    for (const { offset, type, initial } of procedure.scalars) {
      this.view[type][(STATE + offset) >> 2] = initial;
    }
    for (const [k, value] of params.entries()) {
      this.view.f32[(RECORDS + k * PARAM_BYTES + PARAM.TARGET) >> 2] = value;
      this.view.i32[(RECORDS + k * PARAM_BYTES + PARAM.EVENTS) >> 2] = -1;
    }
    let at = STATE + stateBytes;
    const tables = procedure.tables.map((table) => {
      this.view.f32.set(table, at >> 2);
      at += 4 * table.length + 16 & ~15;
      return at - (4 * table.length + 16 & ~15);
    });
    this.view.i32.set([1, ...tables, STATE, RECORDS], DESCRIPTOR >> 2);
    this.expected.f32.set(this.view.f32);
    const blocks = procedure.blocks.map(({ offset, length }) =>
      this.expected.f32.subarray((STATE + offset) >> 2, (STATE + offset >> 2) + length)
    );
    const place = (k: string) => {
      const { type, offset } = procedure.scalars[Number(k)];
      return [this.expected[type], (STATE + offset) >> 2] as const;
    };
    const scalars = new Proxy({} as Record<number, number>, {
      get: (_, k: string) => place(k)[0][place(k)[1]],
      set: (_, k: string, value) => (place(k)[0][place(k)[1]] = value, true),
    });
    const oracle = procedureToJs(procedure);
    this.#oracle = () => oracle({ blocks, scalars, params, given: [] });
    const sources = Array.from({ length: procedure.params }, () => ParamSource.Still);
    const bytes = compileHop(procedure, { sources, shared: false });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    this.#kernel = instance.exports.kernel as Kernel;
  }

  /** An array of the state, of the compiled procedure's memory. */
  array(name: string): Float32Array {
    const block = this.procedure.blocks.find((one) => one.name === name)!;
    return this.view.f32.subarray(
      STATE + block.offset >> 2,
      (STATE + block.offset >> 2) + block.length,
    );
  }

  /** A scalar of the state. */
  scalar(name: string): number {
    const { offset, type } = this.procedure.scalars.find((one) => one.name === name)!;
    return this.view[type][(STATE + offset) >> 2];
  }

  /** Sets a scalar for both. */
  setScalar(name: string, value: number): void {
    const { offset, type } = this.procedure.scalars.find((one) => one.name === name)!;
    for (const view of [this.view, this.expected]) view[type][(STATE + offset) >> 2] = value;
  }

  /** Sets an array for both. */
  setArray(name: string, values: ArrayLike<number>): void {
    const { offset } = this.procedure.blocks.find((one) => one.name === name)!;
    for (const view of [this.view, this.expected]) view.f32.set(values, (STATE + offset) >> 2);
  }

  /** Calls the compiled procedure alone, at a frame. */
  call(frame = 0): number {
    this.view.i32[HEADER.NOW >> 2] = frame | 0;
    this.view.i32[(HEADER.NOW >> 2) + 1] = Math.floor(frame / 2 ** 32);
    return this.#kernel(DESCRIPTOR, 64);
  }

  /** Runs both at a frame; returns the first difference of their states, or "". */
  step(frame = 0): string {
    this.call(frame);
    if (frame % this.procedure.every === 0) {
      this.#oracle();
    }
    for (let k = STATE >> 2; k < this.view.i32.length; k++) {
      if (this.view.i32[k] === this.expected.i32[k]) continue;
      const [x, y] = [this.view.f32[k], this.expected.f32[k]];
      if (x !== x && y !== y) continue;
      return `word ${k - (STATE >> 2)} of the state is ${x} (${this.view.i32[k]}), wanted ${y} (${
        this.expected.i32[k]
      })`;
    }
    return "";
  }
}
