/**
 * Scala keyboard mapping files (`.kbm`), read and written.
 *
 * Source: M. Op de Coul, "Keyboard mappings", help of the Scala program; how the pattern repeats
 * is as Scala's own output shows it, reported in issue 68 of surge-synthesizer/tuning-library.
 * That library widens the formal octave for patterns with degrees beyond the scale, and wants every
 * key of the pattern written out; here, as in Scala, it does not widen, and keys at the end may be
 * left out.
 *
 * @module
 */
import { KeyboardMapping, KEYS } from "./keyboard_mapping.ts";
import { ScalaFileError, type ScalaLine, splitScalaText } from "./scala_text.ts";

/** Keys that a pattern may have. */
const MAX_SIZE = 65_536;
const LIMIT = 2 ** 31 - 1;

/**
 * Reads the text of a `.kbm` file.
 *
 * A line that begins with `!` is a comment. The others are, in this order: size of the pattern (0
 * for a linear mapping), first and last key, middle key, reference key, reference frequency, formal
 * octave (0 for the size of the scale), and then the degree of each key of the pattern or `x`. As
 * the format says, unmapped keys at the end of the pattern may be left out. A comment may also
 * follow a value. Lines after the pattern are passed over; an empty line before its end is an error.
 *
 * @throws {ScalaFileError} With line and text, if the text is not such a file.
 *
 * @example
 * ```ts
 * import { parseKbm } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const mapping = parseKbm(`! Size of map
 * 3
 * ! First and last key
 * 0
 * 127
 * ! Middle key, reference key, its frequency
 * 60
 * 69
 * 440.0
 * ! Formal octave
 * 7
 * ! Mapping
 * 0
 * x
 * 4
 * `);
 * assertEquals(mapping.degrees, [0, undefined, 4]);
 * assertEquals(mapping.degree(63, 7), 7);
 * ```
 */
export function parseKbm(text: string): KeyboardMapping {
  const { lines: all, last } = splitScalaText(text);
  const lines = all.slice(0, all.findLastIndex((line) => line.text.trim() !== "") + 1);
  let next = 0;
  const field = (what: string, min: number, max = LIMIT): number => {
    const line = lines[next++];
    if (line !== undefined) return readWhole(line, what, min, max);
    throw new ScalaFileError(".kbm", last, `${what} must follow, but the text ends`);
  };
  const size = field("size of the pattern", 0, MAX_SIZE);
  const firstKey = field("first key", 0, KEYS - 1);
  const lastKey = field("last key", firstKey, KEYS - 1);
  const middleKey = field("middle key", -LIMIT);
  const referenceKey = field("reference key", -LIMIT);
  if (lines[next] === undefined) {
    throw new ScalaFileError(".kbm", last, "reference frequency must follow, but the text ends");
  }
  const referenceFrequency = readFrequency(lines[next++]);
  const formalOctave = field("formal octave", 0);
  const given = lines.slice(next, next + size).map(readDegree);
  const degrees = Array.from({ length: size }, (_, i) => given[i]);
  return new KeyboardMapping({
    degrees,
    firstKey,
    lastKey,
    middleKey,
    referenceKey,
    referenceFrequency,
    formalOctave,
  });
}

/** The value of a line without a comment behind it. */
function valueOf(line: ScalaLine): string {
  return line.text.replace(/!.*$/s, "").trim();
}

function readWhole(line: ScalaLine, what: string, min: number, max: number): number {
  const value = valueOf(line);
  const number = Number(value);
  if (/^[+-]?\d+$/.test(value) && number >= min && number <= max) return number + 0;
  const wanted = `${what} must be a whole number in [${min}, ${max}]`;
  throw new ScalaFileError(".kbm", line, wanted, value);
}

function readFrequency(line: ScalaLine): number {
  const value = valueOf(line);
  const number = Number(value);
  if (
    /^\+?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(value) && number > 0 && number < Infinity
  ) {
    return number;
  }
  const wanted = "reference frequency must be a positive number of Hz such as 440.0";
  throw new ScalaFileError(".kbm", line, wanted, value);
}

function readDegree(line: ScalaLine): number | undefined {
  const value = valueOf(line);
  if (value === "x" || value === "X") return undefined;
  const number = Number(value);
  if (/^[+-]?\d+$/.test(value) && Math.abs(number) <= LIMIT) return number + 0;
  const wanted = `degree must be x or a whole number in [${-LIMIT}, ${LIMIT}]`;
  throw new ScalaFileError(".kbm", line, wanted, value);
}

/**
 * Writes a keyboard mapping as the text of a `.kbm` file, with the usual comments.
 *
 * @example Reading gives the mapping back
 * ```ts
 * import { formatKbm, parseKbm, whiteKeys } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const mapping = whiteKeys({ referenceKey: 69, referenceFrequency: 440 });
 * assertEquals(parseKbm(formatKbm(mapping)), mapping);
 * ```
 */
export function formatKbm(mapping: KeyboardMapping): string {
  const fields: [comment: string, value: number][] = [
    ["Size of the pattern, 0 for a linear mapping", mapping.size],
    ["First key to tune", mapping.firstKey],
    ["Last key to tune", mapping.lastKey],
    ["Middle key, on which the pattern starts", mapping.middleKey],
    ["Reference key", mapping.referenceKey],
    ["Frequency of the reference key in Hz", mapping.referenceFrequency],
    ["Formal octave in degrees, 0 for the size of the scale", mapping.formalOctave],
  ];
  return [
    ...fields.flatMap(([comment, value]) => [`! ${comment}`, String(value)]),
    "! Degree of each key of the pattern, x for none",
    ...mapping.degrees.map((degree) => degree === undefined ? "x" : String(degree)),
    "",
  ].join("\n");
}
