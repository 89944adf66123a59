import { assertEquals, assertThrows } from "@std/assert";
import * as s from "@aether/dsp/schema";

Deno.test("float32Array() keeps the bits of every value in binary and base64", () => {
  const bits = new Uint32Array([0, 0x80000000, 1, 0x7f800000, 0x7fc12345, 0xff800001, 0x3dcccccd]);
  const value = new Float32Array(bits.buffer);
  const codec = s.codec(s.float32Array());
  for (
    const copy of [codec.fromBinary(codec.toBinary(value)), codec.fromJson(codec.toJson(value))]
  ) {
    assertEquals(new Uint32Array(copy.buffer), bits);
  }
});

Deno.test("float32Array() as numbers writes the fewest digits and reads either form", () => {
  const codec = s.codec(s.float32Array({ text: "numbers" }));
  const value = new Float32Array([0.1, -0, NaN, -Infinity, 1e-45, 16777217, 0.3333333]);
  const text = '[0.1, -0, "NaN", "-Infinity", 1e-45, 16777216, 0.3333333]\n';
  assertEquals(codec.toJson(value), text);
  assertEquals(codec.fromJson(text), value);
  assertEquals(codec.fromJson(s.codec(s.float32Array()).toJson(value)), value);
  assertThrows(() => codec.fromJson("[1, true]"), s.SchemaError, "[1]: expected a number");
});

Deno.test("float64Array() and bytes() round trip, also from a window into a buffer", () => {
  const buffer = new Float64Array([9, 1 / 3, -0, 5e-324, 9]).subarray(1, 4);
  const doubles = s.codec(s.float64Array());
  assertEquals(doubles.fromJson(doubles.toJson(buffer)), new Float64Array(buffer));
  assertEquals(doubles.fromBinary(doubles.toBinary(buffer)), new Float64Array(buffer));
  const codec = s.codec(s.bytes());
  for (let length = 0; length < 70; length++) {
    const value = Uint8Array.from({ length }, (_, i) => i * 37);
    assertEquals(codec.fromJson(codec.toJson(value)), value);
    assertEquals(codec.fromBinary(codec.toBinary(value)), value);
  }
  assertEquals(codec.toJson(new Uint8Array([251, 255])), '"-_8"\n');
});

Deno.test("typed arrays are refused when too long, cut off or not base64url", () => {
  const codec = s.codec(s.float32Array({ max: 2 }));
  const bytes = s.codec(s.bytes());
  for (
    const text of [
      '"AAAAA"',
      '"AAA"',
      '"AA=="',
      '"AB"',
      '"A+/A"',
      '"é"',
      "7",
      "[1,2,3]",
      '"AAAAAAAAAAAAAAAA"',
    ]
  ) {
    assertThrows(() => codec.fromJson(text), s.SchemaError, "top level");
  }
  assertThrows(
    () => codec.fromBinary(bytes.toBinary(new Uint8Array(12))),
    s.SchemaError,
    "at most 2",
  );
  assertThrows(
    () => codec.fromBinary(bytes.toBinary(new Uint8Array(3))),
    s.SchemaError,
    "4 an element",
  );
  for (const text of ["AB", "AAB", "AA==", "A", "A+/A"]) {
    assertThrows(() => bytes.fromJson(`"${text}"`), s.SchemaError, "expected base64url");
  }
  assertThrows(() => codec.toJson(new Float32Array(3)), s.SchemaError, "at most 2");
  assertThrows(
    () => bytes.fromJson("[256]"),
    s.SchemaError,
    "[0]: expected a whole number in [0, 255]",
  );
});

interface Tree {
  name: string;
  children: Tree[];
}
const tree = s.recursive<Tree>(
  "tree",
  (self) => s.object({ name: s.string(), children: s.withDefault(s.array(self), []) }),
  { depth: 5 },
);
const nested = (depth: number): Tree => ({
  name: "t",
  children: depth > 1 ? [nested(depth - 1)] : [],
});

Deno.test("recursive() nests to its depth and no deeper", () => {
  const codec = s.codec(tree);
  assertEquals(codec.fromJson(codec.toJson(nested(5))), nested(5));
  assertEquals(codec.fromBinary(codec.toBinary(nested(5))), nested(5));
  assertThrows(() => codec.toJson(nested(6)), s.SchemaError, "expected at most 5 levels");
  assertThrows(() => codec.fromJson(JSON.stringify(nested(6))), s.SchemaError, "children[0]");
  const wide = { name: "t", children: Array.from({ length: 20 }, () => nested(4)) };
  assertEquals(codec.fromJson(codec.toJson(wide)), wide);
});

Deno.test("recursive() refuses a value that contains itself", () => {
  const loop: Tree = { name: "loop", children: [] };
  loop.children.push(loop);
  assertThrows(() => s.codec(tree).toJson(loop), s.SchemaError, "levels");
});

Deno.test("refine() reports a part of the value, in both directions", () => {
  const codec = s.codec(s.object({
    range: s.refine(s.tuple([s.number(), s.number()]), ([low, high], refuse) => {
      if (low > high) refuse([1], `expected at least ${low}, got ${high}`);
    }),
  }));
  assertEquals(codec.fromJson('{ "range": [1, 2] }'), { range: [1, 2] });
  const message = "range[1]: expected at least 2, got 1";
  assertThrows(() => codec.fromJson('{ "range": [2, 1] }'), s.SchemaError, message);
  assertThrows(() => codec.toJson({ range: [2, 1] }), s.SchemaError, message);
});

Deno.test("convert() stores another form and reports what it throws", () => {
  const date = s.convert(s.string(), {
    read: (text) => {
      const time = new Date(text);
      if (Number.isNaN(time.getTime())) throw new RangeError("expected a date");
      return time;
    },
    write: (time) => time.toISOString(),
  });
  const codec = s.codec(s.object({ saved: date }));
  const value = { saved: new Date(1e12) };
  assertEquals(codec.fromJson(codec.toJson(value)), value);
  assertThrows(() => codec.fromJson('{ "saved": "x" }'), s.SchemaError, "saved: expected a date");
});
