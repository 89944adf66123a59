import { assert, assertEquals } from "@std/assert";
import * as s from "@aether/dsp/schema";
import { Ajv2020 } from "ajv/dist/2020.js";

interface Tree {
  children: Tree[];
}
const everything = s.object({
  name: s.string({ min: 1, max: 8, characters: "a-z", about: "What it is called" }),
  cutoff: s.withDefault(s.number({ min: 10, max: 20_000, unit: "Hz", about: "Corner" }), 800),
  steps: s.array(s.integer({ min: 0 }), { min: 1, max: 4 }),
  wave: s.optional(s.float32Array({ text: "numbers", max: 16 })),
  table: s.record(s.nullable(s.boolean()), { max: 2 }),
  pair: s.tuple([s.literal("x"), s.choice(["a", "b"])]),
  event: s.union("kind", { on: s.object({ note: s.integer() }), off: s.object({}) }),
  tree: s.recursive<Tree>("tree", (self) => s.object({ children: s.array(self) })),
  level: s.number({ special: true }),
});
const good = {
  name: "bass",
  cutoff: 300,
  steps: [1, 2],
  wave: new Float32Array([0, NaN, 0.5]),
  table: { on: true, off: null },
  pair: ["x", "b"] as ["x", "b"],
  event: { kind: "on" as const, note: 60 },
  tree: { children: [{ children: [] }] },
  level: -Infinity,
};

function validator(schema: Record<string, unknown>): (data: unknown) => boolean {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
  return ajv.compile(schema);
}

Deno.test("jsonSchema() is valid draft 2020-12 and accepts what the codec writes", () => {
  const codec = s.codec(everything);
  const valid = validator(codec.jsonSchema({ id: "https://example.org/all", title: "All" }));
  assert(valid(codec.toData(good)));
});

Deno.test("jsonSchema() refuses what the codec refuses", () => {
  const codec = s.codec(everything);
  const valid = validator(codec.jsonSchema());
  const data = codec.toData(good) as Record<string, unknown>;
  const changes: Record<string, unknown>[] = [
    { name: "" },
    { name: "ABC" },
    { name: "abcdefghi" },
    { cutoff: 5 },
    { steps: [] },
    { steps: [0.5] },
    { steps: [1, 2, 3, 4, 5] },
    { wave: [true] },
    { table: { a: true, b: true, c: true } },
    { pair: ["x"] },
    { pair: ["y", "a"] },
    { event: { kind: "on" } },
    { event: { kind: "off", note: 1 } },
    { event: {} },
    { tree: { children: [{}] } },
    { level: "many" },
    { extra: 1 },
  ];
  for (const change of changes) {
    const bad = { ...data, ...change };
    assertEquals(valid(bad), false, JSON.stringify(change));
    let refused = false;
    try {
      codec.fromData(bad);
    } catch (error) {
      refused = error instanceof s.SchemaError;
    }
    assert(refused, JSON.stringify(change));
  }
});

Deno.test("jsonSchema() tells large parts once", () => {
  const point = s.object({
    x: s.number({ min: -1000, max: 1000, about: "To the right" }),
    y: s.number({ min: -1000, max: 1000, about: "Upwards" }),
  });
  const path = s.object({ from: point, to: point, by: s.array(point) });
  const schema = s.jsonSchema(s.tuple([path, path]));
  const text = JSON.stringify(schema);
  for (const word of ["Upwards", '"from":']) assertEquals(text.split(word).length, 2);
  const valid = validator(schema);
  const [a, b] = [{ x: 0, y: 1 }, { x: 0, y: 1e4 }];
  assert(valid([{ from: a, to: a, by: [a] }, { from: a, to: a, by: [] }]));
  assert(!valid([{ from: a, to: a, by: [] }, { from: a, to: a, by: [b] }]));
});

Deno.test("jsonSchema() of a narrower object refers to the wide one, and refuses as much", () => {
  const of = (max: number) => s.number({ min: 0, max });
  const on = s.optional(s.boolean({ about: "Whether it sounds at all" }));
  const wide = s.object({ on, level: of(10), steps: s.optional(s.array(of(10))) });
  const fields = { on, level: of(1), steps: s.optional(s.array(of(1))) };
  const schema = s.jsonSchema(s.object({ wide, narrow: s.object(fields, { within: wide }) }));
  assertEquals(JSON.stringify(schema).split("sounds").length, 2);
  const valid = validator(schema);
  const good = { on: true, level: 1, steps: [1, 0] };
  assert(valid({ wide: good, narrow: good }));
  for (const wrong of [{ level: 2 }, { steps: [2] }, { on: 1 }, { loud: 1 }, { level: null }]) {
    assertEquals(valid({ wide: good, narrow: { ...good, ...wrong } }), false);
  }
});

Deno.test("jsonSchema() tells what is wrong with the case or alternative that is meant", () => {
  const level = s.either([s.number({ max: 1 }), s.object({ from: s.number({ max: 1 }) })]);
  const event = s.union("kind", { on: s.object({ level }), off: s.object({}) });
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
  const valid = ajv.compile(s.jsonSchema(event));
  assert(valid({ kind: "on", level: { from: 0.5 } }) && valid({ kind: "off" }));
  const cases: [data: unknown, path: string][] = [
    [{ kind: "on", level: 2 }, "/level"],
    [{ kind: "on", level: { from: 2 } }, "/level/from"],
    [{ kind: "no" }, "/kind"],
  ];
  for (const [data, path] of cases) {
    assertEquals(valid(data), false);
    assertEquals(valid.errors![0].instancePath, path);
  }
});

Deno.test("jsonSchema() carries descriptions, units, ranges and defaults", () => {
  const { properties, required } = s.jsonSchema(everything) as {
    properties: Record<string, unknown>;
    required: string[];
  };
  assertEquals(properties.cutoff, {
    description: "Corner (Hz)",
    type: "number",
    minimum: 10,
    maximum: 20_000,
    default: 800,
  });
  assertEquals(required.includes("cutoff"), false);
  assertEquals(required.includes("wave"), false);
  assertEquals(required.includes("name"), true);
});
