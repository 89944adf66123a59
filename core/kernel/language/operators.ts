/** Binary operators by name. @module */
import type { BinaryOperator, Node } from "acorn";
import { arithmetic, power } from "./arithmetic.ts";
import { bits, shift } from "./bits.ts";
import { compare, equals, not } from "./comparison.ts";
import type { Lowering } from "./lowering.ts";
import { number } from "./numbers.ts";
import type { Value } from "./values.ts";

/** `x operator y`. */
export function binary(
  m: Lowering,
  operator: BinaryOperator,
  x: Value,
  y: Value,
  node: Node,
): Value {
  switch (operator) {
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(m, operator, number(m, x, node), number(m, y, node), node);
    case "**":
      return power(m, number(m, x, node), number(m, y, node), node);
    case "&":
    case "|":
    case "^":
      return bits(m, operator, x, y, node);
    case "<<":
    case ">>":
    case ">>>":
      return shift(m, operator, x, y, node);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(m, operator, number(m, x, node), number(m, y, node), node);
    case "==":
    case "===":
      return equals(m, x, y, node);
    case "!=":
    case "!==":
      return not(m, equals(m, x, y, node), node);
    default:
      return m.refuse(node, "operator", operator);
  }
}
