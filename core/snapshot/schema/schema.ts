/**
 * What a schema is: plain data that describes a type. Every format, the validator, the JSON Schema
 * and the TypeScript type are read off this one description.
 *
 * @module
 */

/** A description of values of type `T`. Made by the functions of this folder. */
export interface Schema<T> {
  /** What sort of schema it is: "number", "object", … */
  readonly kind: string;
  /** One sentence for the reference and the JSON Schema. */
  readonly about?: string;
  /** Carries `T` for the type checker (in both directions, so types must agree exactly); never there. */
  readonly "~type"?: (value: T) => T;
}

/** Any schema. */
// deno-lint-ignore no-explicit-any
export type AnySchema = Schema<any>;

/**
 * The TypeScript type that a schema describes.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 *
 * const point = s.object({ x: s.number(), y: s.number(), name: s.optional(s.string()) });
 * const here: s.Infer<typeof point> = { x: 1, y: 2 };
 * ```
 */
export type Infer<S> = S extends Schema<infer T> ? T : never;

/** A field of an object that may be missing. */
export interface OptionalField<T> extends Schema<T> {
  /** What tells it from fields that must be there. */
  readonly kind: "optional";
}

/** The type of an object with the given fields. */
export type ObjectOf<F> = Flat<
  & { -readonly [K in keyof F as F[K] extends { kind: "optional" } ? never : K]: Infer<F[K]> }
  & { -readonly [K in keyof F as F[K] extends { kind: "optional" } ? K : never]?: Infer<F[K]> }
>;

/** One object type instead of an intersection of several. */
export type Flat<T> = { [K in keyof T]: T[K] };

/** The parts of a schema, one interface a kind: what the interpreters of this folder switch on. */
export type Kind =
  | NumberKind
  | StringKind
  | { readonly kind: "boolean"; readonly about?: string }
  | LiteralKind
  | ChoiceKind
  | WrapperKind
  | DefaultKind
  | ArrayKind
  | TupleKind
  | RecordKind
  | ObjectKind
  | UnionKind
  | EitherKind
  | VectorKind
  | RecursiveKind
  | RefineKind
  | ConvertKind;

export interface NumberKind {
  readonly kind: "number";
  readonly about?: string;
  readonly min: number;
  readonly max: number;
  /** "single" values are f32: rounded when read, and written with the fewest digits that give them back. */
  readonly type: "double" | "single" | "integer";
  /** Whether NaN and the infinities are values. */
  readonly special: boolean;
  readonly unit?: string;
}

export interface StringKind {
  readonly kind: "string";
  readonly about?: string;
  readonly min: number;
  readonly max: number;
  /** Allowed characters as the inside of a character class, e.g. `"a-z0-9_"`. */
  readonly characters?: string;
  /** `characters` compiled. */
  readonly test?: RegExp;
}

/** Values that are one value. */
export type Scalar = string | number | boolean | null;

export interface LiteralKind {
  readonly kind: "literal";
  readonly about?: string;
  readonly value: Scalar;
}

export interface ChoiceKind {
  readonly kind: "choice";
  readonly about?: string;
  readonly values: readonly string[];
}

export interface WrapperKind {
  readonly kind: "optional" | "nullable";
  readonly about?: string;
  readonly inner: AnySchema;
}

export interface DefaultKind {
  readonly kind: "default";
  readonly about?: string;
  readonly inner: AnySchema;
  /** The default; copied before it is handed out. */
  readonly value: unknown;
}

export interface ArrayKind {
  readonly kind: "array";
  readonly about?: string;
  readonly item: AnySchema;
  readonly min: number;
  readonly max: number;
}

export interface TupleKind {
  readonly kind: "tuple";
  readonly about?: string;
  readonly items: readonly AnySchema[];
}

export interface RecordKind {
  readonly kind: "record";
  readonly about?: string;
  readonly key: AnySchema;
  readonly value: AnySchema;
  readonly max: number;
}

export interface ObjectKind {
  readonly kind: "object";
  readonly about?: string;
  /** In the order in which they are written. */
  readonly fields: readonly (readonly [name: string, schema: AnySchema])[];
  readonly names: ReadonlySet<string>;
  readonly unknown: "refuse" | "ignore";
  /** An object of the same fields that accepts more, for the JSON Schema. */
  readonly within?: AnySchema;
}

export interface UnionKind {
  readonly kind: "union";
  readonly about?: string;
  /** Name of the field that says which case it is; written first. */
  readonly tag: string;
  readonly cases: ReadonlyMap<string, ObjectKind>;
}

/** How a value looks in data and in memory. */
export type DataType = "null" | "boolean" | "number" | "string" | "list" | "object";

export interface EitherKind {
  readonly kind: "either";
  readonly about?: string;
  /** The first is the usual one: it is what errors name. */
  readonly options: readonly AnySchema[];
  readonly byType: ReadonlyMap<DataType, AnySchema>;
}

export type VectorElement = "u8" | "f32" | "f64";
export interface VectorKind {
  readonly kind: "vector";
  readonly about?: string;
  readonly element: VectorElement;
  readonly max: number;
  /** How JSON writes it. Binary always has the bytes. */
  readonly text: "base64" | "numbers";
}

export interface RecursiveKind {
  readonly kind: "recursive";
  readonly about?: string;
  readonly name: string;
  /** The schema itself; set once, when it is made. */
  readonly inner: AnySchema;
  readonly depth: number;
}

/** Throws a `SchemaError` about the part at `path`, which starts at the refined value. */
export type Refuse = (path: readonly (string | number)[], reason: string) => never;

export interface RefineKind {
  readonly kind: "refine";
  readonly about?: string;
  readonly inner: AnySchema;
  readonly check: (value: unknown, refuse: Refuse) => void;
}

export interface ConvertKind {
  readonly kind: "convert";
  readonly about?: string;
  readonly inner: AnySchema;
  readonly read: (stored: unknown) => unknown;
  readonly write: (value: unknown) => unknown;
}
