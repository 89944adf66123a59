/** Schemas made of others: lists, objects, tables. @module */
import { copy, freeName } from "./data.ts";
import { encode } from "./encode.ts";
import type { AnySchema, Infer, ObjectOf, OptionalField, Schema } from "./schema.ts";

/** A description for the reference. */
export interface About {
  /** One sentence, also for the JSON Schema. */
  readonly about?: string;
}

/** A field that may be missing (`undefined`). Only for fields of an object. */
export function optional<T>(inner: Schema<T>): OptionalField<T> {
  return { kind: "optional", inner, about: inner.about } as OptionalField<T>;
}

/**
 * A field that has `value` when the data does not mention it. It is not written while it has that
 * value, so changing a default changes the format and needs a migration. Only for fields of an object.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals } from "@std/assert";
 *
 * const edge = s.codec(s.object({ from: s.string(), gain: s.withDefault(s.number(), 1) }));
 * assertEquals(edge.fromJson(`{ "from": "osc" }`), { from: "osc", gain: 1 });
 * assertEquals(edge.toJson({ from: "osc", gain: 1 }), `{ "from": "osc" }\n`);
 * ```
 */
export function withDefault<T>(inner: Schema<T>, value: NoInfer<T>): Schema<T> {
  encode(inner, value, "json"); // a default that is not valid is refused here
  return { kind: "default", inner, value: copy(value), about: inner.about } as Schema<T>;
}

/** A value or null. */
export function nullable<T>(inner: Schema<T>): Schema<T | null> {
  return { kind: "nullable", inner, about: inner.about } as Schema<T | null>;
}

/** How many items a list may have. */
export interface ArrayOptions extends About {
  /** Default 0. */
  readonly min?: number;
  /** Default 65,536. */
  readonly max?: number;
}

/** A list. */
export function array<T>(item: Schema<T>, options: ArrayOptions = {}): Schema<T[]> {
  const { min = 0, max = 65_536, about } = options;
  return { kind: "array", item: required(item, "a list"), min, max, about } as Schema<T[]>;
}

/** A list of fixed length, each place with its own type. */
export function tuple<const I extends readonly AnySchema[]>(
  items: I,
  options: About = {},
): Schema<{ -readonly [K in keyof I]: Infer<I[K]> }> {
  for (const item of items) required(item, "a tuple");
  return { kind: "tuple", items, about: options.about } as AnySchema;
}

/** What is allowed of a table. */
export interface RecordOptions extends About {
  /** Most entries. Default 4096. */
  readonly max?: number;
  /** What keys may be. Default: any text of 1 to 256 characters. */
  readonly key?: Schema<string>;
}

const ANY_KEY = { kind: "string", min: 1, max: 256 } as AnySchema;

/** A table from names to values, written in the order of the names. Names that every object has (`constructor`, `__proto__`, …) are refused. */
export function record<T>(
  value: Schema<T>,
  options: RecordOptions = {},
): Schema<Record<string, T>> {
  const { max = 4096, key = ANY_KEY, about } = options;
  return { kind: "record", value: required(value, "a table"), key, max, about } as AnySchema;
}

/** What to do with fields that an object's schema does not know. */
export interface ObjectOptions extends About {
  /** "refuse" with the path, or "ignore" (they are dropped). Default "refuse": a misspelt name should be heard of. */
  readonly unknown?: "refuse" | "ignore";
  /**
   * An object of the same fields that accepts more. The JSON Schema then refers to it and tells only
   * the fields that are declared otherwise here; nothing else changes.
   */
  readonly within?: AnySchema;
}

/**
 * An object with known fields, written in the order in which they are declared.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const preset = s.codec(s.object({
 *   name: s.string({ max: 40 }),
 *   steps: s.array(s.integer({ min: 0, max: 127 }), { max: 64 }),
 *   swing: s.optional(s.number({ min: 0, max: 1 })),
 * }));
 * const value = preset.fromJson(`{ "name": "bass", "steps": [36, 36, 48] }`);
 * assertEquals(preset.fromBinary(preset.toBinary(value)), value);
 * assertThrows(() => preset.fromJson(`{ "name": "x", "stepz": [] }`), s.SchemaError, "stepz");
 * ```
 */
export function object<const F extends Readonly<Record<string, AnySchema>>>(
  fields: F,
  options: ObjectOptions = {},
): Schema<ObjectOf<F>> {
  const entries = Object.entries(fields);
  for (const [name] of entries) freeName(name);
  const { unknown = "refuse", about, within } = options;
  const names = new Set(Object.keys(fields));
  return { kind: "object", fields: entries, names, unknown, about, within } as AnySchema;
}

function required<T>(schema: Schema<T>, where: string): Schema<T> {
  if (schema.kind === "optional" || schema.kind === "default") {
    throw new TypeError(
      `Cannot use "${schema.kind}" in ${where}: only fields of an object may be missing`,
    );
  }
  return schema;
}
