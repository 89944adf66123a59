/** Any text is either read or refused with the line that is to blame. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatKbm,
  formatScl,
  parseKbm,
  parseScl,
  ScalaFileError,
  Tuning,
} from "@aether/dsp/tuning";

const linesOf = (text: string) => text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);

/** Reads a text; if it is refused, checks that the error points into it. */
function read<T>(parse: (text: string) => T, text: string): T | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof ScalaFileError)) throw error;
    assertEquals(linesOf(text)[error.line - 1], error.text);
    assert(error.message.includes(`line ${error.line}: `));
    assert(error.message.length < 300, "a message shows long lines shortened");
  }
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.array(
    fc.oneof(
      fc.constantFrom("", " ", "!", "! c", "x", "0", "1", "2", "3", "7", "12", "60", "69", "127"),
      fc.constantFrom("440.0", "3/2", "2/1", "701.955", "-5.0", "5 / 4 E", "1/0", "-3/2", "1e400"),
      fc.integer().map(String),
      fc.double().map(String),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 16 },
  ).chain((lines) => fc.constantFrom("\n", "\r\n", "\r").map((end) => lines.join(end))),
);

/** A text with some characters taken out, doubled or replaced. */
const damaged = (text: string) =>
  fc.array(
    fc.tuple(fc.nat(text.length), fc.nat(3), fc.string({ unit: "binary", maxLength: 2 })),
    { maxLength: 5 },
  ).map((edits) =>
    edits.reduce((t, [at, length, insert]) => t.slice(0, at) + insert + t.slice(at + length), text)
  );

const SCL = "! a.scl\nA scale\n 4\n!\n 5/4 E\n 701.955\n -5.0\n 2/1\n";
const KBM = "! a.kbm\n3\n0\n127\n60\n69\n440.0\n7\n! map\n0\nx\n4\n";

Deno.test("parseScl() reads any text or refuses it with line and text", () => {
  const texts = fc.oneof(anyText, damaged(SCL));
  fc.assert(
    fc.property(texts, (text) => {
      const scale = read(parseScl, text);
      if (scale === undefined) return;
      const written = formatScl(scale);
      assertEquals(formatScl(parseScl(written)), written);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("parseKbm() reads any text or refuses it with line and text", () => {
  const texts = fc.oneof(anyText, damaged(KBM));
  fc.assert(
    fc.property(texts, (text) => {
      const mapping = read(parseKbm, text);
      if (mapping !== undefined) assertEquals(parseKbm(formatKbm(mapping)), mapping);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("a scale and a mapping that were read make a tuning or a RangeError", () => {
  fc.assert(
    fc.property(damaged(SCL), damaged(KBM), (scl, kbm) => {
      const scale = read(parseScl, scl);
      const mapping = read(parseKbm, kbm);
      if (scale === undefined || mapping === undefined) return;
      try {
        const tuning = new Tuning(scale, mapping);
        assertEquals(tuning.frequency(mapping.referenceKey), mapping.referenceFrequency);
      } catch (error) {
        assert(error instanceof RangeError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("hostile texts are refused without much work", () => {
  const long = "9".repeat(200_000);
  const texts = [
    long,
    `\n1\n${long}/${long}`,
    `\n1\n${long}.`,
    `\n${long}\n2/1`,
    `\n65536\n${"\n".repeat(200_000)}`,
    `\n1\n${" ".repeat(200_000)}x`,
    `\n1\n1${" ".repeat(200_000)}/x`,
    "!".repeat(200_000),
    "\r".repeat(200_000),
  ];
  for (const text of texts) {
    read(parseScl, text);
    read(parseKbm, text);
    read(parseKbm, `65536\n0\n127\n60\n60\n1\n0\n${text}`);
    read(parseKbm, `0\n0\n127\n60\n60\n${text}x\n0\n`);
  }
});
