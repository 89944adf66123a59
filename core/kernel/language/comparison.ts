/** Comparisons, equality and negation of truth values. @module */
import type { Node } from "acorn";
import type { Op } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { closed, integer, number, toFloat, truth, truthValue } from "./numbers.ts";
import { bool, type NumberValue, type Value } from "./values.ts";

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

/** `x === y`. */
export function equals(m: Lowering, x: Value, y: Value, node: Node): Value {
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
