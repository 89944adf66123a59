/** Random schemas, each with random values of its type. @module */
import fc from "fast-check";
import * as s from "@aether/dsp/schema";

/** A schema, and values that it describes. */
export interface Sample {
  schema: s.AnySchema;
  values: fc.Arbitrary<unknown>;
}

const finite = fc.double({ noDefaultInfinity: true, noNaN: true });
const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((t) => t.toWellFormed());
const fieldName = fc.string({ minLength: 1, maxLength: 6 })
  .filter((name) => !(name in Object.prototype) && name.isWellFormed());

const scalar: fc.Arbitrary<Sample> = fc.constantFrom<Sample>(
  { schema: s.number(), values: finite },
  { schema: s.number({ special: true }), values: fc.double() },
  { schema: s.single({ special: true }), values: fc.float() },
  { schema: s.integer(), values: fc.maxSafeInteger() },
  { schema: s.string(), values: text },
  { schema: s.boolean(), values: fc.boolean() },
  { schema: s.literal(-0), values: fc.constant(-0) },
  { schema: s.choice(["a", "b", "__proto__"]), values: fc.constantFrom("a", "b", "__proto__") },
  { schema: s.bytes(), values: fc.uint8Array({ maxLength: 20 }) },
  { schema: s.float32Array(), values: fc.float32Array({ maxLength: 9 }) },
  { schema: s.float32Array({ text: "numbers" }), values: fc.float32Array({ maxLength: 9 }) },
  { schema: s.float64Array({ text: "numbers" }), values: fc.float64Array({ maxLength: 9 }) },
);

function objectOf(
  fields: Record<string, { sample: Sample; need: number; default?: unknown }>,
): Sample {
  const schemas: Record<string, s.AnySchema> = {};
  const values: Record<string, fc.Arbitrary<unknown>> = {};
  const requiredKeys: string[] = [];
  for (const [name, { sample, need }] of Object.entries(fields)) {
    schemas[name] = need === 0 ? s.optional(sample.schema) : sample.schema;
    values[name] = sample.values;
    if (need > 0) requiredKeys.push(name);
  }
  return {
    schema: s.object(schemas),
    values: fc.record(values, { requiredKeys, noNullPrototype: true }),
  };
}

/** Random schemas of up to `depth` levels. */
export function samples(depth: number): fc.Arbitrary<Sample> {
  if (depth === 0) return scalar;
  const inner = samples(depth - 1);
  const object = fc.dictionary(
    fieldName,
    fc.record({ sample: inner, need: fc.nat(2) }),
    { maxKeys: 5, noNullPrototype: true },
  ).map(objectOf);
  return fc.oneof(
    scalar,
    inner.map(({ schema, values }): Sample => ({
      schema: s.array(schema),
      values: fc.array(values, { maxLength: 5 }),
    })),
    inner.map(({ schema, values }): Sample => ({
      schema: s.nullable(schema),
      values: fc.option(values),
    })),
    inner.map(({ schema, values }): Sample => ({
      schema: s.record(schema),
      values: fc.dictionary(fieldName, values, { maxKeys: 5, noNullPrototype: true }),
    })),
    fc.tuple(inner, inner).map(([a, b]): Sample => ({
      schema: s.tuple([a.schema, b.schema]),
      values: fc.tuple(a.values, b.values),
    })),
    object,
    fc.tuple(inner, inner).map(([a, b]): Sample => ({
      schema: s.union("kind of thing", {
        a: s.object({ value: a.schema }),
        b: s.object({ value: b.schema }),
      }),
      values: fc.oneof(
        a.values.map((value) => ({ "kind of thing": "a", value })),
        b.values.map((value) => ({ "kind of thing": "b", value })),
      ),
    })),
  );
}
