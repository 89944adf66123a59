/** The functions of the language: Math, the context, and the mathematical library behind them. @module */
import type { Node } from "acorn";
import { arithmetic } from "./arithmetic.ts";
import { compare } from "./comparison.ts";
import { inline } from "./calls.ts";
import type { Op } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import {
  arithmeticInt,
  closed,
  floatId,
  integer,
  number,
  toFloat,
  toInt,
  truthValue,
  turnsOf,
} from "./numbers.ts";
import { mathContext } from "./context.ts";
import { select } from "./select.ts";
import { constant, constantInt, float, int, type NumberValue, type Value } from "./values.ts";

/** A function that becomes a few operations at once. */
interface Builtin {
  readonly arity: number;
  /** Its value for constants, where that is exact. */
  readonly fold?: (...args: number[]) => number;
  readonly lower: (m: Lowering, args: readonly NumberValue[], node: Node) => Value;
}

const BUILTINS: Readonly<Record<string, Builtin>> = {
  abs: { arity: 1, fold: Math.abs, lower: (m, [x], node) => absolute(m, x, node) },
  sqrt: { arity: 1, fold: Math.sqrt, lower: unary("f32.sqrt") },
  floor: { arity: 1, fold: Math.floor, lower: whole("f32.floor") },
  ceil: { arity: 1, fold: Math.ceil, lower: whole("f32.ceil") },
  trunc: { arity: 1, fold: Math.trunc, lower: whole("f32.trunc") },
  round: {
    arity: 1,
    fold: Math.round,
    lower: (m, [x], node) =>
      call(m, "floor", [x.kind === "i32" ? x : arithmetic(m, "+", x, constant(0.5), node)], node),
  },
  sign: { arity: 1, fold: Math.sign, lower: (m, [x], node) => sign(m, x, node) },
  min: { arity: 2, fold: Math.min, lower: (m, args, node) => extremum(m, "min", args, node) },
  max: { arity: 2, fold: Math.max, lower: (m, args, node) => extremum(m, "max", args, node) },
  fround: {
    arity: 1,
    fold: Math.fround,
    lower: (m, [x], node) => x.kind === "f32" ? x : float(toFloat(m, x, node)),
  },
  imul: {
    arity: 2,
    lower: (m, [x, y], node) =>
      x.kind === "const" && y.kind === "const"
        ? constantInt(Math.imul(x.value, y.value))
        : int(m.builder.emit("i32.mul", [toInt(m, x, node).id, toInt(m, y, node).id])),
  },
  clamp: {
    arity: 3,
    fold: (x, low, high) => Math.min(Math.max(x, low), high),
    lower: (m, [x, low, high], node) =>
      call(m, "min", [number(m, call(m, "max", [x, low], node), node), high], node),
  },
  fract: { arity: 1, lower: (m, [x], node) => fraction(m, x, node) },
  mix: {
    arity: 3,
    lower: (m, [a, b, t], node) =>
      arithmetic(m, "+", a, arithmetic(m, "*", arithmetic(m, "-", b, a, node), t, node), node),
  },
  hypot: { arity: 2, lower: (m, args, node) => hypotenuse(m, args, node) },
  floatToBits: {
    arity: 1,
    lower: (m, [x], node) => int(m.builder.emit("i32.from_bits", [toFloat(m, x, node)])),
  },
  bitsToFloat: {
    arity: 1,
    lower: (m, [x], node) => float(m.builder.emit("f32.from_bits", [toInt(m, x, node).id])),
  },
  isNaN: {
    arity: 1,
    lower: (m, [x], node) => {
      const id = toFloat(m, x, node);
      return truthValue(m, m.builder.emit("f32.ne", [id, id]));
    },
  },
  isFinite: {
    arity: 1,
    lower: (m, [x], node) => {
      const size = number(m, call(m, "abs", [float(toFloat(m, x, node))], node), node);
      return compare(m, "<", size, constant(Infinity), node);
    },
  },
};

/** Functions that take any number of arguments. */
const VARIADIC: ReadonlySet<string> = new Set(["min", "max", "hypot"]);
/** Functions of the library with two arguments; the rest have one. (Minifiers may change `length`.) */
const LIBRARY_BINARY: ReadonlySet<string> = new Set(["atan2", "pow"]);
/** Functions of `Number`, not of Math or the context. */
export const NUMBER_FUNCTIONS: ReadonlySet<string> = new Set(["isNaN", "isFinite"]);

/** Whether the language has a function of that name. */
export function isBuiltin(m: Lowering, name: string): boolean {
  return Object.hasOwn(BUILTINS, name) || Object.hasOwn(m.options.library, name);
}

