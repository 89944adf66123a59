/** Declarations: `const`, `let`, `var` and parameters. @module */
import type { Identifier, Node, Pattern, Statement, VariableDeclaration } from "acorn";
import { evaluate, evaluateStructure } from "./expressions.ts";
import type { Lowering } from "./lowering.ts";
import { destructure, patternNames, varNames } from "./patterns.ts";
import { UNDECLARED, UNDEFINED, type Value } from "./values.ts";
import type { Variable } from "./world.ts";

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

/** What a variable holds; refused before its declaration. */
export function variableValue(m: Lowering, variable: Variable, name: string, node: Node): Value {
  variableUsable(m, variable, name, node);
  return m.read(variable.cell);
}

/** Refuses a variable before its declaration. */
export function variableUsable(m: Lowering, variable: Variable, name: string, node: Node): void {
  const value = m.read(variable.cell);
  if (value.kind === "nothing" && value.why === "undeclared") m.refuse(node, "undeclared", name);
}
