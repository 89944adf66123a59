/** From a function value to the syntax tree of its source text. @module */
import {
  type ArrowFunctionExpression,
  type Expression,
  type FunctionExpression,
  type Node,
  parse as parseScript,
} from "acorn";

/** A function's syntax tree. */
export type FunctionNode = FunctionExpression | ArrowFunctionExpression;

/** A function as its source says it. */
export interface ParsedFunction {
  readonly node: FunctionNode;
  /** The source text, as `toString` gives it. */
  readonly text: string;
  /** Characters put before the text to make it parse. */
  readonly shift: number;
}

/** A piece of a function's source text. */
export interface Place {
  readonly parsed: ParsedFunction;
  /** "tick" or `helper "name"`, for messages. */
  readonly inside: string;
  readonly node: Node;
}

/** Why a value cannot be parsed as a function. */
export type ParseFailure = "native" | "syntax";

const known = new WeakMap<object, ParsedFunction | ParseFailure>();

/** Parses a function, an arrow function or a method from its own text; each function once. */
// deno-lint-ignore ban-types
export function parseFunction(fn: Function): ParsedFunction | ParseFailure {
  let parsed = known.get(fn);
  if (!parsed) known.set(fn, parsed = parseText(Function.prototype.toString.call(fn)));
  return parsed;
}

function parseText(text: string): ParsedFunction | ParseFailure {
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) return "native";
  // `function (…) {…}` and `(…) => …` are expressions; `name(…) {…}` is one only in an object.
  const expression = tryParse(`(${text}\n)`);
  if (isFunction(expression)) return { node: expression, text, shift: 1 };
  const object = tryParse(`({${text}\n})`);
  const property = object?.type === "ObjectExpression" ? object.properties[0] : undefined;
  if (property?.type !== "Property" || !isFunction(property.value)) return "syntax";
  return { node: property.value, text, shift: 2 };
}

function isFunction(node: Expression | undefined): node is FunctionNode {
  return node?.type === "FunctionExpression" || node?.type === "ArrowFunctionExpression";
}

function tryParse(text: string): Expression | undefined {
  try {
    const program = parseScript(text, { ecmaVersion: "latest", locations: true });
    const statement = program.body[0];
    return statement.type === "ExpressionStatement" ? statement.expression : undefined;
  } catch {
    return undefined;
  }
}

/** The source text of a piece of a function, on one line and shortened. */
export function snippet(parsed: ParsedFunction, node: Node): string {
  const text = node === parsed.node
    ? parsed.text
    : parsed.text.slice(node.start - parsed.shift, node.end - parsed.shift);
  const line = text.replace(/\s+/g, " ");
  return line.length <= 60 ? line : line.slice(0, 57) + "...";
}

/** Line and column, from 1, of a piece of a function within the function's text. */
export function position(parsed: ParsedFunction, node: Node): { line: number; column: number } {
  if (node === parsed.node) return { line: 1, column: 1 };
  const { line, column } = node.loc!.start;
  return { line, column: column + 1 - (line === 1 ? parsed.shift : 0) };
}
