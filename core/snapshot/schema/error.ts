/** The one error of reading and writing data, and how it names places and values. @module */

/** Names and indices from the whole down to a part. */
export type Path = readonly (string | number)[];

/** Longest piece of foreign text that a message repeats. */
const CLIP = 40;

/**
 * Says which part of some data is not what it should be. `message` starts with the path.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertThrows } from "@std/assert";
 *
 * const patch = s.codec(s.object({ gains: s.array(s.number({ min: 0, max: 1 })) }));
 * assertThrows(
 *   () => patch.fromJson(`{ "gains": [0.5, 7] }`),
 *   s.SchemaError,
 *   "gains[1]: expected a number in [0, 1], got 7",
 * );
 * ```
 */
export class SchemaError extends TypeError {
  /** "SchemaError". */
  override readonly name: string = "SchemaError";
  /** Names and indices that lead to the part; empty for the whole. */
  readonly path: Path;
  /** The message without the path. */
  readonly reason: string;

  /** An error about the part at `path`; `reason` begins with what was expected. */
  constructor(path: Path, reason: string) {
    super(`${showPath(path)}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

/** `nodes[3].params.cutoff`, or "top level" for the whole. */
export function showPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]{0,63}$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${show(step)}]`;
  }
  return text === "" ? "top level" : text;
}

/** A value as a message shows it: short, whatever it is. */
export function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.length > CLIP
        ? `${JSON.stringify(value.slice(0, CLIP).toWellFormed())} and ${value.length - CLIP} more`
        : JSON.stringify(value.toWellFormed());
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "boolean":
    case "undefined":
      return String(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return `a list of ${value.length}`;
      return ArrayBuffer.isView(value) ? `${value.byteLength} bytes` : "an object";
    default:
      return `a ${typeof value}`;
  }
}

/** `"a", "b" or "c"`, clipped. */
export function showChoices(values: readonly unknown[]): string {
  const shown = values.slice(0, 24).map(show);
  if (values.length > shown.length) return `${shown.join(", ")} or ${values.length - 24} more`;
  const last = shown.pop() ?? "nothing";
  return shown.length === 0 ? last : `${shown.join(", ")} or ${last}`;
}
