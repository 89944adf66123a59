/** Assignments to variables and state. @module */
import type { AssignmentExpression, BinaryOperator, Node, Pattern, UpdateExpression } from "acorn";
import { arithmetic } from "./arithmetic.ts";
import { variableUsable, variableValue } from "./declarations.ts";
import { choose, evaluate, evaluateStructure } from "./expressions.ts";
import type { Id } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { listIndex, memberParts, stateValue } from "./members.ts";
import { number, truth } from "./numbers.ts";
import { binary } from "./operators.ts";
import { destructure, type Leaf } from "./patterns.ts";
import { indexId, loadElement, storeElement, writeScalar } from "./state.ts";
import {
  type ArrayRef,
  constant,
  describe,
  type ScalarRef,
  type StateRef,
  type Value,
} from "./values.ts";
import type { Variable } from "./world.ts";

/** Something that can be assigned to, its parts already evaluated. */
type Target =
  | { kind: "variable"; variable: Variable; name: string }
  | ScalarRef
  | { kind: "element"; array: ArrayRef; index: Id };

/** Assigns the parts of a value to variables and state. */
export function assignPattern(m: Lowering, pattern: Pattern, value: Value): void {
  destructure(m, pattern, value, (leaf, part) => assign(m, targetOf(m, leaf), part, leaf));
}

/** `target = value`, `target += value`, `target ||= value`, … */
export function evaluateAssignment(m: Lowering, node: AssignmentExpression): Value {
  const { left, operator } = node;
  if (operator === "=") {
    if (left.type !== "Identifier" && left.type !== "MemberExpression") {
      const value = evaluateStructure(m, node.right);
      assignPattern(m, left, value);
      return value;
    }
    const target = targetOf(m, left);
    const value = evaluate(m, node.right);
    assign(m, target, value, node);
    return value;
  }
  const target = targetOf(m, left as Leaf);
  const old = current(m, target, left);
  if (operator === "&&=" || operator === "||=" || operator === "??=") {
    const store = () => {
      const value = evaluate(m, node.right);
      assign(m, target, value, node);
      return value;
    };
    if (operator === "??=") return old.kind === "nothing" ? store() : old;
    const test = truth(m, old, left);
    return operator === "&&="
      ? choose(m, test, store, () => old)
      : choose(m, test, () => old, store);
  }
  const value = binary(
    m,
    operator.slice(0, -1) as BinaryOperator,
    old,
    evaluate(m, node.right),
    node,
  );
  assign(m, target, value, node);
  return value;
}

/** `++x`, `x--`, … */
export function evaluateUpdate(m: Lowering, node: UpdateExpression): Value {
  const { argument } = node;
  const target = targetOf(m, argument as Leaf);
  const old = number(m, current(m, target, argument), argument);
  const value = arithmetic(m, node.operator === "++" ? "+" : "-", old, constant(1), node);
  assign(m, target, value, node);
  return node.prefix ? value : old;
}

function targetOf(m: Lowering, node: Leaf): Target {
  if (node.type === "Identifier") {
    const variable = m.frame.scope.find(node.name);
    if (!variable) return m.refuse(node, "freeIdentifier", node.name);
    if (variable.kind === "const") return m.refuse(node, "assignConst", node.name);
    return { kind: "variable", variable, name: node.name };
  }
  const { object, key } = memberParts(m, node);
  switch (object.kind) {
    case "state": {
      if (typeof key !== "string") return m.refuse(node, "computedName");
      const item = object.items.get(key);
      if (!item) {
        return m.refuse(node, "unknownMember", "state variable", key, [...object.items.keys()]);
      }
      return scalarTarget(m, item, key, node);
    }
    case "stateList": {
      if (typeof key === "string") break;
      const index = listIndex(m, key, object.items.length, node);
      return scalarTarget(m, object.items[index], `[${index}]`, node);
    }
    case "array": {
      if (typeof key === "string") break;
      const index = indexId(m, key, object.length, node);
      return { kind: "element", array: object, index };
    }
    case "nothing":
      return number(m, object, node) as never;
  }
  return m.refuse(node, "assignMember", describe(object));
}

function scalarTarget(m: Lowering, item: StateRef, name: string, node: Node): Target {
  if (item.kind === "scalar") return item;
  return m.refuse(node, "stateKind", "name" in item ? item.name : name, describe(item));
}

function current(m: Lowering, target: Target, node: Node): Value {
  switch (target.kind) {
    case "variable":
      return variableValue(m, target.variable, target.name, node);
    case "scalar":
      return stateValue(m, target);
    case "element":
      return loadElement(m, target.array, target.index);
  }
}

function assign(m: Lowering, target: Target, value: Value, node: Node): void {
  switch (target.kind) {
    case "variable":
      variableUsable(m, target.variable, target.name, node);
      return m.write(target.variable.cell, value);
    case "scalar":
      return writeScalar(m, target.index, value, node);
    case "element":
      return storeElement(m, target.array, target.index, value, node);
  }
}
