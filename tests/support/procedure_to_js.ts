/**
 * The oracle of procedures: their plainest reading, as JavaScript that rounds each result to f32.
 *
 * @module
 */
import { type Id, OPS } from "../../core/kernel/ir.ts";
import type { Procedure, Step } from "../../core/kernel/procedure.ts";
import { LINE_FLUSH } from "../../core/layout.ts";
import { type GivenTable, tableValue } from "./given_table.ts";
import { arithmeticText } from "./program_to_js.ts";

/** What one run of a procedure works on. */
export interface ProcedureMemory {
  readonly blocks: readonly Float32Array[];
  /** By index: f32, or the bits of an i32 or a phase. */
  readonly scalars: { [index: number]: number };
  readonly params: ArrayLike<number>;
  /** Tables of the instance. */
  readonly given: readonly GivenTable[];
}

/** A function that runs the procedure once. */
export function procedureToJs(procedure: Procedure): (memory: ProcedureMemory) => void {
  const { nodes, blocks, tables, slots } = procedure;
  const element = (list: string, index: string, length: number) =>
    `${list}[clamp(${index}, ${length - 1})]`;
  const value = (id: Id): string => {
    const { op, args, imm } = nodes[id];
    const [x, y] = args.map((arg) => `v${arg}`);
    switch (op) {
      case "param":
        return `f(params[${imm}])`;
      case "table.load":
        return element(`tables[${imm}]`, x, tables[imm].length);
      case "array.load":
        return element(`blocks[${imm}]`, x, blocks[imm].length);
      case "array.store":
        return `${element(`blocks[${imm}]`, x, blocks[imm].length)} = flush(${y})`;
      case "scalar.load.f32":
      case "scalar.load.i32":
        return `scalars[${imm}]`;
      case "scalar.store.f32":
      case "scalar.store.i32":
        return `scalars[${imm}] = ${x}`;
      case "given.load":
        return `tableValue(given[${imm}], ${x})`;
      case "given.length":
        return `given[${imm}].data.length`;
      case "given.rate":
        return `f(given[${imm}].sampleRate ?? 48000)`;
      case "given.id":
        return `given[${imm}].id ?? 1`;
      case "slot.f32":
      case "slot.i32":
      case "slot.mask":
        return `slot${imm}`;
      default:
        return arithmeticText(op, args.map((arg) => `v${arg}`), imm);
    }
  };
  const text = (steps: readonly Step[]): string =>
    steps.map((step): string => {
      switch (step.kind) {
        case "value":
          return OPS[nodes[step.id].op].result === "void"
            ? `${value(step.id)};`
            : `v${step.id} = ${value(step.id)};`;
        case "set":
          return `slot${step.slot} = v${step.value};`;
        case "if":
          return `if (v${step.test}) {\n${text(step.then)}\n} else {\n${text(step.otherwise)}\n}`;
        case "loop":
          return `for (let round = 0;; round++) {
            ${text(step.head)}
            if (!v${step.test}) break;
            if (round === ${step.rounds}) throw new RangeError("more rounds than stated");
            ${text(step.body)}
            ${step.done === undefined ? "" : `if (v${step.done}) break;`}
          }`;
      }
    }).join("\n");
  const names = [...nodes.map((_, id) => `v${id}`), ...slots.map((_, k) => `slot${k}`)];
  const body = `return ({ blocks, scalars, params, given }) => {
    let ${names.map((name) => `${name} = 0`).join(", ") || "none"};
    ${text(procedure.steps)}
  };`;
  const clamp = (x: number, high: number) => x < 0 ? 0 : x > high ? high : x;
  const c = Math.fround(LINE_FLUSH);
  const flush = (x: number) => Math.fround(Math.fround(x + c) - c);
  return new Function("ops", "f", "clamp", "flush", "tables", "tableValue", body)(
    OPS,
    Math.fround,
    clamp,
    flush,
    tables,
    tableValue,
  );
}
