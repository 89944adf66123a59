/**
 * A node's `tick` as the JavaScript that one would write by hand: one function a type that renders a
 * block of one node, what is still computed before the loop, state in locals, doubles throughout.
 *
 * It is what the engine is measured against. It is not bit-identical to the kernels, since a number
 * is rounded to f32 only where it is stored.
 *
 * @module
 */
import { LINE_FLUSH } from "../../core/layout.ts";
import {
  type Id,
  inferRates,
  type IrNode,
  type ParamSource,
  type Program,
  Rate,
} from "../../core/kernel/ir.ts";

/** One node: everything its function reads and writes. */
export interface PlainInstance {
  readonly inputs: Float32Array[];
  readonly outputs: readonly Float32Array[];
  /** Scalars of the state. */
  readonly state: Float64Array;
  /** Arrays and delay lines. */
  readonly blocks: readonly Float32Array[];
  /** Where each delay line is written next. */
  readonly heads: Int32Array;
  /** Values of still parameters. */
  readonly params: Float64Array;
  /** Rows of moving ones. */
  readonly rows: Float32Array[];
}

/** Renders `frames` frames of one node. */
export type PlainProcess = (self: PlainInstance, frames: number) => void;

/** States below this are set to zero at the end of a block. */
const FLUSH = 1e-20;

const INFIX: Readonly<Record<string, string>> = {
  "f32.add": "+",
  "f32.sub": "-",
  "f32.mul": "*",
  "f32.div": "/",
  "mask.and": "&&",
  "mask.or": "||",
  "mask.xor": "!==",
  "i32.and": "&",
  "i32.or": "|",
  "i32.xor": "^",
};
const COMPARE: Readonly<Record<string, string>> = {
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  eq: "===",
  ne: "!==",
};
const CALLS: Readonly<Record<string, string>> = {
  "f32.min": "Math.min",
  "f32.max": "Math.max",
  "f32.abs": "Math.abs",
  "f32.sqrt": "Math.sqrt",
  "f32.floor": "Math.floor",
  "f32.ceil": "Math.ceil",
  "f32.trunc": "Math.trunc",
  "f32.nearest": "Math.round",
  "i32.min": "Math.min",
  "i32.max": "Math.max",
  "i32.mul": "Math.imul",
};

/** Compiles a program for parameters that come from the given sources. */
export function compilePlain(program: Program, sources: readonly ParamSource[]): PlainProcess {
  const rates = inferRates(program, sources);
  const before: string[] = [];
  const loop: string[] = [];
  const writes: string[] = [];
  for (const [id, node] of program.nodes.entries()) {
    if (node.op === "line.write") {
      writes.push(`b${node.imm}[h${node.imm}] = ${flushed(name(program, node.args[0]))};`);
      continue;
    }
    if (node.op.endsWith(".const")) continue;
    const text = node.op === "array.store"
      ? `${element(program, node)} = ${flushed(name(program, node.args[1]))};`
      : `const n${id} = ${expression(program, id, rates)};`;
    (rates[id] === Rate.Sample ? loop : before).push(text);
  }
  const each = <T>(items: readonly T[], write: (item: T, k: number) => string) =>
    items.map(write).join("\n");
  const moving = program.scalars.map((_, k) => {
    const next = program.nodes[program.next[k]];
    return !(next.op.startsWith("state.") && next.imm === k);
  });
  const lines = program.blocks.map((block) => block.kind === "line");
  const count = (length: number) => Array.from({ length }, (_, k) => k);
  const source = `
    const F = new Float32Array(1), I = new Int32Array(F.buffer);
    return function ${program.name.replace(/\W/g, "_")}(self, frames) {
      const { inputs, outputs, state, blocks, heads, params, rows } = self;
      ${each(count(program.inputs), (k) => `const in${k} = inputs[${k}];`)}
      ${each(program.outputs, (_, k) => `const out${k} = outputs[${k}];`)}
      ${each(count(program.params), (k) => `const p${k} = params[${k}], r${k} = rows[${k}];`)}
      ${each(program.scalars, (_, k) => `let s${k} = state[${k}];`)}
      ${each(program.blocks, (_, k) => `const b${k} = blocks[${k}]; let h${k} = heads[${k}];`)}
      ${before.join("\n")}
      for (let t = 0; t < frames; t++) {
        ${loop.join("\n")}
        ${each(program.outputs, (id, k) => `out${k}[t] = ${name(program, id)};`)}
        ${writes.join("\n")}
        ${each(program.next, (id, k) => moving[k] ? `s${k} = ${name(program, id)};` : "")}
        ${
    each(program.blocks, ({ length }, k) => lines[k] ? `if (++h${k} === ${length}) h${k} = 0;` : "")
  }
      }
      ${
    each(
      program.scalars,
      (_, k) => moving[k] ? `state[${k}] = Math.abs(s${k}) < ${FLUSH} ? 0 : s${k};` : "",
    )
  }
      ${each(program.blocks, (_, k) => lines[k] ? `heads[${k}] = h${k};` : "")}
    };`;
  return new Function("tables", source)(program.tables);
}

