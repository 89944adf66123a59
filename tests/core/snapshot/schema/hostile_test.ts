import { assert, assertEquals, assertThrows } from "@std/assert";
import * as s from "@aether/dsp/schema";

const table = s.codec(s.record(s.record(s.number())), { size: 100_000, depth: 8, values: 5000 });

Deno.test("fromJson() refuses names that every object has, and changes no prototype", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]) {
    const text = `{ "${name}": { "polluted": 1 } }`;
    assertThrows(() => table.fromJson(text), s.SchemaError, `${name}: expected another name`);
    assertThrows(() => table.fromJson(`{ "a": { "${name}": 1 } }`), s.SchemaError, `a.${name}`);
  }
  assertEquals(({} as Record<string, unknown>).polluted, undefined);
  assertEquals(table.fromJson('{ "prototype": {} }'), { prototype: {} });
});

Deno.test("fromBinary() refuses names that every object has, and changes no prototype", () => {
  // { "__proto__": { "polluted": 1 } }
  const bytes = Uint8Array.from([
    ...[0xa1, 0x69, ...new TextEncoder().encode("__proto__")],
    ...[0xa1, 0x68, ...new TextEncoder().encode("polluted"), 0x01],
  ]);
  assertThrows(() => table.fromBinary(bytes), s.SchemaError, "__proto__");
  const loose = s.codec(s.object({ a: s.optional(s.number()) }, { unknown: "ignore" }));
  const value = loose.fromBinary(bytes) as Record<string, unknown>;
  assertEquals(Object.getPrototypeOf(value), Object.prototype);
  assertEquals(value.polluted, undefined);
});

Deno.test("fromJson() bounds size, depth and number of values before parsing", () => {
  assertThrows(() => table.fromJson(" ".repeat(100_001)), s.SchemaError, "at most 100000 bytes");
  assertThrows(() => table.fromJson("[".repeat(50_000)), s.SchemaError, "at most 8 levels");
  assertThrows(() => table.fromJson('{"a":'.repeat(9)), s.SchemaError, "at most 8 levels");
  assertThrows(
    () => table.fromJson(`[${"0,".repeat(5001)}0]`),
    s.SchemaError,
    "at most 5000 values",
  );
  assertThrows(
    () => table.fromJson('{"[[[[[[[[[[[": 0}'),
    s.SchemaError,
    "expected an object, got 0",
  );
  assertThrows(() => table.fromJson(String.raw`{"\"[[[[[[[[[[[": 0}`), s.SchemaError, "got 0");
});

Deno.test("fromJson() refuses text that is not JSON with a sentence", () => {
  for (const text of ["", "{", "nul", "{a:1}", '"', '"\\', "1 2", "]]]]", "\u0000"]) {
    assertThrows(() => table.fromJson(text), s.SchemaError, "top level: expected JSON");
  }
});

Deno.test("fromData() does not look past own fields", () => {
  const inherited = Object.create({ x: 1 });
  const codec = s.codec(s.object({ x: s.number() }));
  assertThrows(() => codec.fromData(inherited), s.SchemaError, 'expected a field "x"');
});

Deno.test("reading makes values of its own", () => {
  const codec = s.codec(s.object({ list: s.array(s.number()), wave: s.float32Array() }));
  const bytes = codec.toBinary({ list: [1], wave: new Float32Array([0.5]) });
  const value = codec.fromBinary(bytes);
  bytes.fill(0);
  assertEquals(value, { list: [1], wave: new Float32Array([0.5]) });
  const data = { list: [1], wave: [0.5] };
  const copy = codec.fromData(data);
  data.list[0] = 9;
  assert(copy.list[0] === 1);
});
