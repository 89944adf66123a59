/** The error of a `tick` that is not in the kernel language. @module */

/** Where a refused piece of source text stands, and why it is refused. */
export interface KernelErrorDetails {
  /** Name of the node type. */
  readonly node: string;
  /** The refused source text, shortened. */
  readonly text: string;
  /** Why it is refused. */
  readonly reason: string;
  /** What to do instead. */
  readonly remedy: string;
  /** The function in which it stands: "tick" or `helper "name"`. */
  readonly inside: string;
  /** Line within the function's source text as the runtime gives it, from 1. */
  readonly line: number;
  /** Column in that line, from 1. */
  readonly column: number;
  /** Where the runtime says that the node is defined, "file:line:column", or "". */
  readonly where: string;
}

/**
 * A `tick` (or a helper it calls) uses something that a kernel cannot do.
 *
 * A runtime gives a function's source text as it runs it: without types and perhaps printed anew.
 * So `file`, `fileLine` and `fileColumn` are where the definition begins, and `line` and `column` count
 * within the text of the function named by `inside`.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { KernelError } from "./kernel_error.ts";
 *
 * const error = new KernelError({
 *   node: "osc",
 *   text: "new Array(3)",
 *   reason: "a kernel may not allocate",
 *   remedy: "declare an array in `state`",
 *   inside: "tick",
 *   line: 2,
 *   column: 5,
 *   where: "osc.ts:12:7",
 * });
 * assertEquals(
 *   error.message,
 *   'Cannot compile node "osc" (osc.ts:12:7, tick line 2:5): `new Array(3)`: ' +
 *     "a kernel may not allocate; declare an array in `state`",
 * );
 * assertEquals([error.file, error.fileLine], ["osc.ts", 12]);
 * ```
 */
export class KernelError extends SyntaxError {
  /** "KernelError". */
  override readonly name = "KernelError";
  /** Name of the node type. */
  readonly node: string;
  /** File of the definition where the runtime tells it, else "". */
  readonly file: string;
  /** Line of the definition in that file, 0 if not known. */
  readonly fileLine: number;
  /** Column of the definition in that line, 0 if not known. */
  readonly fileColumn: number;
  /** The function in which the text stands: "tick" or `helper "name"`. */
  readonly inside: string;
  /** Line within that function's source text, from 1. */
  readonly line: number;
  /** Column in that line, from 1. */
  readonly column: number;
  /** The refused source text, shortened. */
  readonly text: string;
  /** Why it is refused. */
  readonly reason: string;
  /** What to do instead. */
  readonly remedy: string;

  /** Composes the message from the parts. */
  constructor(details: KernelErrorDetails) {
    const { node, text, reason, remedy, inside, line, column, where } = details;
    const place = `${where ? where + ", " : ""}${inside} line ${line}:${column}`;
    super(`Cannot compile node "${node}" (${place}): \`${text}\`: ${reason}; ${remedy}`);
    const [, file, fileLine, fileColumn] = /^(.*?)(?::(\d+))?(?::(\d+))?$/.exec(where) ?? [];
    this.node = node;
    this.file = file ?? "";
    this.fileLine = Number(fileLine ?? 0);
    this.fileColumn = Number(fileColumn ?? 0);
    this.inside = inside;
    this.line = line;
    this.column = column;
    this.text = text;
    this.reason = reason;
    this.remedy = remedy;
  }
}
