import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  cents,
  centsOf,
  formatInterval,
  interval,
  invert,
  ratio,
  ratioOf,
  stack,
  steps,
} from "@aether/dsp/tuning";
import { anyInterval } from "./support.ts";

Deno.test("interval() keeps ratios as they were written", () => {
  const texts = ["10/8", "3/2", "2147483647/2147483646", "7/1"];
  assertEquals(texts.map((text) => formatInterval(interval(text))), texts);
  assertEquals(interval("3"), ratio(3));
});

Deno.test("interval() keeps numbers of any length exactly", () => {
  for (let zeros = 0; zeros < 400; zeros += 19) {
    const text = `3${"0".repeat(zeros)}/2${"0".repeat(zeros)}`;
    assertEquals(formatInterval(interval(text)), text);
    assertEquals(ratioOf(interval(text)), 1.5);
  }
});

Deno.test("interval() takes what has a period for cents, also negative and without digits on a side", () => {
  const values = { "701.955": 701.955, "-5.0": -5, "408.": 408, "+.5": 0.5, "1.5e2": 150 };
  for (const [text, value] of Object.entries(values)) assertEquals(interval(text), cents(value));
});

Deno.test("interval() refuses what is no interval, and says what it read", () => {
  const texts = [
    ...["", " 3/2", "3/2 ", "0/1", "1/0", "0", "-3/2", "3/-2", "-3", "+3/2", "7/4/2", "7*2", "3/"],
    ...[
      "x",
      ".",
      "-.",
      "1.2.3",
      "1,5",
      "5.0/4",
      "NaN",
      "Infinity",
      "1.0e9999",
      "0x10",
      "٣/٢",
      "1e5",
    ],
    ...["7\\0", "7\\", "7\\12<2.0>", "7\\12<>", "7\\12<2/1>x", "9".repeat(2000)],
  ];
  for (const text of texts) {
    const shown = JSON.stringify(text.slice(0, 60)).slice(1, -1);
    const error = assertThrows(() => interval(text), SyntaxError, "Cannot read an interval");
    assert(error.message.includes(`current value is "${shown}`), error.message);
  }
});

Deno.test("formatInterval() writes what interval() reads back", () => {
  fc.assert(fc.property(anyInterval, (i) => assertEquals(interval(formatInterval(i)), i)));
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(finite, (value) => {
    assertEquals(interval(formatInterval(cents(value))), cents(value));
  }));
});

Deno.test("formatInterval() writes cents with a period and without an exponent", () => {
  const texts = [100, -0, 1e-7, -1.5e-9, 1e21, 1e300].map((value) => formatInterval(cents(value)));
  assertEquals(texts.slice(0, 4), ["100.0", "0.0", "0.0000001", "-0.0000000015"]);
  assert(Object.is(cents(-0).cents, 0), "there is one zero");
  assert(texts.every((text) => /^-?\d+\.\d+$/.test(text)));
});

Deno.test("centsOf() and ratioOf() agree to 1e-12", () => {
  fc.assert(fc.property(anyInterval, (i) => {
    assertAlmostEquals(2 ** (centsOf(i) / 1200) / ratioOf(i), 1, 1e-12);
  }));
});

Deno.test("ratioOf() of long numbers is the nearest double", () => {
  const big = 3n ** 700n;
  assertEquals(ratioOf(ratio(big * 3n, big * 2n)), 1.5);
  assertEquals(ratioOf(ratio(big, big + 1n)), 1);
  assertEquals(ratioOf(ratio(2n ** 60n + 1n, 3n ** 20n)), Number(2n ** 60n) / 3 ** 20);
});

Deno.test("centsOf() and ratioOf() hold where a ratio, or part of one, is beyond doubles", () => {
  const size = 1200 * Math.log2(3);
  // 3 ** 640 is a double, and 3 ** 700 is not.
  for (const power of [640, 700, 5000]) {
    const [large, small] = [ratio(3n ** BigInt(power)), ratio(1, 3n ** BigInt(power))];
    assertAlmostEquals(centsOf(large) / power, size, 1e-9);
    assertAlmostEquals(centsOf(small) / power, -size, 1e-9);
    assertAlmostEquals(ratioOf(steps(1, power, large)), 3, 1e-12);
    assertAlmostEquals(ratioOf(steps(-1, power, small)), 3, 1e-12);
  }
  assertAlmostEquals(ratioOf(ratio(1, 3n ** 640n)) * 3 ** 640, 1, 1e-12);
  assertAlmostEquals(centsOf(stack(ratio(1, 273), steps(0, 125, ratio(3, 2)))), -9711.308569, 1e-6);
});

Deno.test("stack() is exact for ratios, cents and steps", () => {
  const sum = (a: string, b: string) => formatInterval(stack(interval(a), interval(b)));
  assertEquals(sum("81/64", "64/81"), "1/1");
  assertEquals(sum("100.5", "-0.25"), "100.25");
  assertEquals(sum("7\\12", "5\\12"), "12\\12");
  assertEquals(sum("7\\12", "2/1"), "19\\12");
  assertEquals(sum("1/2", "7\\12"), "-5\\12");
  assertEquals(sum("1\\4<5/1>", "1\\2<9/4>"), "1\\4<405/16>");
});

Deno.test("stack() adds sizes, and invert() takes them back", () => {
  fc.assert(fc.property(anyInterval, anyInterval, (a, b) => {
    assertAlmostEquals(centsOf(stack(a, b)), centsOf(a) + centsOf(b), 1e-8);
    assertAlmostEquals(centsOf(stack(stack(a, b), invert(b))), centsOf(a), 1e-8);
  }));
});

Deno.test("ratio(), cents() and steps() refuse numbers that are no interval", () => {
  for (const bad of [0, -1, 1.5, NaN, 2 ** 53]) assertThrows(() => ratio(bad), RangeError);
  assertThrows(() => ratio(1n, 0n), RangeError, "denominator must be a positive whole number");
  for (const bad of [NaN, Infinity]) assertThrows(() => cents(bad), RangeError);
  assertThrows(() => steps(0.5, 12), RangeError, "steps must be a whole number");
  assertThrows(() => steps(1, 0), RangeError, "divisions must be a whole number of at least 1");
});
