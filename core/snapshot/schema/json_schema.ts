/** JSON Schema (draft 2020-12) of a declaration. @module */
import { encode } from "./encode.ts";
import { share } from "./share.ts";
import type {
  AnySchema,
  EitherKind,
  Kind,
  NumberKind,
  ObjectKind,
  StringKind,
  UnionKind,
  WrapperKind,
} from "./schema.ts";

/** Head of a generated JSON Schema. */
export interface JsonSchemaOptions {
  /** `$id`: the address by which documents refer to it. */
  readonly id?: string;
  /** `title`: what the data are called. */
  readonly title?: string;
}

type Json = Record<string, unknown>;

/**
 * The JSON Schema of the JSON form of a schema. Conditions made with `refine` are not in it, and a text
 * that it accepts may still be refused for what it cannot say (bounds of the whole input).
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals } from "@std/assert";
 *
 * const gain = s.number({ min: 0, max: 2, about: "Linear gain" });
 * assertEquals(s.jsonSchema(gain), {
 *   $schema: "https://json-schema.org/draft/2020-12/schema",
 *   description: "Linear gain",
 *   type: "number",
 *   minimum: 0,
 *   maximum: 2,
 * });
 * ```
 */
export function jsonSchema(
  schema: AnySchema,
  options: JsonSchemaOptions = {},
): Record<string, unknown> {
  const definitions: Json = {};
  const body = describe(schema, definitions);
  return share({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...(options.id === undefined ? {} : { $id: options.id }),
    ...(options.title === undefined ? {} : { title: options.title }),
    ...body,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
  });
}

function describe(schema: AnySchema, definitions: Json): Json {
  const body = shape(schema as Kind, definitions);
  const unit = (schema as Kind & { unit?: string }).unit;
  const about = [schema.about, unit === undefined ? undefined : `(${unit})`].filter((t) => t);
  return about.length === 0 ? body : { description: about.join(" "), ...body };
}

function shape(kind: Kind, definitions: Json): Json {
  const inner = (schema: AnySchema) => describe(schema, definitions);
  switch (kind.kind) {
    case "number":
      return numberShape(kind);
    case "string":
      return stringShape(kind);
    case "boolean":
      return { type: "boolean" };
    case "literal":
      return { const: kind.value };
    case "choice":
      return { enum: [...kind.values] };
    case "nullable":
      return { anyOf: [inner(kind.inner), { type: "null" }] };
    case "default":
      return { ...inner(kind.inner), default: encode(kind.inner, kind.value, "json") };
    case "array":
      return {
        type: "array",
        items: inner(kind.item),
        ...(kind.min > 0 ? { minItems: kind.min } : {}),
        maxItems: kind.max,
      };
    case "tuple": {
      const { length } = kind.items;
      const prefixItems = kind.items.map(inner);
      return { type: "array", prefixItems, items: false, minItems: length, maxItems: length };
    }
    case "record":
      return {
        type: "object",
        propertyNames: inner(kind.key),
        additionalProperties: inner(kind.value),
        maxProperties: kind.max,
      };
    case "object":
      return objectShape(kind, definitions);
    case "union":
      return unionShape(kind, definitions);
    case "either":
      return eitherShape(kind, definitions);
    case "vector":
      return vectorShape(kind.element, kind.max);
    case "recursive":
      if (!Object.hasOwn(definitions, kind.name)) {
        definitions[kind.name] = {}; // holds the place while its inside refers to it
        definitions[kind.name] = inner(kind.inner);
      }
      return { $ref: `#/$defs/${pointer(kind.name)}` };
    case "optional":
    case "refine":
    case "convert":
      return inner(kind.inner);
  }
}

/** One condition a case, and not alternatives: a validator tells what is wrong with the case meant. */
function unionShape({ tag, cases }: UnionKind, definitions: Json): Json {
  const allOf = Array.from(cases, ([name, object]): Json => {
    let place = `${tag}.${name}`;
    while (Object.hasOwn(definitions, place)) place += "_";
    definitions[place] = {}; // holds the place
    definitions[place] = {
      ...(object.about === undefined ? {} : { description: object.about }),
      ...objectShape(object, definitions, { [tag]: { const: name } }),
    };
    return {
      if: { properties: { [tag]: { const: name } }, required: [tag] },
      then: { $ref: `#/$defs/${pointer(place)}` },
    };
  });
  const properties = { [tag]: { enum: [...cases.keys()] } };
  return { type: "object", properties, required: [tag], allOf };
}

/** A name within a JSON pointer within a URI. */
function pointer(name: string): string {
  return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** Where one alternative is an object, a condition as well, for the same reason. */
function eitherShape({ options, byType }: EitherKind, definitions: Json): Json {
  const object = byType.get("object");
  const others = options.filter((option) => option !== object)
    .map((option) => describe(option, definitions));
  if (object === undefined || others.length === 0) {
    return { anyOf: options.map((option) => describe(option, definitions)) };
  }
  return {
    if: { type: "object" },
    then: describe(object, definitions),
    else: others.length === 1 ? others[0] : { anyOf: others },
  };
}

function objectShape(kind: ObjectKind, definitions: Json, first: Json = {}): Json {
  if (kind.within) return narrowed(kind, kind.within as unknown as ObjectKind, definitions);
  const properties: Json = { ...first };
  const required = Object.keys(first);
  for (const [name, schema] of kind.fields) {
    properties[name] = describe(schema, definitions);
    if (schema.kind !== "optional" && schema.kind !== "default") required.push(name);
  }
  return {
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    ...(kind.unknown === "refuse" ? { additionalProperties: false } : {}),
  };
}

/** What an object has beyond one that accepts more. */
function narrowed({ fields }: ObjectKind, wide: ObjectKind, definitions: Json): Json {
  const known = new Map(wide.fields);
  const properties: Json = {};
  for (const [name, schema] of fields) {
    if (known.get(name) === schema) continue;
    const kind = (schema.kind === "optional" ? (schema as WrapperKind).inner : schema) as Kind;
    properties[name] = kind.kind === "array"
      ? { items: describe(kind.item, definitions) }
      : describe(schema, definitions);
  }
  return { allOf: [describe(wide as AnySchema, definitions)], properties };
}

function numberShape({ min, max, type, special }: NumberKind): Json {
  const number = {
    type: type === "integer" ? "integer" : "number",
    ...(min === -Infinity ? {} : { minimum: min }),
    ...(max === Infinity ? {} : { maximum: max }),
  };
  return special ? { anyOf: [number, { enum: ["NaN", "Infinity", "-Infinity"] }] } : number;
}

function stringShape({ min, max, characters }: StringKind): Json {
  return {
    type: "string",
    ...(min > 0 ? { minLength: min } : {}),
    maxLength: max,
    ...(characters === undefined ? {} : { pattern: `^[${characters}]*$` }),
  };
}

function vectorShape(element: "u8" | "f32" | "f64", max: number): Json {
  const special = element !== "u8";
  const number = element === "u8"
    ? { type: "integer", minimum: 0, maximum: 255 }
    : numberShape({ kind: "number", type: "double", min: -Infinity, max: Infinity, special });
  return {
    anyOf: [
      { type: "string", contentEncoding: "base64url" },
      { type: "array", items: number, maxItems: max },
    ],
  };
}
