import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import * as s from "@aether/dsp/schema";

/** Message of the error that `read` throws. */
function refusal(read: () => unknown): string {
  return assertThrows(read, s.SchemaError).message;
}

Deno.test("number() keeps every bit of a double in all formats", () => {
  const codec = s.codec(s.number());
  for (const value of [0, -0, 0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 2 ** 53, 123456789.125]) {
    assertStrictEquals(Object.is(codec.fromJson(codec.toJson(value)), value), true, `${value}`);
    assertStrictEquals(Object.is(codec.fromBinary(codec.toBinary(value)), value), true, `${value}`);
    assertStrictEquals(Object.is(codec.fromUrl(codec.toUrl(value)), value), true, `${value}`);
  }
});

Deno.test("number() says its range and the value it got", () => {
  const cutoff = s.codec(s.number({ min: 10, max: 20_000 }));
  const prefix = "top level: expected a number in [10, 20000], got ";
  for (
    const [text, got] of [['"x"', '"x"'], ["9", "9"], ["null", "null"], ["[1]", "a list of 1"]]
  ) {
    assertEquals(refusal(() => cutoff.fromJson(text)), prefix + got);
  }
  assertEquals(refusal(() => cutoff.toJson(20_001)), `${prefix}20001`);
  assertEquals(cutoff.fromJson("10"), 10);
  assertEquals(cutoff.fromJson("20000"), 20_000);
  const half = s.codec(s.number({ min: 0 }));
  assertEquals(
    refusal(() => half.fromJson("-1")),
    "top level: expected a number of at least 0, got -1",
  );
});

Deno.test("number() refuses NaN and infinity in both directions unless they are declared", () => {
  const plain = s.codec(s.number());
  const special = s.codec(s.number({ special: true }));
  const binary = s.codec(s.array(s.number({ special: true })));
  const plainList = s.codec(s.array(s.number()));
  for (const value of [NaN, Infinity, -Infinity]) {
    assertThrows(() => plain.toJson(value), s.SchemaError);
    assertThrows(() => plain.toBinary(value), s.SchemaError);
    assertThrows(() => plainList.fromBinary(binary.toBinary([value])), s.SchemaError, "[0]");
    assertEquals(special.toJson(value), `"${value}"\n`);
    assertEquals(special.fromJson(special.toJson(value)), value);
    assertEquals(special.fromBinary(special.toBinary(value)), value);
  }
  assertThrows(() => plain.fromJson('"NaN"'), s.SchemaError);
  assertThrows(() => plain.fromJson("1e999"), s.SchemaError);
  assertThrows(() => special.toJson("NaN" as unknown as number), s.SchemaError);
});

Deno.test("number() cannot be declared with an empty range", () => {
  assertThrows(() => s.number({ min: 1, max: 0 }), RangeError, "min must be at most max");
});

Deno.test("single() rounds what it reads and allows the f32 next to its limits", () => {
  const gain = s.codec(s.single({ min: 0, max: 0.1 }));
  const top = Math.fround(0.1);
  assertEquals(top > 0.1, true);
  assertEquals(gain.fromJson("0.1"), top);
  assertEquals(gain.toJson(top), "0.1\n");
  assertEquals(gain.fromBinary(gain.toBinary(top)), top);
  assertThrows(() => gain.fromJson("0.10001"), s.SchemaError);
  assertEquals(s.codec(s.single({ min: 0.7 })).fromJson("0.7") < 0.7, true);
  assertThrows(() => s.codec(s.single()).fromJson("1e39"), s.SchemaError);
});

Deno.test("integer() refuses fractions and what a double cannot count", () => {
  const codec = s.codec(s.integer());
  for (const value of [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    assertEquals(codec.fromJson(codec.toJson(value)), value);
    assertEquals(codec.fromBinary(codec.toBinary(value)), value);
  }
  for (const text of ["0.5", "9007199254740992", "1e300"]) {
    assertThrows(() => codec.fromJson(text), s.SchemaError, "a whole number");
  }
});

Deno.test("string() bounds its length in characters and its alphabet", () => {
  const name = s.codec(s.string({ min: 1, max: 4, characters: "a-z0-9_😀" }));
  for (const good of ["a", "ab_9", "😀😀😀😀"]) {
    assertEquals(name.fromJson(name.toJson(good)), good);
    assertEquals(name.fromBinary(name.toBinary(good)), good);
  }
  for (const bad of ["", "abcde", "A", "a b", "a\n", "😀😀😀😀😀"]) {
    assertEquals(
      refusal(() => name.fromJson(JSON.stringify(bad))),
      `top level: expected a text of 1 to 4 characters out of [a-z0-9_😀], got ${
        JSON.stringify(bad)
      }`,
    );
  }
});

Deno.test("string() refuses half a surrogate pair, which UTF-8 cannot keep", () => {
  const text = s.codec(s.string());
  assertThrows(() => text.fromJson(String.raw`"\ud83d"`), s.SchemaError, "surrogate");
  assertThrows(() => text.toBinary("\ude00"), s.SchemaError, "surrogate");
});

Deno.test("literal() and choice() accept their values only", () => {
  const one = s.codec(s.literal(1));
  assertEquals(one.fromJson("1"), 1);
  assertEquals(refusal(() => one.fromJson('"1"')), 'top level: expected 1, got "1"');
  const wave = s.codec(s.choice(["sine", "saw", "pulse"]));
  assertEquals(wave.fromBinary(wave.toBinary("saw")), "saw");
  assertEquals(
    refusal(() => wave.fromJson('"toString"')),
    'top level: expected "sine", "saw" or "pulse", got "toString"',
  );
});

Deno.test("SchemaError clips long foreign text", () => {
  const message = refusal(() => s.codec(s.number()).fromJson(JSON.stringify("x".repeat(100_000))));
  assertEquals(message.length < 120, true);
  assertEquals(message.endsWith(`"${"x".repeat(40)}" and 99960 more`), true);
});
