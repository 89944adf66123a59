/** What `.scl` and `.kbm` files have in common: lines, comments, and errors that point at a line. @module */

/**
 * A Scala file that cannot be read: where and what the offending line is.
 *
 * @example
 * ```ts
 * import { parseScl, ScalaFileError } from "@aether/dsp/tuning";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const text = "! bad.scl\nA bad scale\n2\n5/4\nwhat is this\n";
 * const error = assertThrows(() => parseScl(text), ScalaFileError);
 * assertEquals([error.line, error.text], [5, "what is this"]);
 * assertEquals(
 *   error.message,
 *   "Cannot read .scl line 5: pitch must be a ratio such as 3/2 or cents with a period such as " +
 *     '701.955, current value is "what is this"',
 * );
 * ```
 */
export class ScalaFileError extends SyntaxError {
  /** Number of the line, from 1. */
  readonly line: number;
  /** The whole line, without its end. */
  readonly text: string;

  /** Says what was wanted of the line and what `value` it has. */
  constructor(format: ".scl" | ".kbm", line: ScalaLine, wanted: string, value: string = line.text) {
    const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
    super(
      `Cannot read ${format} line ${line.number}: ${wanted}, ` +
        `current value is ${JSON.stringify(shown)}`,
    );
    this.name = "ScalaFileError";
    this.line = line.number;
    this.text = line.text;
  }
}

/** A line of a file with its number, from 1. */
export interface ScalaLine {
  readonly number: number;
  readonly text: string;
}

/** A file taken apart. */
export interface ScalaText {
  /** The lines that are not comments, empty ones too. */
  readonly lines: readonly ScalaLine[];
  /** The comments without their exclamation mark. */
  readonly comments: readonly string[];
  /** The last line of all, to point at when the file ends too early. */
  readonly last: ScalaLine;
}

/** Takes a text apart. Lines end with LF, CR LF or CR; a byte order mark is dropped. */
export function splitScalaText(text: string): ScalaText {
  const all = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  if (all.length > 1 && all.at(-1) === "") all.pop(); // the end of the last line begins no other
  const lines: ScalaLine[] = [];
  const comments: string[] = [];
  all.forEach((text, i) => {
    if (text.startsWith("!")) comments.push(text.slice(1).replace(/^ /, "").trimEnd());
    else lines.push({ number: i + 1, text });
  });
  return { lines, comments, last: { number: all.length, text: all[all.length - 1] } };
}

/** Comments as lines of a file. */
export function scalaComments(comments: readonly string[]): string[] {
  return comments.map((comment) => comment === "" ? "!" : `! ${comment}`);
}
