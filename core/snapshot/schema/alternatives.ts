/** Schemas of values that may be of several kinds. @module */
import type { About } from "./composites.ts";
import { dataType, freeName } from "./data.ts";
import type { AnySchema, DataType, Flat, Infer, Kind, ObjectKind, Schema } from "./schema.ts";

/** The type of {@linkcode union}. */
export type UnionOf<Tag extends string, C> = {
  [K in keyof C & string]: Flat<{ [T in Tag]: K } & Infer<C[K]>>;
}[keyof C & string];

/**
 * One of several objects, told apart by a field that holds the name of the case.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 *
 * const event = s.union("kind", {
 *   note: s.object({ pitch: s.integer({ min: 0, max: 127 }) }),
 *   bend: s.object({ cents: s.number() }),
 * });
 * const e: s.Infer<typeof event> = { kind: "bend", cents: -14 };
 * s.codec(event).toBinary(e);
 * ```
 */
export function union<
  const Tag extends string,
  const C extends Readonly<Record<string, AnySchema>>,
>(tag: Tag, cases: C, options: About = {}): Schema<UnionOf<Tag, C>> {
  freeName(tag);
  const map = new Map<string, ObjectKind>();
  for (const [name, schema] of Object.entries(cases)) {
    if (schema.kind !== "object") {
      throw new TypeError(
        `Cannot declare the case "${name}": it must be an object, is ${schema.kind}`,
      );
    }
    const object = schema as unknown as ObjectKind;
    if (object.names.has(tag)) {
      throw new TypeError(
        `Cannot declare the case "${name}": "${tag}" is the field that tells cases apart`,
      );
    }
    map.set(name, object);
  }
  return { kind: "union", tag, cases: map, about: options.about } as AnySchema;
}

/**
 * Values of several looks: a number or an object, a word or a list. The look alone decides (number, text,
 * flag, null, list, object), so no two alternatives may look alike. Errors name the first one.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals } from "@std/assert";
 *
 * const ramp = s.object({ from: s.number(), to: s.number() });
 * const level = s.codec(s.array(s.either([s.number(), ramp])));
 * assertEquals(level.fromJson(`[1, { "from": 0, "to": 1 }]`), [1, { from: 0, to: 1 }]);
 * ```
 */
export function either<const O extends readonly [AnySchema, ...AnySchema[]]>(
  options: O,
  about: About = {},
): Schema<Infer<O[number]>> {
  const byType = new Map<DataType, AnySchema>();
  for (const option of options) {
    for (const type of looksOf(option as Kind)) {
      if (byType.has(type)) {
        throw new TypeError(`Cannot tell alternatives apart: two of them are of type "${type}"`);
      }
      byType.set(type, option);
    }
  }
  return { kind: "either", options, byType, about: about.about } as AnySchema;
}

/** How the values of a schema may look. */
function looksOf(kind: Kind): DataType[] {
  switch (kind.kind) {
    case "number":
      return kind.special ? ["number", "string"] : ["number"];
    case "string":
    case "choice":
      return ["string"];
    case "boolean":
      return ["boolean"];
    case "literal":
      return [dataType(kind.value)!];
    case "array":
    case "tuple":
      return ["list"];
    case "object":
    case "record":
    case "union":
      return ["object"];
    case "refine":
      return looksOf(kind.inner as Kind);
    default:
      throw new TypeError(`Cannot use "${kind.kind}" as an alternative`);
  }
}
