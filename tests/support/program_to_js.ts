/**
 * Runs a program as generated JavaScript, each operation rounded to f32: the same bits as a kernel,
 * some hundred times faster than walking the nodes. For tests that need many samples.
 *
 * @module
 */
import { type Op, OPS, type Program } from "../../core/kernel/ir.ts";
import type { Procedure } from "../../core/kernel/procedure.ts";
import { procedureToJs } from "./procedure_to_js.ts";
import { type GivenTable, NO_TABLE, tableValue } from "./given_table.ts";
import { LINE_FLUSH } from "../../core/layout.ts";

/** One sample: fills `outputs` (one number a channel). */
export type StepFunction = (
  inputs: ArrayLike<number>,
  params: ArrayLike<number>,
  outputs: Float32Array,
) => void;

const INFIX: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  and: "&",
  or: "|",
  xor: "^",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  eq: "===",
  ne: "!==",
};

/** An arithmetic operation as text; `ops` and `f` must be known where it stands. */
export function arithmeticText(op: Op, args: readonly string[], imm: number): string {
  const [x, y, z] = args;
  const [type, name] = op.split(".");
  switch (op) {
    case "f32.const":
    case "i32.const":
    case "mask.const":
      return Object.is(imm, -0) ? "-0" : `${imm}`;
    case "i32.shl":
      return `${x} << ${imm}`;
    case "i32.shr_s":
      return `${x} >> ${imm}`;
    case "i32.shr_u":
      return `(${x} >>> ${imm}) | 0`;
    case "f32.add":
    case "f32.sub":
    case "f32.mul":
    case "f32.div":
      return `f(${x} ${INFIX[name]} ${y})`;
    case "f32.neg":
      return `-${x}`;
    case "i32.add":
    case "i32.sub":
      return `(${x} ${INFIX[name]} ${y}) | 0`;
  }
  if (name === "select") return `${x} ? ${y} : ${z}`;
  if (!(name in INFIX) || op === "i32.mul") return `ops["${op}"].fold(${args})`;
  if (type === "i32" && OPS[op].result === "i32") return `${x} ${INFIX[name]} ${y}`;
  return `(${x} ${INFIX[name]} ${y}) ${OPS[op].result === "mask" ? "? 1 : 0" : ""}`;
}

/** A new instance of the program, with its initial state; `hop` is the procedure that shares it. */
export function instantiate(
  program: Program,
  hop: Procedure | null = null,
  given: readonly GivenTable[] = [],
): StepFunction {
  const { nodes, outputs, next, scalars, blocks, tables } = program;
  const lines: string[] = [];
  for (const [id, { op, args, imm }] of nodes.entries()) {
    const [x, y] = args.map((arg) => `v${arg}`);
    const set = (text: string) => lines.push(`const v${id} = ${text};`);
    switch (op) {
      case "input":
        set(`f(inputs[${imm}])`);
        break;
      case "param":
        set(`f(params[${imm}])`);
        break;
      case "state.f32":
      case "state.i32":
        set(`s${imm}`);
        break;
      case "table.load":
        set(`tables[${imm}][clamp(${x}, 0, ${tables[imm].length - 1})]`);
        break;
      case "given.load":
        set(`tableValue(slots[${imm}], ${x})`);
        break;
      case "given.length":
        set(`slots[${imm}].data.length`);
        break;
      case "given.rate":
        set(`f(slots[${imm}].sampleRate ?? 48000)`);
        break;
      case "given.id":
        set(`slots[${imm}].id ?? 1`);
        break;
      case "array.load":
        set(`blocks[${imm}][clamp(${x}, 0, ${blocks[imm].length - 1})]`);
        break;
      case "array.store":
        lines.push(`blocks[${imm}][clamp(${x}, 0, ${blocks[imm].length - 1})] = flush(${y});`);
        break;
      case "line.read": {
        const { length } = blocks[imm];
        set(`blocks[${imm}][(now + ${length} - clamp(${x}, 1, ${length})) % ${length}]`);
        break;
      }
      case "line.write":
        lines.push(`blocks[${imm}][now % ${blocks[imm].length}] = flush(${x});`);
        break;
      default:
        set(arithmeticText(op, args.map((arg) => `v${arg}`), imm));
    }
  }
  const body = `
    ${
    scalars.map(({ initial }, k) => `let s${k} = ${Object.is(initial, -0) ? "-0" : initial};`).join(
      "\n",
    )
  }
    let now = 0;
    const memory = { blocks, params: null, given: slots, scalars: {
      ${
    scalars.map((_, k) => `get ${k}() { return s${k}; }, set ${k}(x) { s${k} = x; },`).join("\n")
  }
    } };
    return (inputs, params, outputs) => {
      if (hop && now % ${hop?.every} === 0) {
        memory.params = params;
        hop(memory);
      }
      ${lines.join("\n")}
      ${outputs.map((id, k) => `outputs[${k}] = v${id};`).join("\n")}
      ${next.map((id, k) => `s${k} = v${id};`).join("\n")}
      now++;
    };`;
  const clamp = (x: number, low: number, high: number) => x < low ? low : x > high ? high : x;
  const c = Math.fround(LINE_FLUSH);
  const flush = (x: number) => Math.fround(Math.fround(x + c) - c);
  const memory = blocks.map(({ length }) => new Float32Array(length));
  const slots = Array.from({ length: program.tableSlots }, (_, k) => given[k] ?? NO_TABLE);
  const names = ["ops", "f", "clamp", "flush", "tables", "blocks", "slots", "tableValue", "hop"];
  return new Function(...names, body)(
    OPS,
    Math.fround,
    clamp,
    flush,
    tables,
    memory,
    slots,
    tableValue,
    hop && procedureToJs(hop),
  );
}
