/**
 * Runs a program as generated JavaScript, each operation rounded to f32: the same bits as a kernel,
 * some hundred times faster than walking the nodes. For tests that need many samples.
 *
 * @module
 */
import { OPS, type Program } from "../../core/kernel/ir.ts";
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

/** A new instance of the program, with its initial state. */
export function instantiate(program: Program): StepFunction {
  const { nodes, outputs, next, scalars, blocks, tables } = program;
  const lines: string[] = [];
  for (const [id, { op, args, imm }] of nodes.entries()) {
    const [x, y, z] = args.map((arg) => `v${arg}`);
    const set = (text: string) => lines.push(`const v${id} = ${text};`);
    const [type, name] = op.split(".");
    switch (op) {
      case "f32.const":
      case "i32.const":
      case "mask.const":
        set(Object.is(imm, -0) ? "-0" : `${imm}`);
        break;
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
      case "i32.shl":
        set(`${x} << ${imm}`);
        break;
      case "i32.shr_s":
        set(`${x} >> ${imm}`);
        break;
      case "i32.shr_u":
        set(`(${x} >>> ${imm}) | 0`);
        break;
      case "table.load":
        set(`tables[${imm}][clamp(${x}, 0, ${tables[imm].length - 1})]`);
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
      case "f32.add":
      case "f32.sub":
      case "f32.mul":
      case "f32.div":
        set(`f(${x} ${INFIX[name]} ${y})`);
        break;
      case "f32.neg":
        set(`-${x}`);
        break;
      case "i32.add":
      case "i32.sub":
        set(`(${x} ${INFIX[name]} ${y}) | 0`);
        break;
      default:
        if (name === "select") set(`${x} ? ${y} : ${z}`);
        else if (name in INFIX && op !== "i32.mul") {
          set(
            type === "i32" && OPS[op].result === "i32"
              ? `${x} ${INFIX[name]} ${y}`
              : `(${x} ${INFIX[name]} ${y}) ${OPS[op].result === "mask" ? "? 1 : 0" : ""}`,
          );
        } else set(`ops["${op}"].fold(${[x, y, z].slice(0, args.length)})`);
    }
  }
  const body = `
    ${
    scalars.map(({ initial }, k) => `let s${k} = ${Object.is(initial, -0) ? "-0" : initial};`).join(
      "\n",
    )
  }
    let now = 0;
    return (inputs, params, outputs) => {
      ${lines.join("\n")}
      ${outputs.map((id, k) => `outputs[${k}] = v${id};`).join("\n")}
      ${next.map((id, k) => `s${k} = v${id};`).join("\n")}
      now++;
    };`;
  const clamp = (x: number, low: number, high: number) => x < low ? low : x > high ? high : x;
  const c = Math.fround(LINE_FLUSH);
  const flush = (x: number) => Math.fround(Math.fround(x + c) - c);
  const memory = blocks.map(({ length }) => new Float32Array(length));
  return new Function("ops", "f", "clamp", "flush", "tables", "blocks", body)(
    OPS,
    Math.fround,
    clamp,
    flush,
    tables,
    memory,
  );
}
