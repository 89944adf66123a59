/** From data (JSON or CBOR) to a checked value. @module */
import { fromBase64 } from "./base64.ts";
import { checkKey, checkNames, checkNumber, checkString, listText, Walk } from "./check.ts";
import { copy, dataType, isObject } from "./data.ts";
import { show, showChoices } from "./error.ts";
import type { AnySchema, Infer, Kind, ObjectKind, RecordKind, UnionKind } from "./schema.ts";
import { elementBytes, vectorOf } from "./vector.ts";

/**
 * The value that `data` stands for.
 *
 * @throws {SchemaError} with the path of the first part that is not as the schema says
 */
export function decode<S extends AnySchema>(
  schema: S,
  data: unknown,
  form: "json" | "binary",
): Infer<S> {
  return read(schema, data, new Walk(form)) as Infer<S>;
}

function read(schema: AnySchema, data: unknown, walk: Walk): unknown {
  const kind = schema as Kind;
  switch (kind.kind) {
    case "number":
      return checkNumber(kind, data, walk);
    case "string":
      return checkString(kind, data, walk);
    case "boolean":
      return typeof data === "boolean" ? data : walk.expected("true or false", data);
    case "literal":
      return Object.is(data, kind.value) ? data : walk.expected(show(kind.value), data);
    case "choice":
      if (typeof data === "string" && kind.values.includes(data)) return data;
      return walk.expected(showChoices(kind.values), data);
    case "nullable":
      return data === null ? null : read(kind.inner, data, walk);
    case "optional":
    case "default":
      return read(kind.inner, data, walk);
    case "array":
      return readList(data, kind.min, kind.max, () => kind.item, walk);
    case "tuple":
      return readList(data, kind.items.length, kind.items.length, (i) => kind.items[i], walk);
    case "record":
      return readRecord(kind, data, walk);
    case "object":
      return readObject(kind, data, walk, {});
    case "union":
      return readUnion(kind, data, walk);
    case "either": {
      const type = dataType(data);
      const option = (type && kind.byType.get(type)) ?? kind.options[0];
      return read(option, data, walk);
    }
    case "vector":
      return readVector(kind, data, walk);
    case "recursive": {
      walk.enter(kind, kind.depth);
      const value = read(kind.inner, data, walk);
      walk.leave(kind);
      return value;
    }
    case "refine": {
      const value = read(kind.inner, data, walk);
      walk.run(() => kind.check(value, (path, reason) => walk.refuse(path, reason)));
      return value;
    }
    case "convert": {
      const stored = read(kind.inner, data, walk);
      return walk.run(() => kind.read(stored));
    }
  }
}

function readList(
  data: unknown,
  min: number,
  max: number,
  item: (index: number) => AnySchema,
  walk: Walk,
): unknown[] {
  if (!Array.isArray(data) || data.length < min || data.length > max) {
    return walk.expected(listText(min, max), data);
  }
  const list: unknown[] = [];
  for (let i = 0; i < data.length; i++) {
    walk.path.push(i);
    list.push(read(item(i), data[i], walk));
    walk.path.pop();
  }
  return list;
}

function readRecord(kind: RecordKind, data: unknown, walk: Walk): Record<string, unknown> {
  if (!isObject(data)) return walk.expected("an object", data);
  const keys = Object.keys(data);
  if (keys.length > kind.max) {
    walk.refuse([], `expected at most ${kind.max} entries, got ${keys.length}`);
  }
  const table: Record<string, unknown> = {};
  for (const key of keys) {
    walk.path.push(key);
    checkKey(kind, key, walk);
    table[key] = read(kind.value, data[key], walk);
    walk.path.pop();
  }
  return table;
}

function readObject(
  kind: ObjectKind,
  data: unknown,
  walk: Walk,
  value: Record<string, unknown>,
  tag?: string,
): Record<string, unknown> {
  if (!isObject(data)) return walk.expected("an object", data);
  checkNames(kind, data, walk, tag);
  for (const [name, schema] of kind.fields) {
    if (Object.hasOwn(data, name)) {
      walk.path.push(name);
      value[name] = read(schema, data[name], walk);
      walk.path.pop();
      continue;
    }
    const field = schema as Kind;
    if (field.kind === "default") value[name] = copy(field.value);
    else if (field.kind !== "optional") walk.refuse([], `expected a field ${show(name)}`);
  }
  return value;
}

function readUnion(kind: UnionKind, data: unknown, walk: Walk): Record<string, unknown> {
  if (!isObject(data)) return walk.expected("an object", data);
  const tag = Object.hasOwn(data, kind.tag) ? data[kind.tag] : undefined;
  const object = typeof tag === "string" ? kind.cases.get(tag) : undefined;
  if (object === undefined) {
    walk.path.push(kind.tag);
    return walk.expected(showChoices([...kind.cases.keys()]), tag);
  }
  return readObject(object, data, walk, { [kind.tag]: tag }, kind.tag);
}

function readVector(kind: Kind & { kind: "vector" }, data: unknown, walk: Walk): ArrayBufferView {
  const size = elementBytes(kind.element);
  const text = `at most ${kind.max} elements`;
  if (walk.form === "binary") {
    if (!(data instanceof Uint8Array) || data.length % size !== 0) {
      return walk.expected(`bytes, ${size} an element`, data);
    }
    return data.length > kind.max * size ? walk.expected(text, data) : vectorOf(kind.element, data);
  }
  if (Array.isArray(data)) {
    if (data.length > kind.max) walk.expected(text, data);
    const bytes = new Uint8Array(data.length * size);
    const vector = vectorOf(kind.element, bytes);
    return fill(vector, kind, data, walk);
  }
  if (typeof data !== "string") {
    return walk.expected("a text in base64url or a list of numbers", data);
  }
  if (data.length > Math.ceil((kind.max * size * 4) / 3)) walk.expected(text, data);
  const bytes = fromBase64(data);
  if (bytes === undefined || bytes.length % size !== 0) {
    return walk.expected(`base64url of ${size} bytes an element`, data);
  }
  return vectorOf(kind.element, bytes);
}

function fill(
  vector: Uint8Array | Float32Array | Float64Array,
  kind: Kind & { kind: "vector" },
  data: readonly unknown[],
  walk: Walk,
): ArrayBufferView {
  const byte = kind.element === "u8";
  const type = byte ? "integer" : kind.element === "f32" ? "single" : "double";
  const [min, max] = byte ? [0, 255] : [-Infinity, Infinity];
  const number = { kind: "number", type, min, max, special: !byte } as const;
  for (let i = 0; i < data.length; i++) {
    walk.path.push(i);
    vector[i] = checkNumber(number, data[i], walk);
    walk.path.pop();
  }
  return vector;
}
