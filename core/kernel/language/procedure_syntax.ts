/** What the syntax of a procedure says about its loops and branches. @module */
import type { ForStatement, Node } from "acorn";

/** Visits a syntax tree; `visit` says whether to look inside. */
function walk(node: Node, visit: (node: Node) => boolean): void {
  if (!visit(node)) return;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === "object" && typeof child.type === "string") walk(child, visit);
    }
  }
}

/** Names that are assigned to within a part of a function. */
export function assignedNames(...parts: readonly (Node | null | undefined)[]): Set<string> {
  const names = new Set<string>();
  const target = (pattern: Node) =>
    walk(pattern, (node) => {
      if (node.type === "Identifier") names.add((node as unknown as { name: string }).name);
      return node.type !== "MemberExpression";
    });
  for (const part of parts) {
    if (!part) continue;
    walk(part, (node) => {
      const loose = node as unknown as { left: Node; argument: Node };
      if (node.type === "AssignmentExpression") target(loose.left);
      if (node.type === "UpdateExpression") target(loose.argument);
      if (node.type === "ForOfStatement") target(loose.left);
      return true;
    });
  }
  return names;
}

const LOOPS = ["ForStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement"];

/** Whether control may leave the statement by a jump that begins in it. */
export function jumpsOut(statement: Node): boolean {
  let found = false;
  const look = (node: Node, breaks: boolean, continues: boolean): void =>
    walk(node, (part) => {
      if (part.type === "ReturnStatement") found = true;
      if (part.type === "BreakStatement" && breaks) found = true;
      if (part.type === "ContinueStatement" && continues) found = true;
      if (part === node) return true;
      if (LOOPS.includes(part.type)) look(part, false, false);
      else if (part.type === "SwitchStatement") look(part, false, continues);
      else return true;
      return false;
    });
  const inLoop = LOOPS.includes(statement.type);
  look(statement, !inLoop && statement.type !== "SwitchStatement", !inLoop);
  return found;
}

/** The first `return` in a part of a function. */
export function findReturn(part: Node): Node | undefined {
  let found: Node | undefined;
  walk(part, (node) => {
    if (node.type === "ReturnStatement") found ??= node;
    return !found;
  });
  return found;
}

/** Whether an arm of an `if` is so small that it costs less to compute it than to jump over it. */
export function isSmall(arm: Node): boolean {
  let small = true;
  walk(arm, (node) => {
    const { left, argument } = node as unknown as { left?: Node; argument?: Node };
    const stores = (node.type === "AssignmentExpression" && left?.type !== "Identifier") ||
      (node.type === "UpdateExpression" && argument?.type !== "Identifier");
    if (stores || node.type === "CallExpression" || LOOPS.includes(node.type)) small = false;
    return small;
  });
  return small;
}

/** A `for` that counts: `for (let i = …; i < …; i += …)`, the test perhaps followed by `&& …`. */
export interface CountedFor {
  readonly name: string;
  /** The comparison of the counter, first in the test. */
  readonly test: Node & { readonly operator: string; readonly right: Node };
  readonly down: boolean;
  /** The step's expression; 1 if there is none. */
  readonly step: Node | null;
}

// deno-lint-ignore no-explicit-any
type Loose = any;

/** Reads a `for` statement that counts. */
export function countedFor(node: ForStatement): CountedFor | undefined {
  const init = node.init as Loose;
  const update = node.update as Loose;
  if (init?.type !== "VariableDeclaration" || init.kind === "const" || !node.test || !update) {
    return undefined;
  }
  const { id, init: start } = init.declarations[0];
  if (init.declarations.length !== 1 || id.type !== "Identifier" || !start) return undefined;
  let test = node.test as Loose;
  while (test.type === "LogicalExpression" && test.operator === "&&") test = test.left;
  const isCounter = (part: Loose) => part?.type === "Identifier" && part.name === id.name;
  if (test.type !== "BinaryExpression" || !isCounter(test.left)) return undefined;
  if (assignedNames(node.body).has(id.name) || assignedNames(node.test).size) return undefined;
  const found = (down: boolean, step: Node | null): CountedFor | undefined => {
    const fits = down ? [">", ">="] : ["<", "<="];
    return fits.includes(test.operator) ? { name: id.name, test, down, step } : undefined;
  };
  if (update.type === "UpdateExpression" && isCounter(update.argument)) {
    return found(update.operator === "--", null);
  }
  if (update.type !== "AssignmentExpression" || !isCounter(update.left)) return undefined;
  if (update.operator === "+=") return found(false, update.right);
  return update.operator === "-=" ? found(true, update.right) : undefined;
}
