/** Bit operators: what they give is always a 32-bit integer. @module */
import type { Node } from "acorn";
import type { Lowering } from "./lowering.ts";
import { number, toInt } from "./numbers.ts";
import { constantInt, int, INT_BOUND, type IntValue, type Value } from "./values.ts";

const BIT_OP = { "&": "i32.and", "|": "i32.or", "^": "i32.xor" } as const;

/** `x & y`, `x | y`, `x ^ y`; `x | 0` makes an integer of anything. */
export function bits(
  m: Lowering,
  operator: "&" | "|" | "^",
  x: Value,
  y: Value,
  node: Node,
): Value {
  const a = number(m, x, node);
  const b = number(m, y, node);
  if (a.kind === "const" && b.kind === "const") {
    const { value } = b;
    return constantInt(
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

/** `x << n`, `x >> n`, `x >>> n`. */
export function shift(
  m: Lowering,
  operator: "<<" | ">>" | ">>>",
  x: Value,
  y: Value,
  node: Node,
): Value {
  const a = number(m, x, node);
  const b = number(m, y, node);
  if (b.kind !== "const" || !Number.isInteger(b.value) || b.value < 0 || b.value > 31) {
    return m.refuse(node, "shift");
  }
  const count = b.value;
  if (a.kind === "const") {
    return constantInt(
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

/** `~x`. */
export function invert(m: Lowering, x: Value, node: Node): Value {
  const value = number(m, x, node);
  if (value.kind === "const") return constantInt(~value.value);
  return int(m.builder.emit("i32.xor", [toInt(m, value, node).id, m.builder.i32(-1)]));
}
