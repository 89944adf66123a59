/** Destructuring patterns. @module */
import type { Identifier, MemberExpression, Pattern, Statement } from "acorn";
import { evaluateStructure } from "./expressions.ts";
import type { Lowering } from "./lowering.ts";
import { elements, keyOf, member } from "./members.ts";
import { UNDEFINED, type Value } from "./values.ts";

/** What stands at the ends of a pattern. */
export type Leaf = Identifier | MemberExpression;

/** Takes a value apart as a pattern says and gives each part to its name or target. */
export function destructure(
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

/** The names that a pattern declares. */
export function patternNames(pattern: Pattern): string[] {
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
export function varNames(body: readonly Statement[]): string[] {
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
