/** Members of objects and elements of lists. @module */
import type { Expression, MemberExpression, Node } from "acorn";
import { lineMember } from "./delay_lines.ts";
import { evaluate } from "./expressions.ts";
import type { Lowering } from "./lowering.ts";
import { number } from "./numbers.ts";
import { constantIndex, indexId, loadElement, readScalar } from "./state.ts";
import { slotElement, slotMember } from "./table_slots.ts";
import { constant, describe, float, type StateRef, type TableValue, type Value } from "./values.ts";

/** The key of a member expression: a name, or a value used as an index. */
export type Key = string | Value;

/** The object and key of `object.key` and `object[key]`, in order of evaluation. */
export function memberParts(m: Lowering, node: MemberExpression): { object: Value; key: Key } {
  if (node.optional) m.refuse(node, "optional");
  if (node.object.type === "Super") return m.refuse(node, "expression");
  const object = evaluate(m, node.object);
  if (node.property.type === "PrivateIdentifier") return m.refuse(node, "expression");
  return { object, key: keyOf(m, node.property, node.computed) };
}

/** A property key: `.name`, `["name"]` or `[index]`. */
export function keyOf(m: Lowering, property: Expression, computed: boolean): Key {
  if (!computed && property.type === "Identifier") return property.name;
  if (property.type === "Literal" && typeof property.value === "string") return property.value;
  return evaluate(m, property);
}

/** Reads a member or an element. */
export function member(m: Lowering, object: Value, key: Key, node: Node): Value {
  return typeof key === "string" ? named(m, object, key, node) : element(m, object, key, node);
}

function named(m: Lowering, object: Value, name: string, node: Node): Value {
  switch (object.kind) {
    case "record": {
      const value = object.get(name, node);
      if (value) return value;
      return ["context", "Math", "Number"].includes(object.what)
        ? m.refuse(
          node,
          "unknownFunction",
          object.what === "context" ? "the context" : object.what,
          name,
        )
        : m.refuse(node, "unknownMember", object.what, name, object.names);
    }
    case "state": {
      const item = object.items.get(name);
      if (item) return stateValue(m, item);
      return m.refuse(node, "unknownMember", "state variable", name, [...object.items.keys()]);
    }
    case "list":
    case "stateList":
      if (name === "length") return constant(object.items.length);
      break;
    case "table":
      if (name === "length") return constant(object.data.length);
      break;
    case "array":
      if (name === "length") return constant(object.length);
      break;
    case "line":
      if (m.procedure) return m.refuse(node, "lineInRun", object.name);
      return lineMember(m, object, name, node);
    case "given": {
      const value = slotMember(m, object, name);
      if (value) return value;
      break;
    }
    case "nothing":
      number(m, object, node);
  }
  return m.refuse(node, "noMember", describe(object), name);
}

/** A scalar's number; arrays, delay lines and lists stand for themselves. */
export function stateValue(m: Lowering, item: StateRef): Value {
  return item.kind === "scalar" ? readScalar(m, item.index) : item;
}

function element(m: Lowering, object: Value, key: Value, node: Node): Value {
  switch (object.kind) {
    case "list":
      return object.items[listIndex(m, key, object.items.length, node)];
    case "stateList":
      return stateValue(m, object.items[listIndex(m, key, object.items.length, node)]);
    case "table":
      return tableElement(m, object, key, node);
    case "given":
      return slotElement(m, object, key, node);
    case "array":
      return loadElement(m, object, indexId(m, key, object.length, node));
    case "record":
    case "state":
      return m.refuse(node, "computedName");
    case "nothing":
      return number(m, object, node);
    default:
      return m.refuse(node, "noMember", describe(object), "[ ]");
  }
}

/** An index that must be known at compile time. */
export function listIndex(m: Lowering, key: Value, length: number, node: Node): number {
  const index = number(m, key, node);
  if (index.kind !== "const") return m.refuse(node, "listIndex");
  return constantIndex(m, index.value, length, node);
}

function tableElement(m: Lowering, table: TableValue, key: Value, node: Node): Value {
  const { data } = table;
  const index = number(m, key, node);
  if (index.kind === "const") {
    return constant(data[constantIndex(m, index.value, data.length, node)]);
  }
  if (data.length === 0) return m.refuse(node, "indexRange", NaN, 0);
  return float(m.builder.emit("table.load", [indexId(m, index, data.length, node)], m.table(data)));
}

/** How many elements a list has, and each of them. */
export function elements(m: Lowering, list: Value, node: Node): Value[] {
  switch (list.kind) {
    case "list":
    case "stateList":
    case "table":
    case "array": {
      const length = list.kind === "list" || list.kind === "stateList"
        ? list.items.length
        : list.kind === "table"
        ? list.data.length
        : list.length;
      return Array.from({ length }, (_, k) => element(m, list, constant(k), node));
    }
    case "nothing":
      return number(m, list, node) as never;
    default:
      return m.refuse(node, "noMember", describe(list), "elements");
  }
}
