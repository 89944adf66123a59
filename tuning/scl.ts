/**
 * Scala scale files (`.scl`), read and written.
 *
 * Source: M. Op de Coul, "Scala scale file format", Huygens-Fokker Foundation.
 *
 * @module
 */
import { cents, centsOf, type Interval } from "./interval.ts";
import { formatInterval, readPitch } from "./interval_text.ts";
import { scalaComments, ScalaFileError, type ScalaLine, splitScalaText } from "./scala_text.ts";
import { Scale } from "./scale.ts";

/** Degrees that a file may have; the format allows a reader to have a limit. */
const MAX_SIZE = 65_536;

/**
 * Reads the text of a `.scl` file.
 *
 * A line that begins with `!` is a comment. The first other line is the description, the second the
 * number of degrees, then comes one pitch a line: a ratio (`3/2`, `2`), or cents if it has a period
 * (`701.955`, `-5.0`, `408.`). What follows a pitch after a space names the degree. Empty lines
 * between pitches, and all lines after the last, are passed over. Pitches may come in any order.
 *
 * @throws {ScalaFileError} With line and text, if the text is not such a file.
 *
 * @example
 * ```ts
 * import { formatInterval, parseScl } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const scale = parseScl(`! triad.scl
 * !
 * A triad
 *  3
 * !
 *  5/4    E
 *  702.   ! nearly pure
 *  2
 * `);
 * assertEquals(scale.description, "A triad");
 * assertEquals(scale.intervals.map(formatInterval), ["5/4", "702.0", "2/1"]);
 * assertEquals(scale.names, ["E", "nearly pure", ""]);
 * ```
 */
export function parseScl(text: string): Scale {
  const { lines, comments, last } = splitScalaText(text);
  const [description, count, ...rest] = lines;
  if (count === undefined) {
    const wanted = description === undefined ? "a description" : "the number of degrees";
    throw new ScalaFileError(".scl", last, `${wanted} must follow, but the text ends`);
  }
  const size = readSize(count);
  const intervals: Interval[] = [];
  const names: string[] = [];
  for (const line of rest) {
    if (intervals.length === size) break;
    if (line.text.trim() === "") continue;
    const [interval, name] = readLine(line);
    intervals.push(interval);
    names.push(name);
  }
  if (intervals.length < size) {
    const found =
      `number of degrees must match the pitches that follow, which are ${intervals.length}`;
    throw new ScalaFileError(".scl", count, found, count.text.trim());
  }
  return new Scale(description.text, intervals, { names, comments });
}

function readSize(line: ScalaLine): number {
  const digits = /^\s*(\d+)(?=\s|!|$)/.exec(line.text)?.[1];
  const size = Number(digits);
  if (digits !== undefined && size <= MAX_SIZE) return size;
  throw new ScalaFileError(
    ".scl",
    line,
    `number of degrees must be a whole number in [0, ${MAX_SIZE}]`,
  );
}

/** A pitch, ended by a space, an exclamation mark or the line, and the name after it. */
function readLine(line: ScalaLine): [interval: Interval, name: string] {
  const text = closeRatio(line.text.trim());
  const end = text.search(/[\s!]/);
  const pitch = readPitch(end < 0 ? text : text.slice(0, end));
  if (typeof pitch === "object") {
    return [pitch, end < 0 ? "" : text.slice(end).trim().replace(/^!/, "").trim()];
  }
  const wanted = pitch ?? "a ratio such as 3/2 or cents with a period such as 701.955";
  throw new ScalaFileError(".scl", line, `pitch must be ${wanted}`, line.text.trim());
}

/** `3 / 2` is `3/2`: the format ignores spaces, and between digits they cannot begin a name. */
function closeRatio(text: string): string {
  return text.replace(/^(\d+)[ \t]*\/[ \t]*(?=\d)/, "$1/");
}

/**
 * Writes a scale as the text of a `.scl` file. Ratios and cents keep every digit; steps of equal
 * divisions, which the format does not know, become cents, and whole periods of them ratios.
 *
 * @example Reading gives the scale back
 * ```ts
 * import { formatScl, parseScl, Scale } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const scale = new Scale("A triad", ["5/4", "701.955", "2/1"], { comments: ["triad.scl"] });
 * assertEquals(formatScl(scale), "! triad.scl\nA triad\n 3\n 5/4\n 701.955\n 2/1\n");
 * assertEquals(formatScl(parseScl(formatScl(scale))), formatScl(scale));
 * ```
 */
export function formatScl(scale: Scale): string {
  const { description, intervals, names, comments } = scale;
  return [
    ...scalaComments(comments),
    description.startsWith("!") ? ` ${description}` : description,
    ` ${intervals.length}`,
    ...intervals.map((interval, i) => ` ${pitchText(interval)}${names[i] && ` ! ${names[i]}`}`),
    "",
  ].join("\n");
}

function pitchText(interval: Interval): string {
  if (interval.kind !== "steps") return formatInterval(interval);
  if (interval.steps === interval.divisions) return formatInterval(interval.period);
  return formatInterval(cents(centsOf(interval)));
}
