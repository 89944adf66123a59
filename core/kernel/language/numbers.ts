/** Numbers of the program in the form an operation needs: as f32, as i32, as a truth value. @module */
import type { Node } from "acorn";
import type { Id, Op } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import {
  type BoolValue,
  constant,
  describe,
  INT_BOUND,
  INT_MAX,
  type IntValue,
  isInt32,
  type MaskValue,
  type NumberValue,
  type Value,
} from "./values.ts";

/** Anything that JavaScript would use as a number without complaint. */
export type Numeric = NumberValue | BoolValue | MaskValue;

/** The value as a number; truth values become 1 and 0. */
export function number(m: Lowering, value: Value, node: Node): NumberValue {
  switch (value.kind) {
    case "const":
    case "f32":
    case "i32":
      return value;
    case "bool":
      return constant(value.value ? 1 : 0);
    case "mask":
      return { kind: "f32", id: floatId(m, value), whole: integer(m, value) };
    case "nothing":
      return refuseNothing(m, value, node);
    default:
      return m.refuse(node, "notANumber", describe(value));
  }
}

/** Refuses the use of a value that is not there. */
export function refuseNothing(
  m: Lowering,
  value: Value & { kind: "nothing" },
  node: Node,
): never {
  if (value.why === "mixed") return m.refuse(node, "mixedValue", value.text!);
  return m.refuse(node, "noValue");
}

/** The f32 of a number whose integer arithmetic is closed. */
export function floatId(m: Lowering, value: Numeric): Id {
  const { builder } = m;
  switch (value.kind) {
    case "const":
      return builder.f32(value.value);
    case "bool":
      return builder.f32(value.value ? 1 : 0);
    case "mask":
      return builder.emit("f32.select", [value.id, builder.f32(1), builder.f32(0)]);
    case "f32":
      return value.id;
    case "i32":
      return builder.emit("f32.convert", [value.id]);
  }
}

/** The value as f32, for arithmetic. */
export function toFloat(m: Lowering, value: Value, node: Node): Id {
  const x = number(m, value, node);
  if (x.kind === "i32") closed(m, x, node);
  return floatId(m, x);
}

/** The number as an integer, if it is known to be one that 32 bits hold, or is integer arithmetic. */
export function integer(m: Lowering, value: Numeric): IntValue | undefined {
  const { builder } = m;
  switch (value.kind) {
    case "const":
      return isInt32(value.value)
        ? { kind: "i32", id: builder.i32(value.value), bound: Math.abs(value.value) }
        : undefined;
    case "bool":
      return { kind: "i32", id: builder.i32(value.value ? 1 : 0), bound: 1 };
    case "mask":
      return {
        kind: "i32",
        id: builder.emit("i32.select", [value.id, builder.i32(1), builder.i32(0)]),
        bound: 1,
      };
    case "f32":
      return value.whole;
    case "i32":
      return value;
  }
}

/** The value after `| 0`: wrapped to 32 bits, a float truncated (saturating; NaN gives 0). */
export function toInt(m: Lowering, value: Value, node: Node): IntValue {
  const x = number(m, value, node);
  switch (x.kind) {
    case "const":
      return { kind: "i32", id: m.builder.i32(x.value | 0), bound: Math.abs(x.value | 0) };
    case "i32":
      return { kind: "i32", id: x.id, bound: Math.min(x.bound, INT_BOUND) };
    case "f32":
      return x.whole ?? {
        kind: "i32",
        id: m.builder.emit("i32.trunc_sat", [x.id]),
        bound: INT_BOUND,
      };
  }
}

/** Whether integer arithmetic may have left 32 bits. */
export function isOpen(x: IntValue): boolean {
  return x.bound > INT_BOUND;
}

/** The result of integer arithmetic: `bound` says how large the exact result can be. */
export function arithmeticInt(m: Lowering, id: Id, bound: number, node: Node): IntValue {
  if (bound <= INT_MAX) return { kind: "i32", id, bound };
  // 2^31 itself is one too many, unlike in a value that was loaded.
  return { kind: "i32", id, bound: Math.max(bound, INT_BOUND + 1), place: m.placeOf(node) };
}

/** Refuses integer arithmetic that is not closed by `| 0`. */
export function closed(m: Lowering, x: IntValue, node: Node): Id {
  if (isOpen(x)) m.refuseAt(x.place ?? m.placeOf(node), "openInteger");
  return x.id;
}

/** Whether the value is true, as `if` sees it; a boolean where it is known. */
export function truth(m: Lowering, value: Value, node: Node): boolean | Id {
  const { builder } = m;
  const known = (id: Id) => {
    const bit = builder.constant(id);
    return bit === undefined ? id : bit === 1;
  };
  switch (value.kind) {
    case "bool":
      return value.value;
    case "const":
      return value.value !== 0 && !Number.isNaN(value.value);
    case "mask":
      return known(value.id);
    case "f32":
      // Neither 0 nor NaN.
      return known(
        builder.emit("f32.gt", [builder.emit("f32.abs", [value.id]), builder.f32(0)]),
      );
    case "i32":
      return known(builder.emit("i32.ne", [closed(m, value, node), builder.i32(0)]));
    case "nothing":
      return value.why === "undefined" ? false : refuseNothing(m, value, node);
    default:
      return true;
  }
}

/** A truth value as a value. */
export function truthValue(m: Lowering, id: Id): BoolValue | MaskValue {
  const bit = m.builder.constant(id);
  return bit === undefined ? { kind: "mask", id } : { kind: "bool", value: bit === 1 };
}

const TURN = 2 ** 32;
/** Operations whose result is a whole number of turns. */
const WHOLE_OPS: ReadonlySet<Op> = new Set<Op>([
  "f32.floor",
  "f32.ceil",
  "f32.trunc",
  "f32.nearest",
  "f32.convert",
]);

/** A number modulo 1, as the i32 that counts steps of 2^-32. */
export function turnsOf(m: Lowering, x: Numeric): Id {
  const { builder } = m;
  if (x.kind === "f32" && x.turns !== undefined) return x.turns;
  if (x.kind === "const") {
    return builder.i32(Math.round((x.value - Math.round(x.value)) * TURN) | 0);
  }
  if (x.kind !== "f32" || x.whole !== undefined) return builder.i32(0);
  if (WHOLE_OPS.has(builder.nodes[x.id].op)) return builder.i32(0);
  const rest = builder.emit("f32.sub", [x.id, builder.emit("f32.nearest", [x.id])]);
  return builder.emit("i32.trunc_sat", [
    builder.emit("f32.mul", [rest, builder.f32(TURN)]),
  ]);
}
