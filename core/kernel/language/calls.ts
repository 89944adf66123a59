/** Calls: helper functions are inlined from their source text. @module */
import type { CallExpression, Node } from "acorn";
import { callBuiltin } from "./builtins.ts";
import { lineMethod } from "./delay_lines.ts";
import { evaluate, evaluateStructure } from "./expressions.ts";
import type { Lowering } from "./lowering.ts";
import { number } from "./numbers.ts";
import { type ParsedFunction, parseFunction } from "./parse.ts";
import { bind, hoist } from "./declarations.ts";
import { MAX_DEPTH } from "./refusals.ts";
import { returnValue, statements } from "./statements.ts";
import { describe, type FunctionValue, UNDEFINED, type Value } from "./values.ts";
import { type Cell, type Frame, type Path, Scope, World } from "./world.ts";

/** `callee(…)`. */
export function evaluateCall(m: Lowering, node: CallExpression): Value {
  if (node.optional) m.refuse(node, "optional");
  if (node.callee.type === "Super") return m.refuse(node, "expression");
  const callee = evaluate(m, node.callee);
  const args = node.arguments.map((arg) =>
    arg.type === "SpreadElement" ? m.refuse(arg, "spread") : evaluate(m, arg)
  );
  switch (callee.kind) {
    case "builtin":
      if (callee.name === "random") return m.refuse(node, "random");
      return callBuiltin(m, callee.name, args, node);
    case "function":
      return inline(m, callee, args, node);
    case "method":
      return lineMethod(m, callee, args, node);
    case "nothing":
      return number(m, callee, node);
    default:
      return m.refuse(node, "unknownCall", describe(callee));
  }
}

/** Lowers the body of a helper function in place of a call. */
export function inline(
  m: Lowering,
  { fn, name }: FunctionValue,
  args: readonly Value[],
  node: Node,
): Value {
  const parsed = parseFunction(fn);
  if (parsed === "native") return m.refuse(node, "nativeFunction", name);
  if (typeof parsed === "string") return m.refuse(node, "notAFunction", name);
  if (m.frames.some((frame) => frame.parsed === parsed)) m.refuse(node, "recursion", name);
  if (m.frames.length > MAX_DEPTH) m.refuse(node, "tooDeep");
  const caller = m.world!;
  const outer = m.effectPath;
  // Within the function, paths are counted from its beginning.
  m.world = new World(true, caller.values);
  const value = run(m, parsed, `helper "${name}"`, args, outer);
  m.world!.path = caller.path;
  m.countOperations(node);
  return value;
}

/** Lowers a function and leaves the world as it is when it has returned. */
export function run(
  m: Lowering,
  parsed: ParsedFunction,
  inside: string,
  args: readonly Value[],
  outer: Path,
  result?: Frame["result"],
): Value {
  const cells = [...m.world!.values.keys()];
  const frame: Frame = {
    parsed,
    inside,
    returns: [],
    breakables: [],
    outer,
    result,
    scope: new Scope(null),
  };
  m.frames.push(frame);
  const { node } = parsed;
  if (node.async) m.refuse(node, "asyncFunction");
  if (node.generator) m.refuse(node, "generator");
  for (const [k, param] of node.params.entries()) {
    if (param.type === "RestElement") m.refuse(param, "spread");
    bind(m, param, args[k] ?? UNDEFINED, "let");
  }
  const value = body(m, frame, cells);
  m.frames.pop();
  return value;
}

function body(m: Lowering, frame: Frame, cells: readonly Cell[]): Value {
  const { node } = frame.parsed;
  if (node.body.type !== "BlockStatement") {
    returnValue(m, evaluateStructure(m, node.body), node.body);
  } else {
    hoist(m, node.body.body);
    statements(m, node.body.body);
    const givesValue = frame.returns.some(({ value }) => value !== UNDEFINED);
    if (givesValue && m.world) m.refuse(node, "noReturn");
  }
  return m.join(frame.returns, cells, true);
}
