/** The meaning of each arithmetic operation in WebAssembly, for one lane and for four. @module */
import {
  type Code,
  constant,
  f32x4,
  f32x4Const,
  type FunctionBuilder,
  i32,
  i32x4,
  i32x4Const,
  instruction,
  type OpcodeName,
  select,
  tee,
  v128,
  type ValueType,
} from "../../wasm/mod.ts";
import { type IrNode, type Op, OPS } from "../ir.ts";

/** How a value is held: alone, or four in a vector. A mask is 0 or 1 alone, all bits in a vector. */
export type Form = "scalar" | "vector";

/** The type of local that holds the result of `op`. */
export function localType(op: Op, form: Form): ValueType {
  if (form === "vector") return "v128";
  return OPS[op].result === "f32" ? "f32" : "i32";
}

/** Operations that are one instruction each: [scalar, vector]. */
const INSTRUCTIONS: { readonly [op in Op]?: readonly [OpcodeName, OpcodeName] } = {
  "f32.add": ["f32.add", "f32x4.add"],
  "f32.sub": ["f32.sub", "f32x4.sub"],
  "f32.mul": ["f32.mul", "f32x4.mul"],
  "f32.div": ["f32.div", "f32x4.div"],
  "f32.min": ["f32.min", "f32x4.min"],
  "f32.max": ["f32.max", "f32x4.max"],
  "f32.neg": ["f32.neg", "f32x4.neg"],
  "f32.abs": ["f32.abs", "f32x4.abs"],
  "f32.sqrt": ["f32.sqrt", "f32x4.sqrt"],
  "f32.floor": ["f32.floor", "f32x4.floor"],
  "f32.ceil": ["f32.ceil", "f32x4.ceil"],
  "f32.trunc": ["f32.trunc", "f32x4.trunc"],
  "f32.nearest": ["f32.nearest", "f32x4.nearest"],
  "i32.add": ["i32.add", "i32x4.add"],
  "i32.sub": ["i32.sub", "i32x4.sub"],
  "i32.mul": ["i32.mul", "i32x4.mul"],
  "i32.and": ["i32.and", "v128.and"],
  "i32.or": ["i32.or", "v128.or"],
  "i32.xor": ["i32.xor", "v128.xor"],
  "f32.lt": ["f32.lt", "f32x4.lt"],
  "f32.le": ["f32.le", "f32x4.le"],
  "f32.gt": ["f32.gt", "f32x4.gt"],
  "f32.ge": ["f32.ge", "f32x4.ge"],
  "f32.eq": ["f32.eq", "f32x4.eq"],
  "f32.ne": ["f32.ne", "f32x4.ne"],
  "i32.lt": ["i32.lt_s", "i32x4.lt_s"],
  "i32.le": ["i32.le_s", "i32x4.le_s"],
  "i32.gt": ["i32.gt_s", "i32x4.gt_s"],
  "i32.ge": ["i32.ge_s", "i32x4.ge_s"],
  "i32.eq": ["i32.eq", "i32x4.eq"],
  "i32.ne": ["i32.ne", "i32x4.ne"],
  "mask.and": ["i32.and", "v128.and"],
  "mask.or": ["i32.or", "v128.or"],
  "mask.xor": ["i32.xor", "v128.xor"],
  "mask.not": ["i32.eqz", "v128.not"],
  "i32.trunc_sat": ["i32.trunc_sat_f32_s", "i32x4.trunc_sat_f32x4_s"],
  "f32.convert": ["f32.convert_i32_s", "f32x4.convert_i32x4_s"],
};

const SHIFTS: { readonly [op in Op]?: readonly [OpcodeName, OpcodeName] } = {
  "i32.shl": ["i32.shl", "i32x4.shl"],
  "i32.shr_s": ["i32.shr_s", "i32x4.shr_s"],
  "i32.shr_u": ["i32.shr_u", "i32x4.shr_u"],
};

