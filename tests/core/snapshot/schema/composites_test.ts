import { assert, assertEquals, assertThrows } from "@std/assert";
import * as s from "@aether/dsp/schema";

/** Message of the error that `read` throws. */
function refusal(read: () => unknown): string {
  return assertThrows(read, s.SchemaError).message;
}

/** Checks at compile time that two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

const patch = s.object({
  nodes: s.array(
    s.object({ type: s.string(), params: s.record(s.number({ min: 10, max: 20_000 })) }),
  ),
});

Deno.test("Infer gives the type of a declaration", () => {
  const schema = s.object({
    id: s.integer(),
    kind: s.choice(["a", "b"]),
    one: s.literal(1),
    label: s.optional(s.string()),
    gain: s.withDefault(s.number(), 1),
    pair: s.tuple([s.number(), s.boolean()]),
    list: s.array(s.nullable(s.string())),
    table: s.record(s.float32Array()),
    event: s.union("kind", { on: s.object({ note: s.integer() }), off: s.object({}) }),
  });
  interface Expected {
    id: number;
    kind: "a" | "b";
    one: 1;
    gain: number;
    pair: [number, boolean];
    list: (string | null)[];
    table: Record<string, Float32Array>;
    event: { kind: "on"; note: number } | { kind: "off" };
    label?: string;
  }
  const same: Same<s.Infer<typeof schema>, s.Flat<Expected>> = true;
  const asInterface: s.Schema<Expected> = schema;
  assert(same && asInterface);
});

Deno.test("object() names the place of what is wrong", () => {
  const codec = s.codec(patch);
  const node = { type: "svf", params: { cutoff: 800 } };
  const text = (last: unknown) => JSON.stringify({ nodes: [node, node, node, last] });
  assertEquals(
    refusal(() => codec.fromJson(text({ type: "svf", params: { cutoff: "x" } }))),
    'nodes[3].params.cutoff: expected a number in [10, 20000], got "x"',
  );
  assertEquals(
    refusal(() => codec.fromJson(text({ type: "svf", params: { "cut off": 1 } }))),
    'nodes[3].params["cut off"]: expected a number in [10, 20000], got 1',
  );
  assertEquals(
    refusal(() => codec.fromJson(text({ type: "svf" }))),
    'nodes[3]: expected a field "params"',
  );
  assertEquals(
    refusal(() => codec.fromJson(text({ ...node, tpye: 1 }))),
    'nodes[3].tpye: unknown field, expected "type" or "params"',
  );
  assertEquals(
    refusal(() => codec.fromJson(text([]))),
    "nodes[3]: expected an object, got a list of 0",
  );
  const error = assertThrows(() => codec.fromJson(text(7)), s.SchemaError);
  assertEquals(error.path, ["nodes", 3]);
  assertEquals(error.reason, "expected an object, got 7");
});

Deno.test("object() refuses the same when writing", () => {
  const codec = s.codec(patch);
  const bad = { nodes: [{ type: "svf", params: { cutoff: 5 } }] };
  assertThrows(() => codec.toJson(bad), s.SchemaError, "nodes[0].params.cutoff");
  assertThrows(() => codec.toBinary(bad), s.SchemaError, "nodes[0].params.cutoff");
  const extra = { nodes: [], more: 1 };
  assertThrows(() => codec.toJson(extra), s.SchemaError, "more: unknown field");
  assertThrows(() => codec.toJson({} as typeof extra), s.SchemaError, "nodes: expected a list");
});

Deno.test("object() can ignore unknown fields, which are dropped", () => {
  const codec = s.codec(s.object({ a: s.number() }, { unknown: "ignore" }));
  assertEquals(codec.fromJson('{ "b": 2, "a": 1, "__proto__": { "c": 3 } }'), { a: 1 });
});

Deno.test("optional() fields may be missing and are not written when undefined", () => {
  const codec = s.codec(s.object({ a: s.optional(s.number()), b: s.optional(s.number()) }));
  assertEquals(codec.toJson({ b: 1, a: undefined }), '{ "b": 1 }\n');
  assertEquals(codec.fromJson('{ "b": 1 }'), { b: 1 });
  assertThrows(
    () => codec.fromJson('{ "b": null }'),
    s.SchemaError,
    "b: expected a number, got null",
  );
});

Deno.test("withDefault() hands out fresh values and does not write the default", () => {
  const codec = s.codec(s.object({ tags: s.withDefault(s.array(s.string()), []) }));
  const [a, b] = [codec.fromJson("{}"), codec.fromJson("{}")];
  assertEquals(a, { tags: [] });
  assert(a.tags !== b.tags);
  a.tags.push("x");
  assertEquals(codec.fromJson("{}"), { tags: [] });
  assertEquals(codec.toJson({ tags: [] }), "{}\n");
  assertEquals(codec.toJson(a), '{ "tags": ["x"] }\n');
  assertThrows(() => s.withDefault(s.number({ max: 1 }), 2), s.SchemaError);
});

Deno.test("withDefault() tells -0 from 0", () => {
  const codec = s.codec(s.object({ pan: s.withDefault(s.number(), 0) }));
  assertEquals(codec.toJson({ pan: -0 }), '{ "pan": -0 }\n');
  assertEquals(Object.is(codec.fromBinary(codec.toBinary({ pan: -0 })).pan, -0), true);
});

Deno.test("optional() and withDefault() are refused where nothing can be missing", () => {
  const field = s.optional(s.number());
  assertThrows(() => s.array(field), TypeError, "only fields of an object");
  assertThrows(() => s.tuple([field]), TypeError, "only fields of an object");
  assertThrows(() => s.record(s.withDefault(s.number(), 1)), TypeError, "only fields of an object");
});

Deno.test("array() and tuple() bound their length", () => {
  const list = s.codec(s.array(s.number(), { min: 1, max: 2 }));
  assertEquals(
    refusal(() => list.fromJson("[]")),
    "top level: expected a list of 1 to 2, got a list of 0",
  );
  assertThrows(() => list.fromJson("[1,2,3]"), s.SchemaError);
  const pair = s.codec(s.tuple([s.number(), s.string()]));
  assertEquals(pair.fromJson('[1, "a"]'), [1, "a"]);
  assertEquals(
    refusal(() => pair.fromJson("[1]")),
    "top level: expected a list of 2, got a list of 1",
  );
  assertThrows(() => pair.fromJson("[1, 2]"), s.SchemaError, "[1]: expected a text");
});

Deno.test("record() bounds its entries, checks its keys and writes them in order", () => {
  const codec = s.codec(
    s.record(s.number(), { max: 3, key: s.string({ min: 1, characters: "a-z" }) }),
  );
  assertEquals(codec.toJson({ c: 1, a: 2, b: 3 }), '{ "a": 2, "b": 3, "c": 1 }\n');
  assertThrows(
    () => codec.fromJson('{"a":1,"b":1,"c":1,"d":1}'),
    s.SchemaError,
    "at most 3 entries",
  );
  assertThrows(() => codec.fromJson('{"A":1}'), s.SchemaError, "A: expected a text of");
});

Deno.test("union() reads the case that its tag names", () => {
  const codec = s.codec(s.union("kind", {
    note: s.object({ pitch: s.integer() }),
    bend: s.object({ cents: s.number() }),
  }));
  assertEquals(codec.fromJson('{ "cents": -14, "kind": "bend" }'), { kind: "bend", cents: -14 });
  assertEquals(codec.toJson({ pitch: 60, kind: "note" }), '{ "kind": "note", "pitch": 60 }\n');
  assertEquals(
    refusal(() => codec.fromJson('{ "kind": "slide" }')),
    'kind: expected "note" or "bend", got "slide"',
  );
  assertEquals(
    refusal(() => codec.fromJson("{}")),
    'kind: expected "note" or "bend", got undefined',
  );
  assertEquals(
    refusal(() => codec.fromJson('{ "kind": "note", "pitch": 1, "cents": 2 }')),
    'cents: unknown field, expected "kind" or "pitch"',
  );
  assertThrows(() => codec.fromJson('{ "kind": "__proto__" }'), s.SchemaError, "kind");
});

Deno.test("union() and object() refuse declarations that could not work", () => {
  assertThrows(() => s.union("kind", { a: s.number() }), TypeError, "must be an object");
  assertThrows(
    () => s.union("k", { a: s.object({ k: s.number() }) }),
    TypeError,
    "tells cases apart",
  );
  assertThrows(() => s.object({ constructor: s.number() }), TypeError, "constructor");
  assertThrows(() => s.union("toString", { a: s.object({}) }), TypeError, "toString");
});

Deno.test("either() chooses by the look of a value", () => {
  const ramp = s.object({ to: s.number() });
  const codec = s.codec(s.either([s.number({ min: 0, max: 1 }), s.choice(["on", "off"]), ramp]));
  for (const value of [0.5, "on", { to: 3 }] as const) {
    assertEquals(codec.fromJson(codec.toJson(value)), value);
    assertEquals(codec.fromBinary(codec.toBinary(value)), value);
  }
  assertEquals(refusal(() => codec.fromJson("2")), "top level: expected a number in [0, 1], got 2");
  assertEquals(
    refusal(() => codec.fromJson("[]")),
    "top level: expected a number in [0, 1], got a list of 0",
  );
  assertEquals(refusal(() => codec.fromJson('"x"')), 'top level: expected "on" or "off", got "x"');
  assertEquals(
    refusal(() => codec.fromJson('{ "to": [] }')),
    "to: expected a number, got a list of 0",
  );
  assertThrows(() => s.either([s.string(), s.choice(["a"])]), TypeError, "two of them");
  assertThrows(() => s.either([s.number({ special: true }), s.string()]), TypeError, "two of them");
  assertThrows(() => s.either([s.bytes(), s.number()]), TypeError, "vector");
});
