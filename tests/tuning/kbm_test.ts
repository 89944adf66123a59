import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  equalDivision,
  formatKbm,
  KeyboardMapping,
  parseKbm,
  ScalaFileError,
  Tuning,
} from "@aether/dsp/tuning";
import { anyMapping } from "./support.ts";

const x = undefined;
const HEADER = ["12", "0", "127", "60", "69", "440.0", "12"];
const kbm = (...lines: string[]) => lines.join("\n");
const white = kbm(...HEADER, "0", "x", "2", "x", "4", "5", "x", "7", "x", "9", "x", "11");
const fails = (text: string) => {
  const { line, text: shown, message } = assertThrows(() => parseKbm(text), ScalaFileError);
  assert(message.startsWith(`Cannot read .kbm line ${line}: `), message);
  return [line, shown];
};

Deno.test("parseKbm() reads the seven fields and the pattern", () => {
  const mapping = parseKbm(white);
  assertEquals(mapping.degrees, [0, x, 2, x, 4, 5, x, 7, x, 9, x, 11]);
  const { firstKey, lastKey, middleKey, referenceKey, referenceFrequency, formalOctave } = mapping;
  assertEquals([firstKey, lastKey, middleKey, referenceKey], [0, 127, 60, 69]);
  assertEquals([referenceFrequency, formalOctave], [440, 12]);
});

Deno.test("parseKbm() takes comments on their own lines and behind values, and spaces", () => {
  const text = kbm(
    "! a.kbm",
    "2 ! size",
    "!",
    " 0",
    "127 ",
    "60!",
    "60",
    "261.6",
    "0",
    "! map",
    "0 ! C",
    " X ",
    "! end",
  );
  assertEquals(parseKbm(text).degrees, [0, x]);
});

Deno.test("parseKbm() reads size 0 as a linear mapping, whatever lines follow", () => {
  const mapping = parseKbm(kbm("0", "0", "127", "61", "61", "280", "0", "", "", ""));
  assertEquals([60, 61, 62].map((key) => mapping.degree(key, 5)), [-1, 0, 1]);
  assertEquals(new Tuning(equalDivision(12), mapping).frequency(61), 280);
  assertEquals(parseKbm(kbm("0", "0", "127", "60", "60", "262.", "127", "7", "8")).size, 0);
});

Deno.test("parseKbm() reads LF, CR LF and CR alike", () => {
  const wanted = parseKbm(white);
  assertEquals(parseKbm(white.replaceAll("\n", "\r\n") + "\r\n"), wanted);
  assertEquals(parseKbm(white.replaceAll("\n", "\r")), wanted);
});

Deno.test("parseKbm() lets unmapped keys at the end be left out, as the format says", () => {
  assertEquals(parseKbm(kbm("4", ...HEADER.slice(1), "0", "2")).degrees, [0, 2, x, x]);
  assertEquals(parseKbm(kbm("4", ...HEADER.slice(1), "0", "2", "", "! c", "")).degrees, [
    0,
    2,
    x,
    x,
  ]);
});

Deno.test("parseKbm() reads patterns longer than a scale, and negative degrees", () => {
  const mapping = parseKbm(kbm("3", ...HEADER.slice(1), "-2", "0", "31"));
  assertEquals(mapping.degrees, [-2, 0, 31]);
  assertEquals(mapping.degree(63, 5), 10);
});

Deno.test("parseKbm() passes over what follows the pattern", () => {
  assertEquals(parseKbm(kbm(white, "", "", "what", "12")), parseKbm(white));
});

Deno.test("parseKbm() points at an empty line before the end of the pattern", () => {
  assertEquals(fails(kbm(...HEADER, "0", "", "2")), [9, ""]);
  assertEquals(fails(kbm("12", "", "0", "127")), [2, ""]);
});

Deno.test("parseKbm() points at the line that is wrong, in every field", () => {
  const bad: [field: number, value: string][] = [
    [0, "-1"],
    [0, "1.5"],
    [0, "65537"],
    [1, "128"],
    [1, "C"],
    [2, "-5"],
    [3, "60.5"],
    [4, "9999999999"],
    [5, "0"],
    [5, "-440"],
    [5, "440,0"],
    [5, "1e999"],
    [5, "A4"],
    [6, "-1"],
    [6, "x"],
  ];
  for (const [field, value] of bad) {
    const lines = [...HEADER, "0"];
    lines[field] = value;
    assertEquals(fails(kbm("! c", ...lines)), [field + 2, value]);
  }
  for (const value of ["garbage", "0.5", "xx", "--", "99999999999"]) {
    assertEquals(fails(kbm(...HEADER, "0", value)), [9, value]);
  }
});

Deno.test("parseKbm() refuses a last key below the first", () => {
  assertThrows(
    () => parseKbm(kbm("0", "60", "59")),
    ScalaFileError,
    '[60, 127], current value is "59"',
  );
});

Deno.test("parseKbm() says which field is missing when a text ends too early", () => {
  const names = [
    ...["size of the pattern", "first key", "last key", "middle key", "reference key"],
    ...["reference frequency", "formal octave"],
  ];
  names.forEach((name, given) => {
    const text = kbm("! c", ...HEADER.slice(0, given));
    const error = assertThrows(() => parseKbm(text), ScalaFileError, `${name} must follow`);
    assertEquals(error.line, given + 1);
  });
});

Deno.test("parseKbm() of a far reference key returns, and the tuning refuses it", () => {
  const mapping = parseKbm(kbm("1", "0", "127", "60", "2000000000", "440.0", "12", "0"));
  assertThrows(() => new Tuning(equalDivision(12), mapping), RangeError, "frequency must be in");
});

Deno.test("formatKbm() writes a text from which parseKbm() makes the same mapping", () => {
  fc.assert(fc.property(anyMapping, (mapping) => {
    assertEquals(parseKbm(formatKbm(mapping)), mapping);
    assertEquals(formatKbm(parseKbm(formatKbm(mapping))), formatKbm(mapping));
  }));
  const tiny = new KeyboardMapping({ referenceFrequency: 1.5e-7 });
  assertEquals(parseKbm(formatKbm(tiny)), tiny);
});
