/** Operators on numbers and truth values. @module */
import type { BinaryOperator, Node } from "acorn";
import type { Op } from "./ir.ts";
import { callBuiltin } from "./builtins.ts";
import type { Lowering } from "./lowering.ts";
import {
  arithmeticInt,
  closed,
  floatId,
  integer,
  number,
  toFloat,
  toInt,
  truth,
  truthValue,
  turnsOf,
} from "./numbers.ts";
import {
  bool,
  constant,
  float,
  FLOAT_EXACT,
  type FloatValue,
  int,
  INT_BOUND,
  INT_MAX,
  type IntValue,
  type NumberValue,
  type Value,
} from "./values.ts";

type Arithmetic = "+" | "-" | "*" | "/" | "%";

/** `x operator y`. */
export function binary(
  m: Lowering,
  operator: BinaryOperator,
  x: Value,
  y: Value,
  node: Node,
): Value {
  switch (operator) {
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(m, operator, number(m, x, node), number(m, y, node), node);
    case "**":
      return power(m, number(m, x, node), number(m, y, node), node);
    case "&":
    case "|":
    case "^":
      return bits(m, operator, x, y, node);
    case "<<":
    case ">>":
    case ">>>":
      return shift(m, operator, x, y, node);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(m, operator, number(m, x, node), number(m, y, node), node);
    case "==":
    case "===":
      return equals(m, x, y, node);
    case "!=":
    case "!==":
      return not(m, equals(m, x, y, node), node);
    default:
      return m.refuse(node, "operator", operator);
  }
}

const FOLD: Record<Arithmetic, (x: number, y: number) => number> = {
  "+": (x, y) => x + y,
  "-": (x, y) => x - y,
  "*": (x, y) => x * y,
  "/": (x, y) => x / y,
  "%": (x, y) => x % y,
};
const INT_OP = { "+": "i32.add", "-": "i32.sub", "*": "i32.mul" } as const;
const FLOAT_OP = { "+": "f32.add", "-": "f32.sub", "*": "f32.mul", "/": "f32.div" } as const;

/** + - * / % on numbers. */
export function arithmetic(
  m: Lowering,
  operator: Arithmetic,
  x: NumberValue,
  y: NumberValue,
  node: Node,
): NumberValue {
  if (x.kind === "const" && y.kind === "const") return constant(FOLD[operator](x.value, y.value));
  if ((x.kind === "i32" || y.kind === "i32") && operator !== "/") {
    const a = integer(m, x);
    const b = integer(m, y);
    if (a && b) return integerArithmetic(m, operator, a, b, node);
  }
  if (operator === "%") return remainder(m, x, y, node);
  const args = [toFloat(m, x, node), toFloat(m, y, node)];
  const value = float(m.builder.emit(FLOAT_OP[operator], args));
  const whole = operator === "/" ? undefined : wholeArithmetic(m, operator, x, y);
  if (whole) {
    return whole.bound <= FLOAT_EXACT ? { ...value, whole } : { ...convert(m, whole), whole };
  }
  if ((operator === "+" || operator === "-") && (hasTurns(x) || hasTurns(y))) {
    const op = operator === "+" ? "i32.add" : "i32.sub";
    return { ...value, turns: m.builder.emit(op, [turnsOf(m, x), turnsOf(m, y)]) };
  }
  return value;
}

function hasTurns(x: NumberValue): boolean {
  return x.kind === "f32" && x.turns !== undefined;
}

function integerArithmetic(
  m: Lowering,
  operator: "+" | "-" | "*" | "%",
  x: IntValue,
  y: IntValue,
  node: Node,
): IntValue {
  if (operator === "%") return integerRemainder(m, x, y, node);
  const bound = operator === "*" ? x.bound * y.bound : x.bound + y.bound;
  if (bound > Number.MAX_SAFE_INTEGER) {
    return m.refuse(node, operator === "*" ? "wideProduct" : "openInteger");
  }
  return arithmeticInt(m, m.builder.emit(INT_OP[operator], [x.id, y.id]), bound, node);
}

