/** From a value to data (for JSON or CBOR); checks like reading, so nothing is written that cannot be read. @module */
import { toBase64 } from "./base64.ts";
import { checkKey, checkNames, checkNumber, checkString, listText, Walk } from "./check.ts";
import { bytesOf, dataType, isObject, same } from "./data.ts";
import { show, showChoices } from "./error.ts";
import { shortestSingle } from "./float_text.ts";
import type { AnySchema, Infer, Kind, ObjectKind, RecordKind, UnionKind } from "./schema.ts";
import { isVector } from "./vector.ts";

/**
 * The data that stands for `value`: plain objects and lists; typed arrays are bytes in binary.
 *
 * @throws {SchemaError} with the path of the first part that is not as the schema says
 */
export function encode<S extends AnySchema>(
  schema: S,
  value: Infer<S>,
  form: "json" | "binary",
): unknown {
  return write(schema, value, new Walk(form));
}

function write(schema: AnySchema, value: unknown, walk: Walk): unknown {
  const kind = schema as Kind;
  switch (kind.kind) {
    case "number": {
      if (typeof value !== "number") return checkNumber({ ...kind, special: false }, value, walk);
      const number = checkNumber(kind, value, walk);
      return walk.form === "json" ? jsonNumber(number, kind.type === "single") : number;
    }
    case "string":
      return checkString(kind, value, walk);
    case "boolean":
      return typeof value === "boolean" ? value : walk.expected("true or false", value);
    case "literal":
      return Object.is(value, kind.value) ? value : walk.expected(show(kind.value), value);
    case "choice":
      if (typeof value === "string" && kind.values.includes(value)) return value;
      return walk.expected(showChoices(kind.values), value);
    case "nullable":
      return value === null ? null : write(kind.inner, value, walk);
    case "optional":
    case "default":
      return write(kind.inner, value, walk);
    case "array":
      return writeList(value, kind.min, kind.max, () => kind.item, walk);
    case "tuple":
      return writeList(value, kind.items.length, kind.items.length, (i) => kind.items[i], walk);
    case "record":
      return writeRecord(kind, value, walk);
    case "object":
      return writeObject(kind, value, walk, {});
    case "union":
      return writeUnion(kind, value, walk);
    case "either": {
      const type = dataType(value);
      const option = (type && kind.byType.get(type)) ?? kind.options[0];
      return write(option, value, walk);
    }
    case "vector":
      return writeVector(kind, value, walk);
    case "recursive": {
      walk.enter(kind, kind.depth);
      const data = write(kind.inner, value, walk);
      walk.leave(kind);
      return data;
    }
    case "refine":
      // The parts first: a condition may rely on them.
      return checked(write(kind.inner, value, walk), () => {
        kind.check(value, (path, reason) => walk.refuse(path, reason));
      }, walk);
    case "convert":
      return write(kind.inner, walk.run(() => kind.write(value)), walk);
  }
}

function checked<T>(data: T, check: () => void, walk: Walk): T {
  walk.run(check);
  return data;
}

function jsonNumber(value: number, single: boolean): number | string {
  if (!Number.isFinite(value)) return String(value);
  return single ? shortestSingle(value) : value;
}

function writeList(
  value: unknown,
  min: number,
  max: number,
  item: (index: number) => AnySchema,
  walk: Walk,
): unknown[] {
  if (!Array.isArray(value) || value.length < min || value.length > max) {
    return walk.expected(listText(min, max), value);
  }
  const list: unknown[] = [];
  for (let i = 0; i < value.length; i++) {
    walk.path.push(i);
    list.push(write(item(i), value[i], walk));
    walk.path.pop();
  }
  return list;
}

function writeRecord(kind: RecordKind, value: unknown, walk: Walk): Record<string, unknown> {
  if (!isObject(value)) return walk.expected("an object", value);
  const keys = Object.keys(value);
  if (keys.length > kind.max) {
    walk.refuse([], `expected at most ${kind.max} entries, got ${keys.length}`);
  }
  const table: Record<string, unknown> = {};
  for (const key of keys.sort()) {
    walk.path.push(key);
    checkKey(kind, key, walk);
    table[key] = write(kind.value, value[key], walk);
    walk.path.pop();
  }
  return table;
}

function writeObject(
  kind: ObjectKind,
  value: unknown,
  walk: Walk,
  data: Record<string, unknown>,
  tag?: string,
): Record<string, unknown> {
  if (!isObject(value)) return walk.expected("an object", value);
  checkNames(kind, value, walk, tag);
  for (const [name, schema] of kind.fields) {
    const field = schema as Kind;
    const item = Object.hasOwn(value, name) ? value[name] : undefined;
    if (field.kind === "optional" && item === undefined) continue;
    if (field.kind === "default" && same(item, field.value)) continue;
    walk.path.push(name);
    data[name] = write(schema, item, walk);
    walk.path.pop();
  }
  return data;
}

function writeUnion(kind: UnionKind, value: unknown, walk: Walk): Record<string, unknown> {
  if (!isObject(value)) return walk.expected("an object", value);
  const tag = Object.hasOwn(value, kind.tag) ? value[kind.tag] : undefined;
  const object = typeof tag === "string" ? kind.cases.get(tag) : undefined;
  if (object === undefined) {
    walk.path.push(kind.tag);
    return walk.expected(showChoices([...kind.cases.keys()]), tag);
  }
  return writeObject(object, value, walk, { [kind.tag]: tag }, kind.tag);
}

const ARRAYS = { u8: "a Uint8Array", f32: "a Float32Array", f64: "a Float64Array" } as const;

function writeVector(kind: Kind & { kind: "vector" }, value: unknown, walk: Walk): unknown {
  if (!isVector(kind.element, value) || value.length > kind.max) {
    return walk.expected(`${ARRAYS[kind.element]} of at most ${kind.max} elements`, value);
  }
  const bytes = bytesOf(value);
  if (walk.form === "binary") return bytes;
  if (kind.text === "base64") return toBase64(bytes);
  return Array.from(value, (number) => jsonNumber(number, kind.element === "f32"));
}
