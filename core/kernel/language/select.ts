/** The value of `mask ? x : y`, of whatever kind x and y are. @module */
import type { Id } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { floatId, integer, isOpen, type Numeric, turnsOf } from "./numbers.ts";
import {
  type BoolValue,
  describe,
  float,
  type IntValue,
  isInteger,
  type MaskValue,
  mixed,
  record,
  type RecordValue,
  type Value,
} from "./values.ts";

/** Merges two values; values that do not go together become one that is refused when it is used. */
export function select(m: Lowering, mask: Id, x: Value, y: Value): Value {
  if (same(x, y)) return x;
  if (isTruth(x) && isTruth(y)) return selectTruth(m, mask, x, y);
  if (isNumeric(x) && isNumeric(y)) return selectNumber(m, mask, x, y);
  if (x.kind === "list" && y.kind === "list" && x.items.length === y.items.length) {
    return { kind: "list", items: x.items.map((item, k) => select(m, mask, item, y.items[k])) };
  }
  if (x.kind === "record" && y.kind === "record" && sameNames(x, y)) {
    const members = x.names.map((name) =>
      [name, select(m, mask, x.get(name)!, y.get(name)!)] as const
    );
    return record(x.what, new Map(members));
  }
  if (x.kind === "nothing" && x.why === "mixed") return x;
  if (y.kind === "nothing" && y.why === "mixed") return y;
  return mixed(`${describe(x)} or ${describe(y)}`);
}

function same(x: Value, y: Value): boolean {
  if (x === y) return true;
  if (x.kind !== y.kind) return false;
  switch (x.kind) {
    case "const":
      return Object.is(x.value, (y as typeof x).value);
    case "bool":
      return x.value === (y as typeof x).value;
    case "mask":
      return x.id === (y as typeof x).id;
    case "f32": {
      const other = y as typeof x;
      return x.id === other.id && x.turns === other.turns && x.whole?.id === other.whole?.id;
    }
    case "i32":
      return x.id === (y as typeof x).id && x.bound === (y as typeof x).bound;
    case "nothing":
      return x.why === (y as typeof x).why && x.why !== "mixed";
    case "function":
      return x.fn === (y as typeof x).fn;
    case "builtin":
      return x.name === (y as typeof x).name;
    case "array":
    case "line":
    case "given":
      return x.index === (y as typeof x).index;
    case "table":
      return x.data === (y as typeof x).data;
    case "state":
    case "stateList":
      return x.items === (y as typeof x).items;
    default:
      return false;
  }
}

function sameNames(x: RecordValue, y: RecordValue): boolean {
  return x.names.length === y.names.length && x.names.every((name) => y.names.includes(name));
}

function isTruth(value: Value): value is BoolValue | MaskValue {
  return value.kind === "bool" || value.kind === "mask";
}

function isNumeric(value: Value): value is Numeric {
  return isTruth(value) || value.kind === "const" || value.kind === "f32" || value.kind === "i32";
}

function selectTruth(
  m: Lowering,
  mask: Id,
  x: BoolValue | MaskValue,
  y: BoolValue | MaskValue,
): Value {
  const truth = (path: Id | true): Value =>
    path === true ? { kind: "bool", value: true } : { kind: "mask", id: path };
  if (x.kind === "bool" || (x.kind === "mask" && x.id === mask)) {
    const isTrue = x.kind === "mask" || x.value;
    if (y.kind === "bool") {
      if (isTrue === y.value) return y;
      return { kind: "mask", id: isTrue ? mask : m.not(mask) };
    }
    return truth(isTrue ? m.or(mask, y.id) : m.and(m.not(mask), y.id));
  }
  if (y.kind === "bool") {
    return truth(y.value ? m.or(m.not(mask), x.id) : m.and(mask, x.id));
  }
  if (y.id === mask) return truth(m.and(mask, x.id));
  return { kind: "mask", id: m.builder.emit("mask.select", [mask, x.id, y.id]) };
}

function selectNumber(
  m: Lowering,
  mask: Id,
  x: Numeric,
  y: Numeric,
): Value {
  const whole = selectWhole(m, mask, integer(m, x), integer(m, y));
  if (isInteger(x) || isInteger(y)) {
    if (whole) return whole;
    if ((x.kind === "i32" && isOpen(x)) || (y.kind === "i32" && isOpen(y))) {
      return mixed("an integer that is not closed by `| 0`, or another number");
    }
  }
  const id = m.builder.emit("f32.select", [mask, floatId(m, x), floatId(m, y)]);
  const value = float(id);
  if (whole) return { ...value, whole };
  if ((x.kind === "f32" && x.turns !== undefined) || (y.kind === "f32" && y.turns !== undefined)) {
    const turns = m.builder.emit("i32.select", [mask, turnsOf(m, x), turnsOf(m, y)]);
    return { ...value, turns };
  }
  return value;
}

function selectWhole(
  m: Lowering,
  mask: Id,
  x: IntValue | undefined,
  y: IntValue | undefined,
): IntValue | undefined {
  if (!x || !y) return undefined;
  const place = isOpen(x) ? x.place : y.place;
  const id = m.builder.emit("i32.select", [mask, x.id, y.id]);
  return { kind: "i32", id, bound: Math.max(x.bound, y.bound), place };
}
