/** + - * / % ** on numbers: constants in double precision, integers as i32, all else as f32. @module */
import type { Node } from "acorn";
import { callBuiltin } from "./builtins.ts";
import type { Id } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { arithmeticInt, closed, floatId, integer, number, toFloat, turnsOf } from "./numbers.ts";
import {
  constant,
  constantInt,
  float,
  FLOAT_EXACT,
  type FloatValue,
  int,
  INT_MAX,
  type IntValue,
  isInteger,
  type NumberValue,
  type Value,
} from "./values.ts";

type Arithmetic = "+" | "-" | "*" | "/" | "%";

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
  const isInt = operator !== "/" && (isInteger(x) || isInteger(y));
  if (x.kind === "const" && y.kind === "const") {
    const value = FOLD[operator](x.value, y.value);
    return isInt ? constantInt(value) : constant(value);
  }
  if (isInt) {
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
    return { ...value, turns: addTurns(m, operator, turnsOf(m, x), turnsOf(m, y)) };
  }
  return value;
}

function addTurns(m: Lowering, operator: "+" | "-", x: Id, y: Id): Id {
  // Whole turns come and go when a phase is wrapped by hand.
  if (m.builder.constant(y) === 0) return x;
  if (operator === "+" && m.builder.constant(x) === 0) return y;
  return m.builder.emit(INT_OP[operator], [x, y]);
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

/** `-x`. */
export function negate(m: Lowering, x: Value, node: Node): NumberValue {
  const value = number(m, x, node);
  switch (value.kind) {
    case "const":
      return value.isInt ? constantInt(-value.value) : constant(-value.value);
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
