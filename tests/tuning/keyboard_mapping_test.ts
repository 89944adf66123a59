import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  equalDivision,
  KeyboardMapping,
  nearestKeys,
  Scale,
  Tuning,
  tuningByName,
  whiteKeys,
} from "@aether/dsp/tuning";
import { ALL_KEYS, anyMapping, centsBetween } from "./support.ts";

const x = undefined;

Deno.test("KeyboardMapping is linear by default: one key a degree, degree 0 on middle C", () => {
  const mapping = new KeyboardMapping();
  assertEquals([0, 59, 60, 61, 127].map((key) => mapping.degree(key, 7)), [-60, -1, 0, 1, 67]);
  assert(ALL_KEYS.every((key) => mapping.isMapped(key)));
  assertEquals(mapping.referenceKey, 60);
});

Deno.test("KeyboardMapping repeats its pattern, each time a formal octave higher, as Scala does", () => {
  const mapping = new KeyboardMapping({ degrees: [0, 2, 4, 5], formalOctave: 7 });
  const keys = Array.from({ length: 12 }, (_, i) => 56 + i);
  assertEquals(keys.map((key) => mapping.degree(key, 12)), [
    -7,
    -5,
    -3,
    -2,
    0,
    2,
    4,
    5,
    7,
    9,
    11,
    12,
  ]);
});

Deno.test("KeyboardMapping with formal octave 0 rises by the size of the scale", () => {
  const mapping = new KeyboardMapping({ degrees: [0, 3] });
  assertEquals([60, 61, 62, 63].map((key) => mapping.degree(key, 5)), [0, 3, 5, 8]);
});

Deno.test("KeyboardMapping repeats exactly: a pattern further is a formal octave further", () => {
  const anyKey = fc.integer({ min: -300, max: 300 });
  fc.assert(
    fc.property(anyMapping, anyKey, fc.integer({ min: 1, max: 40 }), (mapping, key, size) => {
      if (mapping.size === 0) {
        return assertEquals(mapping.degree(key, size), key - mapping.middleKey);
      }
      const degree = mapping.degree(key, size);
      const next = mapping.degree(key + mapping.size, size);
      assertEquals(next, degree === x ? x : degree + (mapping.formalOctave || size));
    }),
  );
});

Deno.test("KeyboardMapping maps only whole keys in its range that have a degree", () => {
  const mapping = new KeyboardMapping({ degrees: [0, x], firstKey: 58, lastKey: 62 });
  const sounding = [-2, 56, 58, 59, 60, 60.5, 61, 62, 64, NaN].filter((key) =>
    mapping.isMapped(key)
  );
  assertEquals(sounding, [58, 60, 62]);
  assertEquals(mapping.degree(60.5, 12), x);
  assertEquals(new KeyboardMapping().degree(60.5, 12), x);
});

Deno.test("KeyboardMapping refuses keys, degrees and frequencies out of range, naming them", () => {
  const cases: [ConstructorParameters<typeof KeyboardMapping>[0], string][] = [
    [{ middleKey: 60.5 }, "middle key must be a whole number"],
    [{ degrees: [0, 0.5] }, "degree must be a whole number"],
    [{ firstKey: -1 }, "first key must be a whole number in [0, 127], current value is -1"],
    [{ firstKey: 80, lastKey: 79 }, "last key must be a whole number in [80, 127]"],
    [{ formalOctave: -1 }, "formal octave must be a whole number in [0,"],
    [{ referenceFrequency: 0 }, "must be a positive number of Hz, current value is 0"],
    [{ referenceFrequency: NaN }, "current value is NaN"],
    [{ referenceFrequency: Infinity }, "current value is Infinity"],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => new KeyboardMapping(options), RangeError, message);
  }
});

Deno.test("whiteKeys() plays a scale of seven on the white keys of every octave", () => {
  const tuning = new Tuning(equalDivision(7), whiteKeys());
  const white = [0, 2, 4, 5, 7, 9, 11];
  for (const key of ALL_KEYS) {
    const place = white.indexOf(key % 12);
    assertEquals(tuning.isMapped(key), place >= 0);
    if (place >= 0) assertEquals(tuning.degree(key), place + 7 * (Math.floor(key / 12) - 5));
  }
});

Deno.test("nearestKeys() puts every key within half the widest step of its usual pitch", () => {
  for (const name of ["tizita", "rast", "22-shruti", "just-7-limit", "5-edo", "53-edo", "saba"]) {
    const { scale } = tuningByName(name);
    const tuning = new Tuning(scale, nearestKeys(scale));
    const steps = Array.from({ length: scale.size }, (_, d) => scale.cents(d + 1) - scale.cents(d));
    for (const key of ALL_KEYS) {
      const usual = centsBetween(tuning.frequency(60), tuning.frequency(key)) - 100 * (key - 60);
      assert(Math.abs(usual) <= Math.max(...steps) / 2 + 1e-6, `${name}, key ${key}: ${usual}`);
    }
  }
});

Deno.test("nearestKeys() spreads its keys evenly over a period that is no whole number of semitones", () => {
  const mapping = nearestKeys(equalDivision(120, "6045."));
  assertEquals(mapping.size, 60);
  for (const key of ALL_KEYS) assertEquals(mapping.degree(key, 120), 2 * (key - 60));
});

Deno.test("nearestKeys() leaves twelve equal steps as they are", () => {
  const mapping = nearestKeys(equalDivision(12));
  for (const key of ALL_KEYS) assertEquals(mapping.degree(key, 12), key - 60);
});

Deno.test("nearestKeys() gives periods other than the octave as many keys as semitones", () => {
  assertEquals(nearestKeys(tuningByName("bohlen-pierce").scale).size, 19);
  assertEquals(nearestKeys(tuningByName("slendro").scale).size, 12);
  for (const bad of [new Scale("", []), equalDivision(3, "20.0"), equalDivision(3, "-1200.0")]) {
    assertThrows(() => nearestKeys(bad), RangeError, "period must be in [50, 120000] cents");
  }
});
