/** Data with a version number, and small migrations from each version to the next. @module */
import { type Codec, codecOf } from "./codec.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";
import { isObject } from "./data.ts";
import { SchemaError, show } from "./error.ts";
import type { Limits } from "./limits.ts";
import type { AnySchema, Kind, Schema } from "./schema.ts";

/** A codec that also reads every older version. */
export interface VersionedCodec<T> extends Codec<T> {
  /** The version that is written. */
  readonly version: number;
  /**
   * The codec of the next version.
   *
   * @param schema its form; `version` is one more
   * @param migrate makes a value of the new form from a checked value of this one
   */
  next<const N>(schema: Schema<N>, migrate: (old: T) => NoInfer<N>): VersionedCodec<N>;
}

/**
 * Starts a chain of versions. Each form is an object with a field `version: literal(n)`, first 1, then
 * one more each time. Old declarations stay in the program, so old data is checked as strictly as new
 * data, and a migration gets a value it can rely on.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const v1 = s.object({ version: s.literal(1), gain: s.number({ about: "in dB" }) });
 * const v2 = s.object({ version: s.literal(2), gain: s.number({ about: "linear" }) });
 * const preset = s.versioned(v1).next(v2, (old) => ({ version: 2, gain: 10 ** (old.gain / 20) }));
 *
 * assertEquals(preset.fromJson(`{ "version": 1, "gain": 0 }`), { version: 2, gain: 1 });
 * assertThrows(() => preset.fromJson(`{ "version": 3 }`), s.SchemaError, "newer");
 * ```
 */
export function versioned<T>(
  schema: Schema<T>,
  limits: Partial<Limits> = {},
): VersionedCodec<T> {
  return chain([{ schema }], limits);
}

interface Step {
  readonly schema: AnySchema;
  // deno-lint-ignore no-explicit-any
  readonly migrate?: (old: any) => any;
}

function chain<T>(
  steps: readonly Step[],
  limits: Partial<Limits>,
): VersionedCodec<T> {
  const { schema } = steps[steps.length - 1];
  const declared = versionOf(schema);
  if (declared !== steps.length) {
    throw new TypeError(
      `Cannot declare version ${show(declared)}: "version" must be literal(${steps.length}) here`,
    );
  }
  const codec = codecOf<T>({ schema, limits, decode: (data, form) => readAny(steps, data, form) });
  return {
    ...codec,
    version: steps.length,
    next: (schema, migrate) => chain([...steps, { schema, migrate }], limits),
  };
}

/** Reads data of any known version and takes it through the migrations. */
function readAny<T>(steps: readonly Step[], data: unknown, form: "json" | "binary"): T {
  if (!isObject(data)) throw new SchemaError([], `expected an object, got ${show(data)}`);
  const version = Object.hasOwn(data, "version") ? data.version : undefined;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    throw new SchemaError(["version"], `expected a version number from 1, got ${show(version)}`);
  }
  if (version > steps.length) {
    throw new SchemaError(
      ["version"],
      `this data has version ${version} and was written by a newer program; this one reads up to ${steps.length}`,
    );
  }
  let value = decode(steps[version - 1].schema, data, form);
  for (let to = version; to < steps.length; to++) value = migrated(steps[to], value, to);
  return value as T;
}

/** One migration, with its result checked like anything else that is read. */
function migrated({ schema, migrate }: Step, old: unknown, from: number): unknown {
  try {
    return decode(schema, encode(schema, migrate!(old), "binary"), "binary");
  } catch (error) {
    const path = error instanceof SchemaError ? error.path : [];
    const reason = error instanceof SchemaError ? error.reason : (error as Error).message;
    throw new SchemaError(path, `cannot migrate version ${from} to ${from + 1}: ${reason}`);
  }
}

/** The literal in the field "version" of an object, looked for through refinements. */
function versionOf(schema: AnySchema): unknown {
  let kind = schema as Kind;
  while (kind.kind === "refine") kind = kind.inner as Kind;
  if (kind.kind !== "object") return undefined;
  const field = kind.fields.find(([name]) => name === "version")?.[1] as Kind | undefined;
  return field?.kind === "literal" ? field.value : undefined;
}
