/**
 * Command lines of the patch tools: which options there are, and what their values may be.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { WavFormat } from "../../drivers/offline.ts";
import { UsageError } from "./usage_error.ts";

/** Options with a text, by name, with the letter that is short for them. */
type TextOptions = Readonly<Record<string, string | undefined>>;

/** A command line that was taken apart. */
export interface CommandLine {
  readonly help: boolean;
  /** Modules with nodes of the user's own. All tools take them. */
  readonly nodes: readonly string[];
  /** What is not an option. */
  readonly files: readonly string[];
  /** Texts of the options that were given. */
  readonly texts: Readonly<Record<string, string | undefined>>;
}

const FORMATS: Readonly<Record<string, WavFormat>> = {
  16: "pcm16",
  24: "pcm24",
  32: "float32",
  float: "float32",
};

/** Takes a command line apart. @throws {UsageError} With a sentence that names the option. */
export function readCommandLine(args: readonly string[], options: TextOptions): CommandLine {
  const entries = Object.entries(options).map(([name, short]) => {
    return [name, { type: "string" as const, ...(short === undefined ? {} : { short }) }];
  });
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        nodes: { type: "string", multiple: true },
        ...Object.fromEntries(entries),
      },
    });
    const { help, nodes, ...texts } = values as Record<string, unknown>;
    return {
      help: help === true,
      nodes: (nodes ?? []) as readonly string[],
      files: positionals,
      texts: texts as CommandLine["texts"],
    };
  } catch (error) {
    // node:util tells a value that is missing and an option that does not exist in several sentences.
    const [sentence] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(sentence);
  }
}

/** The one file of a command line. @throws {UsageError} If there is none, or more than one */
export function onlyFile({ files }: CommandLine): string {
  if (files.length === 1) return files[0];
  throw new UsageError(`Expected the path of one patch file, got ${files.length}`);
}

/** The number that an option gives. @throws {UsageError} If it is none, or out of range */
export function numberOption(
  { texts }: CommandLine,
  name: string,
  { min, max, whole = false }: {
    readonly min: number;
    readonly max: number;
    readonly whole?: boolean;
  },
): number | undefined {
  const text = texts[name];
  if (text === undefined) return undefined;
  const value = Number(text.trim() === "" ? NaN : text);
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(
    `Cannot use --${name}: it must be a ${whole ? "whole " : ""}number in [${min}, ${max}], ` +
      `current value is "${text}"`,
  );
}

/** The form of samples that `--bits` names. @throws {UsageError} If there is no such form */
export function formatOption({ texts: { bits = "24" } }: CommandLine): WavFormat {
  if (Object.hasOwn(FORMATS, bits)) return FORMATS[bits];
  throw new UsageError(`Cannot use --bits: it must be 16, 24 or float, current value is "${bits}"`);
}
