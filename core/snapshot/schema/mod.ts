/**
 * Data formats declared once: a schema is plain data that gives the TypeScript type, a validator with
 * paths, readable JSON, compact CBOR, text for URLs, migrations between versions and a JSON Schema.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const song = s.object({
 *   title: s.string({ max: 80 }),
 *   tempo: s.number({ min: 20, max: 300, unit: "bpm" }),
 *   notes: s.array(s.tuple([s.number(), s.integer({ min: 0, max: 127 })]), { max: 10_000 }),
 * });
 * type Song = s.Infer<typeof song>;
 *
 * const codec = s.codec(song);
 * const value: Song = { title: "Étude", tempo: 92.5, notes: [[0, 60], [0.5, 64]] };
 * assertEquals(codec.fromJson(codec.toJson(value)), value);
 * assertThrows(
 *   () => codec.fromJson(`{ "title": "x", "tempo": 90, "notes": [[0, 60], [1, 640]] }`),
 *   s.SchemaError,
 *   "notes[1][1]: expected a whole number in [0, 127], got 640",
 * );
 * ```
 *
 * @module
 */
export type { AnySchema, Infer, OptionalField, Refuse, Scalar, Schema } from "./schema.ts";
export type { Flat, ObjectOf } from "./schema.ts";
export { boolean, choice, integer, literal, number, single, string } from "./scalars.ts";
export type { NumberOptions, StringOptions } from "./scalars.ts";
export { array, nullable, object, optional, record, tuple, withDefault } from "./composites.ts";
export type { About, ArrayOptions, ObjectOptions, RecordOptions } from "./composites.ts";
export { either, union } from "./alternatives.ts";
export type { UnionOf } from "./alternatives.ts";
export { bytes, convert, float32Array, float64Array, recursive, refine } from "./special.ts";
export type { RecursiveOptions, VectorOptions } from "./special.ts";
export { codec } from "./codec.ts";
export type { Codec } from "./codec.ts";
export { versioned } from "./versioned.ts";
export type { VersionedCodec } from "./versioned.ts";
export { jsonSchema } from "./json_schema.ts";
export type { JsonSchemaOptions } from "./json_schema.ts";
export { formatJson } from "./json_text.ts";
export { LIMITS } from "./limits.ts";
export type { Limits } from "./limits.ts";
export { SchemaError, showPath } from "./error.ts";
export type { Path } from "./error.ts";
