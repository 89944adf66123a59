/**
 * Runs a program one sample at a time, straight from its nodes: independent of every backend,
 * without memory, lanes or blocks.
 *
 * @module
 */
import { type IrNode, OPS, type Program } from "../../core/kernel/ir.ts";
import type { Procedure } from "../../core/kernel/procedure.ts";
import { type ProcedureMemory, procedureToJs } from "./procedure_to_js.ts";
import { type GivenTable, NO_TABLE, tableValue } from "./given_table.ts";
import { LINE_FLUSH } from "../../core/layout.ts";

const f = Math.fround;
/** What is stored in arrays and delay lines. */
export const flush = (x: number): number => f(f(x + f(LINE_FLUSH)) - f(LINE_FLUSH));
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

/** One instance of a program. */
export class Evaluator {
  readonly program: Program;
  /** The scalars as stored: f32, or the bits of an i32 or a phase. */
  readonly scalars: number[];
  readonly blocks: Float32Array[];
  readonly #every: number;
  readonly #hop: ((memory: ProcedureMemory) => void) | null;
  readonly #tables: readonly GivenTable[];
  #now = 0;

  /** @param hop The procedure that shares the program's state. */
  constructor(
    program: Program,
    hop: Procedure | null = null,
    tables: readonly GivenTable[] = [],
  ) {
    this.program = program;
    this.#every = hop?.every ?? Infinity;
    this.#hop = hop && procedureToJs(hop);
    this.#tables = Array.from({ length: program.tableSlots }, (_, k) => tables[k] ?? NO_TABLE);
    this.scalars = program.scalars.map(({ initial }) => initial);
    this.blocks = program.blocks.map(({ length }) => new Float32Array(length));
  }

  /** One sample: the channels of all outputs. */
  step(inputs: readonly number[], params: readonly number[]): number[] {
    const { nodes, outputs, next } = this.program;
    const values: number[] = [];
    if (this.#hop && this.#now % this.#every === 0) {
      this.#hop({ blocks: this.blocks, scalars: this.scalars, params, given: this.#tables });
    }
    for (const node of nodes) values.push(this.#value(node, values, inputs, params));
    next.forEach((id, k) => this.scalars[k] = values[id]);
    this.#now++;
    return outputs.map((id) => values[id]);
  }

  #value(
    { op, args, imm }: IrNode,
    values: readonly number[],
    inputs: readonly number[],
    params: readonly number[],
  ): number {
    const [x, y] = args.map((arg) => values[arg]);
    switch (op) {
      case "f32.const":
      case "i32.const":
      case "mask.const":
        return imm;
      case "input":
        return f(inputs[imm]);
      case "param":
        return f(params[imm]);
      case "state.f32":
      case "state.i32":
        return this.scalars[imm];
      case "i32.shl":
        return x << imm;
      case "i32.shr_s":
        return x >> imm;
      case "i32.shr_u":
        return (x >>> imm) | 0;
      case "table.load": {
        const table = this.program.tables[imm];
        return table[clamp(x, 0, table.length - 1)];
      }
      case "given.load":
        return tableValue(this.#tables[imm], x);
      case "given.length":
        return this.#tables[imm].data.length;
      case "given.rate":
        return f(this.#tables[imm].sampleRate ?? 48_000);
      case "given.id":
        return this.#tables[imm].id ?? 1;
      case "array.load":
        return this.blocks[imm][clamp(x, 0, this.blocks[imm].length - 1)];
      case "array.store":
        return this.blocks[imm][clamp(x, 0, this.blocks[imm].length - 1)] = flush(y);
      case "line.read": {
        const line = this.blocks[imm];
        const delay = clamp(x, 1, line.length);
        return line[(this.#now + line.length - delay) % line.length];
      }
      case "line.write":
        return this.blocks[imm][this.#now % this.blocks[imm].length] = flush(x);
      default:
        return OPS[op].fold!(...args.map((arg) => values[arg]));
    }
  }
}
