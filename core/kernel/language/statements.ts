/** Statements. @module */
import type { IfStatement, Node, Statement } from "acorn";
import { choose, evaluate, evaluateStructure } from "./expressions.ts";
import { forLoop, forOfLoop, switchStatement } from "./loops.ts";
import type { Lowering } from "./lowering.ts";
import { truth } from "./numbers.ts";
import { branchStatement } from "./procedure_branch.ts";
import { declareBlock, declareVariables } from "./declarations.ts";
import { UNDEFINED, type Value } from "./values.ts";

/** The statements of a block in the current scope; what follows a jump is not looked at. */
export function statements(m: Lowering, body: readonly Statement[]): void {
  declareBlock(m, body);
  for (const node of body) {
    if (!m.world) return;
    statement(m, node);
  }
}

/** A statement, in a scope of its own if it is a block. */
export function statement(m: Lowering, node: Statement): void {
  switch (node.type) {
    case "EmptyStatement":
      return;
    case "ExpressionStatement":
      if (node.directive === undefined) evaluate(m, node.expression);
      return;
    case "VariableDeclaration":
      return declareVariables(m, node);
    case "BlockStatement":
      return m.scoped(() => statements(m, node.body));
    case "IfStatement":
      return ifStatement(m, node);
    case "ForStatement":
      return forLoop(m, node);
    case "ForOfStatement":
      return forOfLoop(m, node);
    case "SwitchStatement":
      return switchStatement(m, node);
    case "ReturnStatement": {
      const value = node.argument ? evaluateStructure(m, node.argument) : UNDEFINED;
      return returnValue(m, value, node.argument ?? node);
    }
    case "BreakStatement": {
      if (node.label) m.refuse(node, "label");
      m.leave(m.frame.breakables.at(-1)!.breaks, UNDEFINED);
      return;
    }
    case "ContinueStatement": {
      if (node.label) m.refuse(node, "label");
      m.leave(m.frame.breakables.findLast((loop) => loop.continues)!.continues!, UNDEFINED);
      return;
    }
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForInStatement":
      return m.refuse(node, "endlessLoop");
    case "LabeledStatement":
      return m.refuse(node, "label");
    case "ThrowStatement":
    case "TryStatement":
      return m.refuse(node, "exception");
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return m.refuse(node, "closure");
    default:
      return m.refuse(node, "statement");
  }
}

/** Leaves the function with a value. */
export function returnValue(m: Lowering, value: Value, node: Node): void {
  const { returns, result } = m.frame;
  m.leave(returns, result ? result(value, node) : value);
}

function ifStatement(m: Lowering, node: IfStatement): void {
  const test = truth(m, evaluate(m, node.test), node.test);
  if (typeof test !== "boolean" && branchStatement(m, node, test)) return;
  const run = (arm: Statement | null | undefined) => () => {
    if (arm) statement(m, arm);
    return UNDEFINED;
  };
  choose(m, test, run(node.consequent), run(node.alternate));
}
