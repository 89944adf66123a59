import { assert, assertEquals, assertThrows } from "@std/assert";
import * as s from "@aether/dsp/schema";

const v1 = s.object({ version: s.literal(1), gainDb: s.number({ max: 24 }), name: s.string() });
const v2 = s.object({
  version: s.literal(2),
  gain: s.number({ min: 0, max: 4 }),
  name: s.string(),
});
const v3 = s.object({
  version: s.literal(3),
  gain: s.number({ min: 0, max: 4 }),
  label: s.object({ text: s.string({ min: 1 }) }),
});
const preset = s.versioned(v1)
  .next(v2, ({ gainDb, name }) => ({ version: 2, gain: 10 ** (gainDb / 20), name }))
  .next(v3, ({ gain, name }) => ({ version: 3, gain, label: { text: name } }));

Deno.test("versioned() reads every version and writes the last", () => {
  const value = { version: 3 as const, gain: 1, label: { text: "lead" } };
  assertEquals(preset.version, 3);
  assertEquals(preset.fromJson('{ "version": 1, "gainDb": 0, "name": "lead" }'), value);
  assertEquals(preset.fromJson('{ "version": 2, "gain": 1, "name": "lead" }'), value);
  assertEquals(preset.fromJson(preset.toJson(value)), value);
  assertEquals(preset.fromBinary(preset.toBinary(value)), value);
  assertEquals(preset.fromUrl(preset.toUrl(value)), value);
  const old = s.codec(v1).toBinary({ version: 1, gainDb: 0, name: "lead" });
  assertEquals(preset.fromBinary(old), value);
});

Deno.test("versioned() refuses a newer version with a sentence", () => {
  const error = assertThrows(() => preset.fromJson('{ "version": 4 }'), s.SchemaError);
  assertEquals(
    error.message,
    "version: this data has version 4 and was written by a newer program; this one reads up to 3",
  );
});

Deno.test("versioned() refuses data without a version", () => {
  for (
    const text of [
      "{}",
      '{ "version": 0 }',
      '{ "version": "1" }',
      '{ "version": 1.5 }',
      '{ "version": -1 }',
    ]
  ) {
    assertThrows(
      () => preset.fromJson(text),
      s.SchemaError,
      "version: expected a version number from 1",
    );
  }
  assertThrows(() => preset.fromJson("[]"), s.SchemaError, "expected an object");
});

Deno.test("versioned() checks old data as strictly as new data", () => {
  const text = '{ "version": 1, "gainDb": 99, "name": "x" }';
  assertThrows(
    () => preset.fromJson(text),
    s.SchemaError,
    "gainDb: expected a number of at most 24",
  );
});

Deno.test("versioned() says which migration made something that is not valid", () => {
  const empty = '{ "version": 1, "gainDb": 0, "name": "" }';
  assertThrows(
    () => preset.fromJson(empty),
    s.SchemaError,
    "label.text: cannot migrate version 2 to 3",
  );
  const throwing = s.versioned(v1).next(v2, () => {
    throw new Error("no way");
  });
  assertThrows(
    () => throwing.fromJson(empty),
    s.SchemaError,
    "cannot migrate version 1 to 2: no way",
  );
});

Deno.test("versioned() refuses a chain with a gap", () => {
  assertThrows(() => s.versioned(v2 as never), TypeError, "literal(1)");
  assertThrows(() => s.versioned(v1).next(v3, () => ({}) as never), TypeError, "literal(2)");
  assert(s.versioned(s.refine(v1, () => {})).version === 1);
});