/** Calls a function of the language by name. */
export function callBuiltin(
  m: Lowering,
  name: string,
  values: readonly Value[],
  node: Node,
): Value {
  const args = values.map((value) => number(m, value, node));
  return call(m, name, args, node);
}

function call(m: Lowering, name: string, args: readonly NumberValue[], node: Node): Value {
  const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
  const arity = builtin ? builtin.arity : LIBRARY_BINARY.has(name) ? 2 : 1;
  if (args.length < (VARIADIC.has(name) ? 1 : arity)) m.refuse(node, "arity", name, arity);
  const values = args.map((arg) => arg.kind === "const" ? arg.value : NaN);
  const known = args.every((arg) => arg.kind === "const");
  if (!builtin) return callLibrary(m, name, args.slice(0, arity), known, node);
  if (known && builtin.fold) return constant(builtin.fold(...values));
  return builtin.lower(m, args, node);
}

/**
 * A function of the library, from its source text. Constants go through the same f32 arithmetic as
 * signals, so a coefficient computed at compile time has the same bits on every machine.
 */
function callLibrary(
  m: Lowering,
  name: string,
  args: readonly NumberValue[],
  known: boolean,
  node: Node,
): Value {
  const fn = m.options.library[name];
  const floats = args.map((arg) => float(toFloat(m, arg, node)));
  const result = inline(m, { kind: "function", fn, name }, [...floats, mathContext(m)], node);
  if (!known || result.kind !== "f32") return result;
  const value = m.builder.constant(result.id);
  return value === undefined ? result : constant(value);
}

function unary(op: Op): Builtin["lower"] {
  return (m, [x], node) => float(m.builder.emit(op, [toFloat(m, x, node)]));
}

function whole(op: Op): Builtin["lower"] {
  return (m, [x], node) => x.kind === "i32" ? x : float(m.builder.emit(op, [toFloat(m, x, node)]));
}

function absolute(m: Lowering, x: NumberValue, node: Node): NumberValue {
  const { builder } = m;
  if (x.kind !== "i32") return float(builder.emit("f32.abs", [toFloat(m, x, node)]));
  const id = closed(m, x, node);
  const negative = builder.emit("i32.sub", [builder.i32(0), id]);
  return arithmeticInt(m, builder.emit("i32.max", [id, negative]), x.bound, node);
}

function sign(m: Lowering, x: NumberValue, node: Node): Value {
  if (x.kind === "i32") {
    return call(m, "clamp", [x, constant(-1), constant(1)], node);
  }
  const id = toFloat(m, x, node);
  const { builder } = m;
  const zero = builder.f32(0);
  // 0, -0 and NaN are their own sign.
  const negative = select(m, builder.emit("f32.lt", [id, zero]), constant(-1), float(id));
  return select(m, builder.emit("f32.gt", [id, zero]), constant(1), negative);
}

function extremum(
  m: Lowering,
  name: "min" | "max",
  args: readonly NumberValue[],
  node: Node,
): NumberValue {
  return args.reduce((x, y) => {
    if (x.kind === "const" && y.kind === "const") return constant(Math[name](x.value, y.value));
    if (x.kind === "i32" || y.kind === "i32") {
      const a = integer(m, x);
      const b = integer(m, y);
      if (a && b) {
        const id = m.builder.emit(`i32.${name}`, [closed(m, a, node), closed(m, b, node)]);
        // A procedure keeps track of ranges, as it must know the bounds of its loops.
        const range = m.procedure?.range(id).map(Math.abs) ?? [];
        return int(id, Math.max(...range.length ? range : [a.bound, b.bound]));
      }
    }
    return float(m.builder.emit(`f32.${name}`, [toFloat(m, x, node), toFloat(m, y, node)]));
  });
}

/** The largest f32 below 1. */
const BELOW_ONE = 1 - 2 ** -24;

/** x - floor(x), which rounds to 1 for small negative x if nothing is done about it. */
function fraction(m: Lowering, x: NumberValue, node: Node): NumberValue {
  if (x.kind === "const") return constant(x.value - Math.floor(x.value));
  if (x.kind === "i32") return constant(0);
  const floor = number(m, call(m, "floor", [x], node), node);
  const rest = floatId(m, arithmetic(m, "-", x, floor, node));
  const limited = float(m.builder.emit("f32.min", [rest, m.builder.f32(BELOW_ONE)]));
  return x.turns === undefined ? limited : { ...limited, turns: turnsOf(m, x) };
}

function hypotenuse(m: Lowering, args: readonly NumberValue[], node: Node): Value {
  const floats = args.map((x) => x.kind === "i32" ? float(toFloat(m, x, node)) : x);
  const squares = floats.map((x) => arithmetic(m, "*", x, x, node));
  return call(m, "sqrt", [squares.reduce((x, y) => arithmetic(m, "+", x, y, node))], node);
}