/** The value of a constant node. */
export function constantCode(node: IrNode, form: Form): Code {
  if (node.op === "f32.const") {
    return form === "scalar" ? constant("f32", node.imm) : f32x4Const(node.imm);
  }
  if (form === "scalar") return constant("i32", node.imm);
  return i32x4Const(node.op === "mask.const" ? -node.imm : node.imm);
}

/**
 * The value of an arithmetic node. `known(k)` is the value of argument k if it is a constant.
 * The bits of a NaN are not specified; everything else is, in both forms.
 */
export function arithmetic(
  f: FunctionBuilder,
  form: Form,
  node: IrNode,
  args: readonly Code[],
  known: (k: number) => number | undefined,
): Code {
  const column = form === "scalar" ? 0 : 1;
  if (form === "vector" && (node.op === "f32.min" || node.op === "f32.max")) {
    return limit(node.op, args, known);
  }
  if (node.op === "f32.mul" && (known(0) === 2 || known(1) === 2)) {
    return double(f, form, args[known(0) === 2 ? 1 : 0]);
  }
  const name = INSTRUCTIONS[node.op]?.[column];
  if (name) return instruction(name, ...args);
  const shift = SHIFTS[node.op]?.[column];
  if (shift) return instruction(shift, args[0], node.imm);
  switch (node.op) {
    case "i32.min":
    case "i32.max":
      return integerLimit(f, form, node.op, args);
    case "f32.select":
    case "i32.select":
    case "mask.select":
      return form === "vector"
        ? v128.bitselect(args[1], args[2], args[0])
        : select(args[1], args[2], args[0]);
    case "i32.from_bits":
      return form === "vector" ? args[0] : i32.reinterpret_f32(args[0]);
    case "f32.from_bits":
      return form === "vector" ? args[0] : instruction("f32.reinterpret_i32", args[0]);
    default:
      throw new TypeError(`Cannot compile ${node.op}: must be arithmetic, current value is not`);
  }
}

/**
 * Minimum or maximum. The IEEE operation takes seven instructions on x86, `pmin` and `pmax` one;
 * against a constant c they agree with it, since `pmin(x, c)` is x unless c < x: a NaN in x stays,
 * and equal values have equal bits unless both are zeros. Of those, min(x, +0) and max(x, -0) want
 * x itself; max(x, +0) wants +0, which adding +0 gives; min(x, -0) is left to the IEEE operation.
 */
function limit(
  op: "f32.min" | "f32.max",
  [x, y]: readonly Code[],
  known: (k: number) => number | undefined,
): Code {
  const [value, bound, c] = known(1) !== undefined ? [x, y, known(1)!] : [y, x, known(0) ?? NaN];
  const negativeZero = Object.is(c, -0);
  if (op === "f32.min") {
    return c !== c || negativeZero ? f32x4.min(x, y) : f32x4.pmin(value, bound);
  }
  if (c !== c) return f32x4.max(x, y);
  const larger = f32x4.pmax(value, bound);
  return c === 0 && !negativeZero ? f32x4.add(larger, bound) : larger;
}

/** 2x as x + x, the same bits: an addition is quicker, and such a product is often part of a recursion. */
function double(f: FunctionBuilder, form: Form, x: Code): Code {
  const kept = f.local(form === "vector" ? "v128" : "f32");
  return instruction(form === "vector" ? "f32x4.add" : "f32.add", tee(kept, x), kept);
}

/** Minimum or maximum of two i32. */
export function integerLimit(
  f: FunctionBuilder,
  form: Form,
  op: "i32.min" | "i32.max",
  [x, y]: readonly Code[],
): Code {
  if (form === "vector") return op === "i32.min" ? i32x4.min_s(x, y) : i32x4.max_s(x, y);
  const [a, b] = [f.local("i32"), f.local("i32")];
  const keepFirst = op === "i32.min" ? i32.lt_s(a, b) : i32.gt_s(a, b);
  return select(tee(a, x), tee(b, y), keepFirst);
}
