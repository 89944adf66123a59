/** Compile-time values of what a `tick` is given: the context, Math, and whatever `uses` holds. @module */
import type { Node } from "acorn";
import { isBuiltin, NUMBER_FUNCTIONS } from "./builtins.ts";
import type { Lowering } from "./lowering.ts";
import { tablesValue } from "./table_slots.ts";
import { bool, constant, type RecordValue, type Value } from "./values.ts";

const MATH_CONSTANTS = ["E", "LN10", "LN2", "LOG10E", "LOG2E", "PI", "SQRT1_2", "SQRT2"] as const;
const NUMBER_CONSTANTS = ["EPSILON", "MAX_SAFE_INTEGER", "MIN_SAFE_INTEGER"] as const;

/** Names that a function may use without declaring them, unless it does. */
export function globalValue(m: Lowering, name: string): Value | undefined {
  switch (name) {
    case "undefined":
      return { kind: "nothing", why: "undefined" };
    case "NaN":
      return constant(NaN);
    case "Infinity":
      return constant(Infinity);
    case "Math":
      return mathObject(m);
    case "Number":
      return numberObject();
    default:
      return undefined;
  }
}

function mathObject(m: Lowering): RecordValue {
  const get = (name: string): Value | undefined => {
    if ((MATH_CONSTANTS as readonly string[]).includes(name)) {
      return constant(Math[name as (typeof MATH_CONSTANTS)[number]]);
    }
    if (name === "random") return { kind: "builtin", name };
    const isMath = isBuiltin(m, name) && Object.hasOwn(Math, name);
    return isMath ? { kind: "builtin", name } : undefined;
  };
  return { kind: "record", what: "Math", names: [], get };
}

function numberObject(): RecordValue {
  const get = (name: string): Value | undefined => {
    if ((NUMBER_CONSTANTS as readonly string[]).includes(name)) {
      return constant(Number[name as (typeof NUMBER_CONSTANTS)[number]]);
    }
    return NUMBER_FUNCTIONS.has(name) ? { kind: "builtin", name } : undefined;
  };
  return { kind: "record", what: "Number", names: [], get };
}

/** Sample rate and mathematics. */
export function mathContext(m: Lowering): RecordValue {
  const get = (name: string): Value | undefined => {
    if (name === "sampleRate") return constant(m.options.sampleRate);
    const isMath = isBuiltin(m, name) && !NUMBER_FUNCTIONS.has(name);
    return isMath ? { kind: "builtin", name } : undefined;
  };
  return { kind: "record", what: "context", names: [], get };
}

/** The context of a `tick`: mathematics, the tables it is given, and what the definition passes in `uses`. */
export function tickContext(m: Lowering, uses: object, tables: readonly string[]): RecordValue {
  const math = mathContext(m);
  const own = objectValue(m, uses, "context");
  const given = tables.length > 0 ? tablesValue(tables) : undefined;
  return {
    ...math,
    get: (name, node) => {
      const value = own.get(name, node);
      if (value || name !== "tables") return value ?? math.get(name);
      return given ?? m.refuse(node ?? m.frame.parsed.node, "noTables");
    },
  };
}

function objectValue(m: Lowering, object: object, what: string): RecordValue {
  const get = (name: string, node: Node = m.frame.parsed.node): Value | undefined => {
    const property = Object.getOwnPropertyDescriptor(object, name);
    if (!property) return undefined;
    if (property.get || property.set) return m.refuse(node, "getter", name);
    return usesValue(m, name, property.value, node);
  };
  return { kind: "record", what, names: Object.keys(object), get };
}

/** A value of `uses` as it is seen in a kernel. */
function usesValue(m: Lowering, name: string, value: unknown, node: Node): Value {
  switch (typeof value) {
    case "number":
      return constant(value);
    case "boolean":
      return bool(value);
    case "function":
      return functionValue(name, value);
    case "undefined":
      return { kind: "nothing", why: "undefined" };
    case "string":
      return m.refuse(node, "text");
    case "bigint":
      return m.refuse(node, "bigint");
    case "object":
      break;
    default:
      return m.refuse(node, "notANumber", `\`${name}\` of \`uses\``);
  }
  if (value === null) return m.refuse(node, "nullValue");
  if (isNumbers(value)) return { kind: "table", data: value };
  if (Array.isArray(value)) {
    return {
      kind: "list",
      items: value.map((item, k) => usesValue(m, `${name}[${k}]`, item, node)),
    };
  }
  return objectValue(m, value, "object");
}

// deno-lint-ignore ban-types
function functionValue(name: string, fn: Function): Value {
  for (const known of Object.getOwnPropertyNames(Math)) {
    if (Math[known as keyof Math] as unknown === fn) return { kind: "builtin", name: known };
  }
  return { kind: "function", fn, name };
}

function isNumbers(value: object): value is ArrayLike<number> {
  if (ArrayBuffer.isView(value)) {
    return "length" in value && typeof (value as never)[0] !== "bigint";
  }
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}