function name(program: Program, id: Id): string {
  const { op, imm } = program.nodes[id];
  if (op === "mask.const") return imm ? "true" : "false";
  if (op.endsWith(".const")) return Object.is(imm, -0) ? "-0" : imm < 0 ? `(${imm})` : `${imm}`;
  return `n${id}`;
}

function expression(program: Program, id: Id, rates: readonly Rate[]): string {
  const node = program.nodes[id];
  const { op, imm } = node;
  const args = node.args.map((arg) => name(program, arg));
  if (INFIX[op]) return args.join(` ${INFIX[op]} `);
  if (CALLS[op]) return `${CALLS[op]}(${args.join()})`;
  const [type, action] = op.split(".");
  if (COMPARE[action]) return args.join(` ${COMPARE[action]} `);
  if (action === "select") return `${args[0]} ? ${args[1]} : ${args[2]}`;
  switch (op) {
    case "input":
      return `in${imm}[t]`;
    case "param":
      return rates[id] === Rate.Sample ? `r${imm}[t]` : `p${imm}`;
    case "state.f32":
    case "state.i32":
      return `s${imm}`;
    case "f32.neg":
      return `-${args[0]}`;
    case "mask.not":
      return `!${args[0]}`;
    case "i32.add":
      return `(${args[0]} + ${args[1]}) | 0`;
    case "i32.sub":
      return `(${args[0]} - ${args[1]}) | 0`;
    case "i32.shl":
      return `${args[0]} << ${imm}`;
    case "i32.shr_s":
      return `${args[0]} >> ${imm}`;
    case "i32.shr_u":
      return `(${args[0]} >>> ${imm}) | 0`;
    case "i32.trunc_sat":
      return `${args[0]} | 0`;
    case "f32.convert":
      return args[0];
    case "i32.from_bits":
      return `(F[0] = ${args[0]}, I[0])`;
    case "f32.from_bits":
      return `(I[0] = ${args[0]}, F[0])`;
    case "array.load":
      return element(program, node);
    case "table.load":
      return `tables[${imm}][${limited(args[0], 0, program.tables[imm].length - 1)}]`;
    case "line.read": {
      const { length } = program.blocks[imm];
      const back = `h${imm} - ${limited(args[0], 1, length)}`;
      return `b${imm}[${back} < 0 ? ${back} + ${length} : ${back}]`;
    }
    default:
      throw new TypeError(`Cannot write ${type}.${action} as plain JavaScript`);
  }
}

function element(program: Program, node: IrNode): string {
  const { length } = program.blocks[node.imm];
  return `b${node.imm}[${limited(name(program, node.args[0]), 0, length - 1)}]`;
}

/** An index within bounds; a constant is put within them at once. */
function limited(index: string, low: number, high: number): string {
  const value = Number(index.replace(/[()]/g, ""));
  if (!Number.isNaN(value)) return String(Math.min(Math.max(value, low), high));
  return `Math.min(Math.max(${index}, ${low}), ${high})`;
}

function flushed(value: string): string {
  return `${value} + ${LINE_FLUSH} - ${LINE_FLUSH}`;
}
