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