/** Arithmetic on floats that are known to be integers, as long as they are small: counts, mostly. */
function wholeArithmetic(
  m: Lowering,
  operator: "+" | "-" | "*",
  x: NumberValue,
  y: NumberValue,
): IntValue | undefined {
  const a = integer(m, x);
  const b = integer(m, y);
  if (!a || !b) return undefined;
  const bound = operator === "*" ? a.bound * b.bound : a.bound + b.bound;
  if (bound > INT_MAX) return undefined;
  return int(m.builder.emit(INT_OP[operator], [a.id, b.id]), bound);
}

function convert(m: Lowering, x: IntValue): FloatValue {
  return float(m.builder.emit("f32.convert", [x.id]));
}

/** x modulo a constant power of two, with the sign of x. */
function integerRemainder(m: Lowering, x: IntValue, y: IntValue, node: Node): IntValue {
  const { builder } = m;
  const divisor = Math.abs(builder.constant(y.id) ?? 0);
  if (divisor === 0 || (divisor & (divisor - 1)) !== 0) return m.refuse(node, "remainder");
  const sign = builder.emit("i32.shr_s", [closed(m, x, node)], 31);
  const flip = (id: number) => builder.emit("i32.xor", [id, sign]);
  const magnitude = builder.emit("i32.sub", [flip(x.id), sign]);
  const rest = builder.emit("i32.and", [magnitude, builder.i32(divisor - 1)]);
  return int(builder.emit("i32.sub", [flip(rest), sign]), divisor - 1);
}

/** x - trunc(x / y) * y: JavaScript's remainder, to within the rounding of the quotient. */
function remainder(m: Lowering, x: NumberValue, y: NumberValue, node: Node): FloatValue {
  const { builder } = m;
  const a = toFloat(m, x, node);
  const b = toFloat(m, y, node);
  const quotient = builder.emit("f32.trunc", [builder.emit("f32.div", [a, b])]);
  const value = float(builder.emit("f32.sub", [a, builder.emit("f32.mul", [quotient, b])]));
  // What was taken away is a whole number of turns.
  const keeps = hasTurns(x) && y.kind === "const" && Number.isInteger(y.value);
  return keeps ? { ...value, turns: turnsOf(m, x) } : value;
}

/** Largest exponent for which a power is a product. */
const MAX_PRODUCT = 1100;
const MAX_RUNTIME_PRODUCT = 16;

/** x ** y; a constant whole exponent is a product, the same bits everywhere. */
export function power(m: Lowering, x: NumberValue, y: NumberValue, node: Node): NumberValue {
  const limit = x.kind === "const" ? MAX_PRODUCT : MAX_RUNTIME_PRODUCT;
  if (y.kind !== "const" || !Number.isInteger(y.value) || Math.abs(y.value) > limit) {
    return number(m, callBuiltin(m, "pow", [x, y], node), node);
  }
  let base: NumberValue = x.kind === "i32" ? float(toFloat(m, x, node)) : x;
  let product: NumberValue | undefined;
  for (let n = Math.abs(y.value); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) product = product ? arithmetic(m, "*", product, base, node) : base;
    if (n > 1) base = arithmetic(m, "*", base, base, node);
  }
  product ??= constant(1);
  return y.value < 0 ? arithmetic(m, "/", constant(1), product, node) : product;
}

const BIT_OP = { "&": "i32.and", "|": "i32.or", "^": "i32.xor" } as const;

function bits(m: Lowering, operator: "&" | "|" | "^", x: Value, y: Value, node: Node): Value {
  const a = number(m, x, node);
  const b = number(m, y, node);
  if (a.kind === "const" && b.kind === "const") {
    const { value } = b;
    return constant(
      operator === "&" ? a.value & value : operator === "|" ? a.value | value : a.value ^ value,
    );
  }
  const [i, j] = [toInt(m, a, node), toInt(m, b, node)];
  if (operator !== "&") {
    if (m.builder.constant(j.id) === 0) return i;
    if (m.builder.constant(i.id) === 0) return j;
  }
  return int(m.builder.emit(BIT_OP[operator], [i.id, j.id]), bitsBound(m, operator, i, j));
}

/** How large the result can be: `x & 7` is at most 7. */
function bitsBound(m: Lowering, operator: string, x: IntValue, y: IntValue): number {
  if (operator !== "&") return INT_BOUND;
  const bounds = [x, y].map((v) => m.builder.constant(v.id)).filter((v) =>
    v !== undefined && v >= 0
  );
  return Math.min(INT_BOUND, ...bounds as number[]);
}

