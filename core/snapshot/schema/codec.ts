/** {@linkcode codec}: a schema and all its formats. @module */
import { formatCbor, parseCbor } from "./cbor.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";
import { formatJson, parseJson } from "./json_text.ts";
import { jsonSchema, type JsonSchemaOptions } from "./json_schema.ts";
import { LIMITS, type Limits } from "./limits.ts";
import type { Schema } from "./schema.ts";
import { fromUrlText, toUrlText } from "./url.ts";

/**
 * Reads and writes values of type `T`. Everything that reads either returns a whole, checked value of
 * its own or throws a {@linkcode SchemaError}; everything that writes checks first, so that nothing is
 * written that could not be read.
 */
export interface Codec<T> {
  /** The declaration. */
  readonly schema: Schema<T>;
  /** Readable JSON text with a stable order of fields; ends with a newline. */
  toJson(value: T): string;
  /** A value from JSON text. */
  fromJson(text: string): T;
  /** Compact binary data: CBOR (RFC 8949). */
  toBinary(value: T): Uint8Array;
  /** A value from CBOR. */
  fromBinary(bytes: Uint8Array): T;
  /** Text for a URL: the binary data, deflated when that is shorter, in base64url. */
  toUrl(value: T): string;
  /** A value from text for a URL. */
  fromUrl(text: string): T;
  /** Plain data as `JSON.parse` would give it, e.g. to place it inside another document. */
  toData(value: T): unknown;
  /** A value from plain data, e.g. from an imported JSON module. */
  fromData(data: unknown): T;
  /** JSON Schema (draft 2020-12) of the JSON form, for editors and other programs. */
  jsonSchema(options?: JsonSchemaOptions): Record<string, unknown>;
}

/** How data and values are converted, and what input may cost. */
export interface CodecParts<T> {
  readonly schema: Schema<T>;
  readonly limits?: Partial<Limits>;
  /** Data to value, in place of {@linkcode decode}. */
  readonly decode?: (data: unknown, form: "json" | "binary") => T;
}

/**
 * All formats of a schema.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const preset = s.codec(s.object({ name: s.string(), cutoff: s.number({ min: 10, max: 20_000 }) }));
 * const value = preset.fromJson(`{ "name": "dark", "cutoff": 300 }`);
 * assertEquals(preset.fromBinary(preset.toBinary(value)), value);
 * assertEquals(preset.fromUrl(preset.toUrl(value)), value);
 * assertThrows(
 *   () => preset.fromJson(`{ "name": "dark", "cutoff": "x" }`),
 *   s.SchemaError,
 *   `cutoff: expected a number in [10, 20000], got "x"`,
 * );
 * ```
 */
export function codec<T>(schema: Schema<T>, limits: Partial<Limits> = {}): Codec<T> {
  return codecOf({ schema, limits });
}

/** A codec of given parts. */
export function codecOf<T>(parts: CodecParts<T>): Codec<T> {
  const { schema } = parts;
  const limits: Limits = { ...LIMITS, ...parts.limits };
  const read = parts.decode ?? ((data, form) => decode(schema, data, form));
  const toBinary = (value: T) => formatCbor(encode(schema, value, "binary"));
  return {
    schema,
    toJson: (value) => formatJson(encode(schema, value, "json")),
    fromJson: (text) => read(parseJson(text, limits), "json"),
    toBinary,
    fromBinary: (bytes) => read(parseCbor(bytes, limits), "binary"),
    toUrl: (value) => toUrlText(toBinary(value)),
    fromUrl: (text) => read(parseCbor(fromUrlText(text, limits), limits), "binary"),
    toData: (value) => encode(schema, value, "json"),
    fromData: (data) => read(data, "json"),
    jsonSchema: (options) => jsonSchema(schema, options),
  };
}
