import { assert, assertEquals, assertThrows } from "@std/assert";
import * as s from "@aether/dsp/schema";
import { fromUrlText } from "../../../../core/snapshot/schema/url.ts";

const any = s.codec(s.array(s.number()), { size: 1000, depth: 4, values: 100 });
/** A codec that reads nothing that gets past the skimming. */
const strict = s.codec(s.object({}), { size: 1000, depth: 4, values: 100 });
const hex = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));

Deno.test("toBinary() is CBOR as RFC 8949 writes it", () => {
  const show = (bytes: Uint8Array) =>
    Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  assertEquals(
    show(any.toBinary([1, -1, 1.5, -0, 100000, 1.1])),
    "8601" + "20" + "f93e00" + "f98000" + "1a000186a0" + "fb3ff199999999999a",
  );
  const point = s.codec(s.object({ y: s.number(), x: s.number() }));
  assertEquals(show(point.toBinary({ y: 1, x: 2 })), "a2617802617901");
});

Deno.test("toBinary() does not depend on the order of fields", () => {
  const codec = s.codec(s.record(s.number()));
  assertEquals(codec.toBinary({ b: 1, aa: 2, a: 3 }), codec.toBinary({ a: 3, aa: 2, b: 1 }));
});

Deno.test("fromBinary() refuses what is not plain CBOR", () => {
  const cases: [string, string][] = [
    ["", "ends early"],
    ["18", "ends early"],
    ["1b00", "ends early"],
    ["81", "ends early"],
    ["62ff", "ends early"],
    ["9b00000000ffffffff", "ends early"],
    ["5b7fffffffffffffff", "ends early"],
    ["bb00000000ffffffff", "not text"],
    ["9f01ff", "indefinite"],
    ["7f6161ff", "indefinite"],
    ["1c", "indefinite length or a reserved"],
    ["ff", "indefinite"],
    ["c001", "a tag"],
    ["d9d9f780", "a tag"],
    ["8001", "1 bytes after the end"],
    ["a10102", "not text"],
    ["a2616101616102", "repeat map key"],
    ["1bffffffffffffffff", "expected CBOR"],
    ["1900ff", "expected CBOR"],
    ["f7", "expected CBOR"],
    ["f820", "expected CBOR"],
    ["818181818180", "at most 4 levels"],
    ["81".repeat(900), "at most 4 levels"],
    ["a16161".repeat(300), "at most 4 levels"],
    ["9864" + "00".repeat(100), "at most 100 values"],
    ["00".repeat(1001), "at most 1000 bytes"],
  ];
  for (const [bytes, message] of cases) {
    assertThrows(() => strict.fromBinary(hex(bytes)), s.SchemaError, message, bytes);
  }
});

Deno.test("fromUrl() gives back what toUrl() wrote, short or long", () => {
  const codec = s.codec(s.array(s.number()));
  const noise = Array.from({ length: 50 }, (_, i) => Math.sin(i * i));
  const flat = new Array(5000).fill(440);
  for (const value of [[], [1], noise, flat]) {
    const text = codec.toUrl(value);
    assert(/^[A-Za-z0-9_-]*$/.test(text));
    assertEquals(codec.fromUrl(text), value);
  }
  assert(codec.toUrl(flat).length < 100);
});

Deno.test("fromUrl() refuses other text and stops a decompression bomb", () => {
  const large = s.codec(s.array(s.number(), { max: 1e7 }));
  const small = s.codec(s.array(s.number(), { max: 1e7 }), { size: 100_000 });
  const text = large.toUrl(new Array(3_000_000).fill(0));
  assert(text.length < 10_000);
  assertThrows(() => small.fromUrl(text), s.SchemaError, "expected at most 100000 bytes");
  // The decompressor itself stops, not what reads its output.
  assertThrows(() => fromUrlText(text, { ...s.LIMITS, size: 100_000 }), s.SchemaError, "bytes");
  const good = large.toUrl(new Array(1000).fill(1));
  for (
    const bad of ["", "!", "A", "AA", "BA", "CA", "Bw", good.slice(0, -3), good + "é", "B" + good]
  ) {
    assertThrows(() => large.fromUrl(bad), s.SchemaError, "top level", bad);
  }
});