const SHIFT_OP = { "<<": "i32.shl", ">>": "i32.shr_s", ">>>": "i32.shr_u" } as const;

function shift(m: Lowering, operator: "<<" | ">>" | ">>>", x: Value, y: Value, node: Node): Value {
  const a = number(m, x, node);
  const b = number(m, y, node);
  if (b.kind !== "const" || !Number.isInteger(b.value) || b.value < 0 || b.value > 31) {
    return m.refuse(node, "shift");
  }
  const count = b.value;
  if (a.kind === "const") {
    return constant(
      operator === "<<"
        ? a.value << count
        : operator === ">>"
        ? a.value >> count
        : a.value >>> count,
    );
  }
  if (operator === ">>>" && count === 0) return m.refuse(node, "unsigned");
  const i = toInt(m, a, node);
  if (count === 0) return i;
  const bound = operator === "<<" ? INT_BOUND : 2 ** ((operator === ">>" ? 31 : 32) - count);
  return int(m.builder.emit(SHIFT_OP[operator], [i.id], count), bound);
}

type Comparison = "<" | "<=" | ">" | ">=" | "==";
const COMPARE: Record<Comparison, readonly [f32: Op, i32: Op, (x: number, y: number) => boolean]> =
  {
    "<": ["f32.lt", "i32.lt", (x, y) => x < y],
    "<=": ["f32.le", "i32.le", (x, y) => x <= y],
    ">": ["f32.gt", "i32.gt", (x, y) => x > y],
    ">=": ["f32.ge", "i32.ge", (x, y) => x >= y],
    "==": ["f32.eq", "i32.eq", (x, y) => x === y],
  };

/** A comparison of numbers. */
export function compare(
  m: Lowering,
  operator: Comparison,
  x: NumberValue,
  y: NumberValue,
  node: Node,
): Value {
  const [floatOp, intOp, fold] = COMPARE[operator];
  if (x.kind === "const" && y.kind === "const") return bool(fold(x.value, y.value));
  const [a, b] = [integer(m, x), integer(m, y)];
  if (a && b) {
    return truthValue(m, m.builder.emit(intOp, [closed(m, a, node), closed(m, b, node)]));
  }
  const args = [toFloat(m, x, node), toFloat(m, y, node)];
  return truthValue(m, m.builder.emit(floatOp, args));
}

function equals(m: Lowering, x: Value, y: Value, node: Node): Value {
  const isTruth = (v: Value) => v.kind === "bool" || v.kind === "mask";
  const isUndefined = (v: Value) => v.kind === "nothing" && v.why === "undefined";
  if (isUndefined(x) || isUndefined(y)) {
    const other = isUndefined(x) ? y : x;
    if (other.kind === "nothing" && other.why === "mixed") number(m, other, node);
    return bool(isUndefined(x) && isUndefined(y));
  }
  if (isTruth(x) !== isTruth(y)) return m.refuse(node, "mixedEquality");
  if (!isTruth(x)) return compare(m, "==", number(m, x, node), number(m, y, node), node);
  const [a, b] = [truth(m, x, node), truth(m, y, node)];
  if (typeof a === "boolean") return a ? y : not(m, y, node);
  if (typeof b === "boolean") return b ? x : not(m, x, node);
  return truthValue(m, m.not(m.builder.emit("mask.xor", [a, b])));
}

/** `!x`. */
export function not(m: Lowering, x: Value, node: Node): Value {
  const known = truth(m, x, node);
  return typeof known === "boolean" ? bool(!known) : { kind: "mask", id: m.not(known) };
}

/** `-x`. */
export function negate(m: Lowering, x: Value, node: Node): NumberValue {
  const value = number(m, x, node);
  switch (value.kind) {
    case "const":
      return constant(-value.value);
    case "i32":
      return arithmeticInt(
        m,
        m.builder.emit("i32.sub", [m.builder.i32(0), value.id]),
        value.bound,
        node,
      );
    case "f32": {
      const negative = float(m.builder.emit("f32.neg", [floatId(m, value)]));
      if (!hasTurns(value)) return negative;
      const turns = m.builder.emit("i32.sub", [m.builder.i32(0), value.turns!]);
      return { ...negative, turns };
    }
  }
}
