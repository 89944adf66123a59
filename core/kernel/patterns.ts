/** Declarations and assignments: names, patterns, state. @module */
import type {
  AssignmentExpression,
  BinaryOperator,
  Identifier,
  MemberExpression,
  Node,
  Pattern,
  Statement,
  UpdateExpression,
  VariableDeclaration,
} from "acorn";
import { arithmetic, binary } from "./arithmetic.ts";
import { choose, evaluate, evaluateStructure } from "./expressions.ts";
import type { Id } from "./ir.ts";
import type { Lowering } from "./lowering.ts";
import { elements, keyOf, listIndex, member, memberParts, stateValue } from "./members.ts";
import { number, truth } from "./numbers.ts";
import { indexId, loadElement, storeElement, writeScalar } from "./state.ts";
import {
  type ArrayRef,
  constant,
  describe,
  type ScalarRef,
  type StateRef,
  UNDECLARED,
  UNDEFINED,
  type Value,
} from "./values.ts";
import type { Variable } from "./world.ts";

/** Something that can be assigned to, its parts already evaluated. */
type Target =
  | { kind: "variable"; variable: Variable; name: string }
  | ScalarRef
  | { kind: "element"; array: ArrayRef; index: Id };

/** Declares the names of a function's `var`s and of its outermost block. */
export function hoist(m: Lowering, body: readonly Statement[]): void {
  for (const name of varNames(body)) {
    if (!m.frame.scope.find(name)) m.declare(name, "var", UNDEFINED);
  }
}

/** Declares the `let`s and `const`s of a block; until their declaration they have no value. */
export function declareBlock(m: Lowering, body: readonly Statement[]): void {
  for (const statement of body) {
    if (statement.type !== "VariableDeclaration" || statement.kind === "var") continue;
    if (statement.kind !== "let" && statement.kind !== "const") m.refuse(statement, "statement");
    for (const { id } of statement.declarations) {
      for (const name of patternNames(id)) m.declare(name, statement.kind, UNDECLARED);
    }
  }
}

/** `const`, `let` and `var` with their patterns. */
export function declareVariables(m: Lowering, node: VariableDeclaration): void {
  for (const { id, init } of node.declarations) {
    if (!init && node.kind === "var") continue;
    const value = !init
      ? UNDEFINED
      : id.type === "Identifier"
      ? evaluate(m, init)
      : evaluateStructure(m, init);
    bind(m, id, value, node.kind === "var" ? "var" : "let");
  }
}

/** Gives a declared pattern its values; parameters are declared on the way. */
export function bind(m: Lowering, pattern: Pattern, value: Value, kind: Variable["kind"]): void {
  destructure(m, pattern, value, (leaf, part) => {
    // A declaration declares nothing but names.
    const { name } = leaf as Identifier;
    const { scope } = m.frame;
    const variable = kind === "var" ? scope.find(name) : scope.variables.get(name);
    if (variable) m.write(variable.cell, part);
    else m.declare(name, kind, part);
  });
}

type Leaf = Identifier | MemberExpression;

function destructure(
  m: Lowering,
  pattern: Pattern,
  value: Value,
  give: (leaf: Leaf, value: Value) => void,
): void {
  switch (pattern.type) {
    case "Identifier":
    case "MemberExpression":
      return give(pattern, value);
    case "AssignmentPattern": {
      const missing = value.kind === "nothing" && value.why === "undefined";
      return destructure(
        m,
        pattern.left,
        missing ? evaluateStructure(m, pattern.right) : value,
        give,
      );
    }
    case "ObjectPattern":
      for (const property of pattern.properties) {
        if (property.type === "RestElement") return m.refuse(property, "spread");
        const key = keyOf(m, property.key, property.computed);
        destructure(m, property.value, member(m, value, key, property), give);
      }
      return;
    case "ArrayPattern": {
      const items = elements(m, value, pattern);
      for (const [k, part] of pattern.elements.entries()) {
        if (part?.type === "RestElement") return m.refuse(part, "spread");
        if (part) destructure(m, part, items[k] ?? UNDEFINED, give);
      }
      return;
    }
    case "RestElement":
      return m.refuse(pattern, "spread");
  }
}

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

/** What a variable holds; refused before its declaration. */
export function variableValue(m: Lowering, variable: Variable, name: string, node: Node): Value {
  variableUsable(m, variable, name, node);
  return m.read(variable.cell);
}

function variableUsable(m: Lowering, variable: Variable, name: string, node: Node): void {
  const value = m.read(variable.cell);
  if (value.kind === "nothing" && value.why === "undeclared") m.refuse(node, "undeclared", name);
}

/** The names that a pattern declares. */
function patternNames(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        patternNames(property.type === "RestElement" ? property.argument : property.value)
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((part) => part ? patternNames(part) : []);
    case "AssignmentPattern":
      return patternNames(pattern.left);
    case "RestElement":
      return patternNames(pattern.argument);
    case "MemberExpression":
      return [];
  }
}

/** The names of all `var`s of a function, wherever they stand. */
function varNames(body: readonly Statement[]): string[] {
  return body.flatMap((statement): string[] => {
    switch (statement.type) {
      case "VariableDeclaration":
        return statement.kind === "var"
          ? statement.declarations.flatMap(({ id }) => patternNames(id))
          : [];
      case "BlockStatement":
        return varNames(statement.body);
      case "IfStatement":
        return varNames([
          statement.consequent,
          ...statement.alternate ? [statement.alternate] : [],
        ]);
      case "ForStatement":
        return [
          ...statement.init?.type === "VariableDeclaration" ? varNames([statement.init]) : [],
          ...varNames([statement.body]),
        ];
      case "ForOfStatement":
        return [
          ...statement.left.type === "VariableDeclaration" ? varNames([statement.left]) : [],
          ...varNames([statement.body]),
        ];
      case "SwitchStatement":
        return varNames(statement.cases.flatMap((one) => one.consequent));
      default:
        return [];
    }
  });
}
