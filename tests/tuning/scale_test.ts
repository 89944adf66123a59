import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  equalDivision,
  formatInterval,
  harmonicSegment,
  meantone,
  mode,
  pythagorean,
  ratio,
  Scale,
} from "@aether/dsp/tuning";
import { anyScale } from "./support.ts";

const MAJOR = new Scale("Major", ["9/8", "5/4", "4/3", "3/2", "5/3", "15/8", "2/1"]);

Deno.test("Scale repeats at its period, in both directions, exactly", () => {
  const degrees = [-8, -7, -1, 0, 1, 7, 9, 14];
  const texts = ["15/32", "1/2", "15/16", "1/1", "9/8", "2/1", "5/2", "4/1"];
  assertEquals(degrees.map((d) => formatInterval(MAJOR.interval(d))), texts);
  assertEquals(MAJOR.ratio(-7), 0.5);
});

Deno.test("Scale gives each degree the same size as interval, cents and ratio", () => {
  fc.assert(fc.property(anyScale, fc.integer({ min: -40, max: 40 }), (scale, degree) => {
    const size = scale.cents(degree);
    assertAlmostEquals(1200 * Math.log2(scale.ratio(degree)), size, 1e-8);
    assertAlmostEquals(scale.cents(degree + scale.size) - size, scale.cents(scale.size), 1e-8);
  }));
});

Deno.test("Scale finds a degree at any distance without computing huge numbers", () => {
  assertAlmostEquals(MAJOR.cents(7e9), 1.2e12, 1);
  assertEquals(MAJOR.interval(7e9).kind, "cents");
});

Deno.test("Scale refuses fractions of degrees, lines within texts, and too many names", () => {
  assertThrows(() => MAJOR.cents(0.5), RangeError, "must be a whole number, current value is 0.5");
  assertThrows(() => new Scale("a\nb", ["2/1"]), RangeError, "it must be one line");
  assertThrows(() => new Scale("", ["2/1"], { comments: ["a\rb"] }), RangeError, "one line");
  assertThrows(() => new Scale("", ["2/1"], { names: ["a", "b"] }), RangeError, "at most 1 names");
  assertThrows(() => new Scale("", ["two"]), SyntaxError, "Cannot read an interval");
});

Deno.test("mode() starts on another degree and comes back after one period", () => {
  const dorian = mode(MAJOR, 1, "Dorian");
  const intervals = dorian.intervals.map(formatInterval).join(" ");
  assertEquals(intervals, "10/9 32/27 4/3 40/27 5/3 16/9 2/1");
  assertEquals(
    mode(dorian, 6, "Major").intervals.map(formatInterval).join(" "),
    "9/8 5/4 4/3 3/2 5/3 15/8 2/1",
  );
});

Deno.test("mode() keeps the distances between degrees", () => {
  const small = fc.integer({ min: -12, max: 12 });
  fc.assert(fc.property(anyScale, small, small, (scale, tonic, degree) => {
    const size = mode(scale, tonic).cents(degree);
    assertAlmostEquals(size, scale.cents(tonic + degree) - scale.cents(tonic), 1e-7);
  }));
});

Deno.test("mode() keeps the period as it was written", () => {
  const scale = new Scale("", ["0.1", "1223.3"]);
  for (let tonic = 1; tonic < 9; tonic++) assertEquals(mode(scale, tonic).period, scale.period);
});

Deno.test("mode() takes the names along", () => {
  const scale = new Scale("", ["9/8", "5/4", "2/1"], { names: ["re", "mi", "do"] });
  assertEquals(mode(scale, 1).names, ["mi", "do", "re"]);
});

Deno.test("equalDivision() divides any period into equal steps and ends on it", () => {
  const periods = fc.constantFrom("2/1", "3/1", "3/2", "1223.0", "-1200.0");
  fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), periods, (divisions, period) => {
    const scale = equalDivision(divisions, period);
    assertEquals(scale.size, divisions);
    assertEquals(formatInterval(scale.period), period);
    for (let d = 1; d < divisions; d++) {
      assertAlmostEquals(scale.cents(d), scale.cents(divisions) * d / divisions, 1e-9);
    }
  }));
});

Deno.test("equalDivision() refuses numbers of divisions that are none", () => {
  for (const bad of [0, -1, 1.5, NaN, 1e9]) {
    assertThrows(() => equalDivision(bad), RangeError, `current value is ${bad}`);
  }
});

Deno.test("harmonicSegment() is a piece of the harmonic series", () => {
  assertEquals(harmonicSegment(4, 8).intervals, [
    ratio(5, 4),
    ratio(6, 4),
    ratio(7, 4),
    ratio(8, 4),
  ]);
  for (const [first, last] of [[0, 4], [4, 4], [1, 1.5], [5, 4]]) {
    assertThrows(() => harmonicSegment(first, last), RangeError, `${first} and ${last}`);
  }
});

Deno.test("pythagorean() has fifths of exactly 3/2 and names them", () => {
  const scale = pythagorean();
  assertEquals(scale.names, ["C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B", "C"]);
  assertEquals(formatInterval(scale.intervals[7]), "6561/4096");
  assert(scale.intervals.every((i) => i.kind === "ratio"));
});

Deno.test("meantone() of no comma is Pythagorean, and of any fraction a root of a ratio", () => {
  const shape = { notes: 31, down: 12 };
  assertEquals(meantone("0/1", shape).intervals, pythagorean(shape).intervals);
  for (const fraction of ["1/4", "1/3", "1/6", "2/7", "5/17", "1/1", "63/64"]) {
    const scale = meantone(fraction);
    const [p, q] = fraction.split("/").map(Number);
    const narrow = 1200 * Math.log2(81 / 80) * p / q;
    const fifth = scale.names.indexOf("G");
    assertAlmostEquals(scale.cents(fifth + 1), 1200 * Math.log2(1.5) - narrow, 1e-9, fraction);
  }
});

Deno.test("meantone() ascends within one octave for any fraction and number of notes", () => {
  const part = fc.integer({ min: 0, max: 16 }).map((p) => `${p}/16`);
  const chain = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 39 }));
  fc.assert(
    fc.property(part, chain, (fraction, [notes, down]) => {
      const scale = meantone(fraction, { notes, down: down % notes });
      const cents = Array.from({ length: scale.size + 1 }, (_, d) => scale.cents(d));
      assertEquals(scale.size, notes);
      for (let d = 0; d < notes; d++) assert(cents[d + 1] >= cents[d] - 1e-9 && cents[d] < 1200);
    }),
    { numRuns: 30 },
  );
});

Deno.test("meantone() refuses fractions and chains out of range", () => {
  for (const bad of ["1", "5/4", "1/0", "-1/4", "1/65", "0.25", ""]) {
    assertThrows(() => meantone(bad), RangeError, `current value is "${bad}"`);
  }
  assertThrows(
    () => pythagorean({ notes: 0 }),
    RangeError,
    "notes must be a whole number in [1, 64]",
  );
  assertThrows(() => pythagorean({ notes: 5, down: 5 }), RangeError, "[0, 4], current value is 5");
});
