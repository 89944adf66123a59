/** Expressions. @module */
import type {
  ArrayExpression,
  ConditionalExpression,
  Expression,
  Literal,
  LogicalExpression,
  ObjectExpression,
  SequenceExpression,
  UnaryExpression,
} from "acorn";
import { negate } from "./arithmetic.ts";
import { invert } from "./bits.ts";
import { not } from "./comparison.ts";
import { binary } from "./operators.ts";
import { evaluateCall } from "./calls.ts";
import { globalValue } from "./context.ts";
import type { Id } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { keyOf, member, memberParts } from "./members.ts";
import { number, truth } from "./numbers.ts";
import { evaluateAssignment, evaluateUpdate } from "./assignments.ts";
import { variableValue } from "./declarations.ts";
import { bool, constant, record, UNDEFINED, type Value } from "./values.ts";

/** The value of an expression; what it does to variables and state is done on the current path. */
export function evaluate(m: Lowering, node: Expression): Value {
  switch (node.type) {
    case "Literal":
      return literal(m, node);
    case "Identifier":
      return identifier(m, node);
    case "UnaryExpression":
      return unary(m, node);
    case "BinaryExpression": {
      if (node.left.type === "PrivateIdentifier") return m.refuse(node, "operator", "in");
      if (node.operator === "in" || node.operator === "instanceof") {
        return m.refuse(node, "operator", node.operator);
      }
      const left = evaluate(m, node.left);
      return binary(m, node.operator, left, evaluate(m, node.right), node);
    }
    case "LogicalExpression":
      return logical(m, node);
    case "ConditionalExpression":
      return conditional(m, node, evaluate);
    case "AssignmentExpression":
      return evaluateAssignment(m, node);
    case "UpdateExpression":
      return evaluateUpdate(m, node);
    case "MemberExpression": {
      const { object, key } = memberParts(m, node);
      return member(m, object, key, node);
    }
    case "CallExpression":
      return evaluateCall(m, node);
    case "SequenceExpression":
      return sequence(m, node, evaluate);
    case "ThisExpression":
      return m.refuse(node, "thisValue");
    case "NewExpression":
    case "ArrayExpression":
    case "ObjectExpression":
      return m.refuse(node, "allocation");
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassExpression":
      return m.refuse(node, "closure");
    case "TemplateLiteral":
    case "TaggedTemplateExpression":
      return m.refuse(node, "text");
    case "ChainExpression":
      return m.refuse(node, "optional");
    default:
      return m.refuse(node, "expression");
  }
}

/**
 * An expression whose lists and objects are taken apart at once, so that nothing is allocated: the
 * result of a function, the right side of a destructuring assignment, the list of a `for…of`.
 */
export function evaluateStructure(m: Lowering, node: Expression): Value {
  switch (node.type) {
    case "ArrayExpression":
      return list(m, node);
    case "ObjectExpression":
      return object(m, node);
    case "ConditionalExpression":
      return conditional(m, node, evaluateStructure);
    case "SequenceExpression":
      return sequence(m, node, evaluateStructure);
    default:
      return evaluate(m, node);
  }
}

/** `test ? onTrue : onFalse`, both on their own paths where the test is only known at run time. */
export function choose(
  m: Lowering,
  test: boolean | Id,
  onTrue: () => Value,
  onFalse: () => Value,
): Value {
  if (typeof test === "boolean") return test ? onTrue() : onFalse();
  return m.branch(test, onTrue, onFalse);
}

type Evaluate = (m: Lowering, node: Expression) => Value;

function conditional(m: Lowering, node: ConditionalExpression, evaluateArm: Evaluate): Value {
  const test = truth(m, evaluate(m, node.test), node.test);
  return choose(
    m,
    test,
    () => evaluateArm(m, node.consequent),
    () => evaluateArm(m, node.alternate),
  );
}

function sequence(m: Lowering, node: SequenceExpression, evaluateLast: Evaluate): Value {
  const last = node.expressions.length - 1;
  for (const expression of node.expressions.slice(0, last)) evaluate(m, expression);
  return evaluateLast(m, node.expressions[last]);
}

function logical(m: Lowering, node: LogicalExpression): Value {
  const left = evaluate(m, node.left);
  const right = () => evaluate(m, node.right);
  if (node.operator === "??") {
    const missing = left.kind === "nothing" && left.why === "undefined";
    return missing ? right() : left;
  }
  const test = truth(m, left, node.left);
  return node.operator === "&&"
    ? choose(m, test, right, () => left)
    : choose(m, test, () => left, right);
}

function literal(m: Lowering, node: Literal): Value {
  if (node.regex) return m.refuse(node, "regex");
  switch (typeof node.value) {
    case "number":
      return constant(node.value);
    case "boolean":
      return bool(node.value);
    case "string":
      return m.refuse(node, "text");
    case "bigint":
      return m.refuse(node, "bigint");
    default:
      return m.refuse(node, "nullValue");
  }
}

function identifier(m: Lowering, node: Expression & { type: "Identifier" }): Value {
  const variable = m.frame.scope.find(node.name);
  if (variable) return variableValue(m, variable, node.name, node);
  if (node.name === "arguments") return m.refuse(node, "argumentsObject");
  return globalValue(m, node.name) ?? m.refuse(node, "freeIdentifier", node.name);
}

function unary(m: Lowering, node: UnaryExpression): Value {
  const { operator } = node;
  if (operator === "typeof" || operator === "delete") return m.refuse(node, "operator", operator);
  const value = evaluate(m, node.argument);
  switch (operator) {
    case "-":
      return negate(m, value, node);
    case "+":
      return number(m, value, node);
    case "!":
      return not(m, value, node);
    case "void":
      return UNDEFINED;
    case "~":
      return invert(m, value, node);
  }
}

function list(m: Lowering, node: ArrayExpression): Value {
  const items = node.elements.map((part) => {
    if (!part) return UNDEFINED;
    return part.type === "SpreadElement" ? m.refuse(part, "spread") : evaluateStructure(m, part);
  });
  return { kind: "list", items };
}

function object(m: Lowering, node: ObjectExpression): Value {
  const members = new Map<string, Value>();
  for (const property of node.properties) {
    if (property.type === "SpreadElement") return m.refuse(property, "spread");
    if (property.kind !== "init" || property.method) return m.refuse(property, "closure");
    const key = keyOf(m, property.key, property.computed);
    if (typeof key !== "string") return m.refuse(property, "computedName");
    members.set(key, evaluateStructure(m, property.value));
  }
  return record("object", members);
}
