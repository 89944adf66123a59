/** Schemas of binary data and of what plain descriptions cannot say: recursion, conditions, other representations. @module */
import type { About } from "./composites.ts";
import type { AnySchema, Refuse, Schema } from "./schema.ts";

/** How much a typed array may hold. */
export interface VectorOptions extends About {
  /** Most elements. Default 65,536. */
  readonly max?: number;
  /** How JSON writes it: a text in base64url, or a list of numbers. Both are read. Default "base64". */
  readonly text?: "base64" | "numbers";
}

/** Bytes. */
export function bytes(options: VectorOptions = {}): Schema<Uint8Array> {
  return vector("u8", options) as AnySchema;
}

/**
 * An array of f32. In binary its bytes as they are (little-endian), so even the bits of a NaN are kept;
 * as a list of numbers, each with the fewest digits.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals } from "@std/assert";
 *
 * const wave = s.codec(s.float32Array({ max: 2048, text: "numbers" }));
 * assertEquals(wave.toJson(new Float32Array([0, 0.1, -0])), "[0, 0.1, -0]\n");
 * ```
 */
export function float32Array(options: VectorOptions = {}): Schema<Float32Array> {
  return vector("f32", options) as AnySchema;
}

/** An array of f64; the same as {@linkcode float32Array} otherwise. */
export function float64Array(options: VectorOptions = {}): Schema<Float64Array> {
  return vector("f64", options) as AnySchema;
}

function vector(element: string, { max = 65_536, text = "base64", about }: VectorOptions): unknown {
  return { kind: "vector", element, max, text, about };
}

/** How deep a recursive type may nest. */
export interface RecursiveOptions extends About {
  /** Levels of the type within itself. Default 32. */
  readonly depth?: number;
}

/**
 * A type that contains itself. `name` is its name in the JSON Schema.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 *
 * interface Folder {
 *   name: string;
 *   folders: Folder[];
 * }
 * const folder = s.recursive<Folder>(
 *   "folder",
 *   (self) => s.object({ name: s.string(), folders: s.array(self, { max: 100 }) }),
 *   { depth: 8 },
 * );
 * s.codec(folder).toJson({ name: "drums", folders: [{ name: "808", folders: [] }] });
 * ```
 */
export function recursive<T>(
  name: string,
  make: (self: Schema<T>) => Schema<T>,
  options: RecursiveOptions = {},
): Schema<T> {
  const { depth = 32, about } = options;
  const self = { kind: "recursive" as const, name, depth, about, inner: undefined as unknown };
  self.inner = make(self as Schema<T>);
  return self as Schema<T>;
}

/**
 * A type with a condition that its parts cannot say. `check` calls `refuse(path, reason)` on what is wrong.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertThrows } from "@std/assert";
 *
 * const range = s.refine(s.object({ low: s.number(), high: s.number() }), (value, refuse) => {
 *   if (value.low > value.high) refuse(["high"], `expected at least ${value.low}, got ${value.high}`);
 * });
 * assertThrows(
 *   () => s.codec(range).fromJson(`{ "low": 3, "high": 1 }`),
 *   s.SchemaError,
 *   "high: expected at least 3, got 1",
 * );
 * ```
 */
export function refine<T>(
  inner: Schema<T>,
  check: (value: T, refuse: Refuse) => void,
): Schema<T> {
  return { kind: "refine", inner, check, about: inner.about } as AnySchema;
}

/**
 * A type that is stored as another one. An error thrown by `read` or `write` is reported with its path.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals } from "@std/assert";
 *
 * const muted = s.convert(s.array(s.string()), {
 *   read: (names) => new Set(names),
 *   write: (names) => [...names].sort(),
 * });
 * assertEquals(s.codec(muted).fromJson(`["kick"]`), new Set(["kick"]));
 * ```
 */
export function convert<Stored, T>(
  inner: Schema<Stored>,
  by: { readonly read: (stored: Stored) => T; readonly write: (value: T) => Stored },
  options: About = {},
): Schema<T> {
  return { kind: "convert", inner, ...by, about: options.about ?? inner.about } as AnySchema;
}
