/** What a variable holds where loops and branches meet: a slot of one type. @module */
import type { Node } from "acorn";
import type { Id } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { closed, floatId, integer, isOpen, number, type Numeric } from "./numbers.ts";
import type { SlotType } from "../procedure.ts";
import { float, FLOAT_EXACT, INT_BOUND, type Value } from "./values.ts";

/** What a slot stands for: its type, and whether an integer in it is a number like any other. */
export interface SlotShape {
  readonly type: SlotType;
  /** A count that was written as a float: it is used as one, exactly. */
  readonly isFloat: boolean;
  readonly bound: number;
}

export const FLOAT_SLOT: SlotShape = { type: "f32", isFloat: true, bound: INT_BOUND };
export const INT_SLOT: SlotShape = { type: "i32", isFloat: false, bound: INT_BOUND };

export function isNumeric(value: Value): value is Numeric {
  return ["const", "f32", "i32", "bool", "mask"].includes(value.kind);
}

function isTruth(value: Numeric): boolean {
  return value.kind === "bool" || value.kind === "mask";
}

/** The slot for either of two values. */
export function shapeOf(m: Lowering, x: Numeric, y: Numeric): SlotShape {
  if (isTruth(x) && isTruth(y)) return { type: "mask", isFloat: false, bound: 1 };
  const [a, b] = [wholeOf(m, x), wholeOf(m, y)];
  if (a === undefined || b === undefined) return FLOAT_SLOT;
  const isFloat = x.kind !== "i32" && y.kind !== "i32";
  const bound = Math.max(a, b);
  return isFloat && bound > FLOAT_EXACT ? FLOAT_SLOT : { type: "i32", isFloat, bound };
}

/** The bound of a number that is a closed integer. */
function wholeOf(m: Lowering, value: Numeric): number | undefined {
  const whole = integer(m, value);
  return whole && !isOpen(whole) ? whole.bound : undefined;
}

/** The value in the form of a slot; undefined if it does not fit. */
export function fit(m: Lowering, value: Value, shape: SlotShape, node: Node): Id | undefined {
  if (!isNumeric(value)) return undefined;
  switch (shape.type) {
    case "f32": {
      const x = number(m, value, node);
      if (x.kind === "i32") closed(m, x, node);
      return floatId(m, x);
    }
    case "i32": {
      const whole = integer(m, value);
      return whole && !isOpen(whole) ? whole.id : undefined;
    }
    case "mask":
      if (value.kind === "bool") return m.builder.mask(value.value);
      return value.kind === "mask" ? value.id : undefined;
  }
}

/** What the slot holds, as a value. */
export function unpack(m: Lowering, id: Id, { type, isFloat, bound }: SlotShape): Value {
  if (type === "f32") return float(id);
  if (type === "mask") return { kind: "mask", id };
  const whole = { kind: "i32", id, bound } as const;
  return isFloat ? { ...float(m.builder.emit("f32.convert", [id])), whole } : whole;
}
