import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  centsOf,
  equalDivision,
  formatInterval,
  formatScl,
  meantone,
  parseScl,
  ScalaFileError,
  Scale,
  SCALES,
} from "@aether/dsp/tuning";
import { anyScale } from "./support.ts";

const scl = (...lines: string[]) => lines.join("\n");
const texts = (scale: Scale) => scale.intervals.map(formatInterval);
const fails = (text: string) => {
  const { line, text: shown, message } = assertThrows(() => parseScl(text), ScalaFileError);
  assert(message.startsWith(`Cannot read .scl line ${line}: `), message);
  assert(message.includes("current value is "), message);
  return [line, shown];
};

Deno.test("parseScl() reads description, size and pitches, whatever stands around them", () => {
  const scale = parseScl(scl(
    "! name.scl",
    "!",
    "  A scale  ",
    "! between",
    "  3 ",
    "!",
    "\t81/64",
    " 408.",
    "! and here",
    " 2/1  ",
    "",
    "Whatever follows is passed over",
  ));
  assertEquals(scale.description, "A scale");
  assertEquals(texts(scale), ["81/64", "408.0", "2/1"]);
  assertEquals(scale.comments, ["name.scl", "", "between", "", "and here"]);
});

Deno.test("parseScl() reads every valid pitch line of the format's description", () => {
  const lines = [
    "81/64",
    "408.0",
    "408.",
    "5",
    "-5.0",
    "10/20",
    "100.0 cents",
    "100.0 C#",
    "5/4   E\\",
  ];
  const scale = parseScl(scl("", "9", ...lines));
  const wanted = ["81/64", "408.0", "408.0", "5/1", "-5.0", "10/20", "100.0", "100.0", "5/4"];
  assertEquals(texts(scale), wanted);
  assertEquals(scale.names.slice(6), ["cents", "C#", "E\\"]);
});

Deno.test("parseScl() takes a comment or a name behind a pitch", () => {
  const scale = parseScl(
    scl("", "4 ! four", "555/524 ! c# 138.75 Hz", "3/2!!G", "7 / 4 B flat", "2/1"),
  );
  assertEquals(texts(scale), ["555/524", "3/2", "7/4", "2/1"]);
  assertEquals(scale.names, ["c# 138.75 Hz", "!G", "B flat", ""]);
});

Deno.test("parseScl() reads LF, CR LF, CR and a byte order mark alike", () => {
  const lines = ["! a.scl", "A scale", " 2", " 3/2", " 2/1"];
  const wanted = parseScl(scl(...lines));
  for (const end of ["\n", "\r\n", "\r"]) {
    assertEquals(parseScl(lines.join(end)), wanted);
    assertEquals(parseScl(lines.join(end) + end), wanted);
    assertEquals(parseScl("\uFEFF" + lines.join(end)), wanted);
  }
});

Deno.test("parseScl() takes an empty description, empty lines between pitches, and no pitches", () => {
  assertEquals(parseScl(scl("", "1", "2/1")).description, "");
  assertEquals(texts(parseScl(scl("", "2", "3/2", "", " ", "2/1"))), ["3/2", "2/1"]);
  assertEquals(parseScl(scl("Nothing", "0")).size, 0);
});

Deno.test("parseScl() keeps periods that are no octave, and pitches in any order", () => {
  const scale = parseScl(scl("", "4", "300.0", "100.0", "-50.0", "3/1"));
  assertEquals([1, 2, 3, 4].map((d) => Math.round(scale.cents(d))), [300, 100, -50, 1902]);
});

Deno.test("parseScl() points at the line that is wrong", () => {
  assertEquals(fails(scl("", "2", "3/2", "What is this", "2/1")), [4, "What is this"]);
  assertEquals(fails(scl("! c", "", "! c", "2", "! c", "7/4/2", "2/1")), [6, "7/4/2"]);
  assertEquals(fails("A\r\n2\r\n 3/2\r\n 7*2\r\n"), [4, " 7*2"]);
  for (const bad of ["-3/2", "0/1", "1/0", "-3", "701,955", "3/", "/2", "1..2", "x", "  ! name"]) {
    assertEquals(fails(scl("", "1", bad)), [3, bad]);
  }
});

Deno.test("parseScl() says what is wrong with numbers that nearly are pitches", () => {
  const says = (pitch: string, words: string) =>
    assertThrows(() => parseScl(scl("", "1", pitch)), ScalaFileError, `pitch must be ${words}`);
  says("-3/2", "a positive ratio");
  says("-3", "a positive ratio, or cents with a period");
  says("5/0", "a ratio without a zero");
  says("1" + "0".repeat(1000), "at most 1000 characters long");
});

Deno.test("parseScl() points at a size that is none, or that the pitches do not match", () => {
  for (const bad of ["twelve", "-1", "1.5", "", "12x", "65537", "9".repeat(400)]) {
    assertEquals(fails(scl("A scale", bad, "2/1")), [2, bad]);
  }
  const short = scl("! c", "A scale", " 3", "3/2", "2/1");
  assertEquals(fails(short), [3, " 3"]);
  assertThrows(() => parseScl(short), ScalaFileError, "the pitches that follow, which are 2");
});

Deno.test("parseScl() says what is missing when a text ends too early", () => {
  const says = (text: string, words: string, line: number) => {
    const error = assertThrows(() => parseScl(text), ScalaFileError, `${words} must follow`);
    assertEquals(error.line, line);
  };
  says("", "the number of degrees", 1);
  says("! only\n! comments", "a description", 2);
  says("! c\nA scale\n! c\n", "the number of degrees", 3);
});

Deno.test("formatScl() writes a text from which parseScl() makes the same scale", () => {
  fc.assert(fc.property(anyScale, (scale) => {
    const text = formatScl(scale);
    const again = parseScl(text);
    assertEquals([again.description, again.names, again.comments], [
      scale.description,
      scale.names,
      scale.comments,
    ]);
    assertEquals(formatScl(again), text);
    scale.intervals.forEach((interval, i) => {
      if (interval.kind !== "steps") assertEquals(again.intervals[i], interval);
      else assert(Math.abs(centsOf(again.intervals[i]) - centsOf(interval)) < 1e-9);
    });
  }));
});

Deno.test("formatScl() writes every scale of the catalogue, and its period exactly", () => {
  for (
    const scale of [...SCALES.map((entry) => entry.scale()), equalDivision(31), meantone("2/7")]
  ) {
    const again = parseScl(formatScl(scale));
    for (let d = 0; d <= scale.size; d++) {
      assert(Math.abs(again.ratio(d) / scale.ratio(d) - 1) < 1e-12);
    }
    assertEquals(formatInterval(again.period), formatInterval(scale.period));
  }
});

Deno.test("formatScl() keeps texts apart from comments", () => {
  const scale = new Scale("! not a comment", ["3/2", "2/1"], {
    names: ["!", "! x"],
    comments: ["", "!"],
  });
  const again = parseScl(formatScl(scale));
  assertEquals([again.description, again.names, again.comments], [
    "! not a comment",
    ["!", "! x"],
    ["", "!"],
  ]);
});
