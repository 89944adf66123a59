/**
 * Runs the functions of `core/math` with every operation rounded to f32: rewrites their source so
 * that each float operation is wrapped in `Math.fround`. Knows nothing of the compiler, so it also
 * checks that.
 *
 * @module
 */
import * as acorn from "acorn";
import { MATH, type MathName } from "../../../core/math/mod.ts";
import { referenceContext } from "../../../core/math/reference.ts";

type Kind = "float" | "int" | "literal" | "truth";
interface Piece {
  readonly kind: Kind;
  readonly text: string;
}

const INTEGER_OPERATORS = ["|", "&", "^", "<<", ">>"];
const COMPARISONS = ["<", ">", "<=", ">=", "===", "!=="];

/** As WebAssembly's saturating truncation. */
function truncate(x: number): number {
  return Math.trunc(Math.min(Math.max(x, -2147483648), 2147483647)) || 0;
}

function float(piece: Piece): string {
  return piece.kind === "float" || piece.kind === "truth" ? piece.text : `round(${piece.text})`;
}

// deno-lint-ignore no-explicit-any -- acorn's union of node types would need a cast in each branch
function rewrite(node: any, kinds: Map<string, Kind>): Piece {
  const go = (child: unknown) => rewrite(child, kinds);
  switch (node.type) {
    case "Literal":
      return { kind: "literal", text: String(node.value) };
    case "Identifier":
      if (node.name === "Infinity" || node.name === "NaN") {
        return { kind: "literal", text: node.name };
      }
      return { kind: kinds.get(node.name) ?? "float", text: node.name };
    case "UnaryExpression": {
      const x = go(node.argument);
      return { kind: x.kind, text: `(-${x.text})` };
    }
    case "LogicalExpression":
      return {
        kind: "truth",
        text: `(${go(node.left).text} ${node.operator} ${go(node.right).text})`,
      };
    case "ConditionalExpression": {
      const [yes, no] = [go(node.consequent), go(node.alternate)];
      return { kind: "float", text: `(${go(node.test).text} ? ${float(yes)} : ${float(no)})` };
    }
    case "BinaryExpression": {
      const [x, y] = [go(node.left), go(node.right)];
      if (INTEGER_OPERATORS.includes(node.operator)) {
        const toInt = node.operator === "|" && x.kind === "float";
        const text = toInt ? `truncate(${x.text})` : `(${x.text} ${node.operator} ${y.text})`;
        return { kind: "int", text };
      }
      if (COMPARISONS.includes(node.operator)) {
        return { kind: "truth", text: `(${float(x)} ${node.operator} ${float(y)})` };
      }
      const integral =
        [x, y].every((p) => p.kind === "int" || p.kind === "literal" && !p.text.includes(".")) &&
        [x, y].some((p) => p.kind === "int");
      if (integral) return { kind: "int", text: `(${x.text} ${node.operator} ${y.text})` };
      return { kind: "float", text: `round(${float(x)} ${node.operator} ${float(y)})` };
    }
    case "CallExpression": {
      const name = node.callee.property.name;
      const list = node.arguments.map((argument: unknown) => go(argument));
      if (name === "floatToBits") {
        return { kind: "int", text: `context.${name}(${float(list[0])})` };
      }
      if (name === "bitsToFloat") {
        return { kind: "float", text: `context.${name}(${list[0].text})` };
      }
      const from = name in MATH ? "F32" : "Math";
      return { kind: "float", text: `round(${from}.${name}(${list.map(float)}))` };
    }
    default:
      throw new TypeError(`Cannot evaluate ${node.type}: it is not used in core/math`);
  }
}

// deno-lint-ignore ban-types
function compile(fn: Function): (...x: number[]) => number {
  const program = acorn.parse(`(${fn})`, { ecmaVersion: "latest" });
  // deno-lint-ignore no-explicit-any
  const node = (program.body[0] as any).expression;
  const kinds = new Map<string, Kind>();
  const lines: string[] = [];
  for (const statement of node.body.body) {
    if (statement.type === "ReturnStatement") {
      lines.push(`return ${float(rewrite(statement.argument, kinds))};`);
    } else {
      for (const { id, init } of statement.declarations) {
        const piece = rewrite(init, kinds);
        kinds.set(id.name, piece.kind === "literal" ? "float" : piece.kind);
        lines.push(`const ${id.name} = ${piece.kind === "int" ? piece.text : float(piece)};`);
      }
    }
  }
  const names = node.params.slice(0, -1).map((p: { name: string }) => p.name);
  const body = `return (${names}) => {\n${lines.join("\n")}\n}`;
  return new Function("F32", "round", "truncate", "context", body)(
    F32,
    Math.fround,
    truncate,
    referenceContext(48000),
  );
}

/** The functions of `core/math` in f32; arguments must be f32. */
export const F32 = {} as Record<MathName, (...x: number[]) => number>;
for (const [name, fn] of Object.entries(MATH)) F32[name as MathName] = compile(fn);
