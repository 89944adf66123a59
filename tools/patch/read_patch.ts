/**
 * Patch files, read and checked.
 *
 * @module
 */
import { type GraphSnapshot, LIMITS } from "../../core/snapshot/mod.ts";
import { CODEC } from "./library.ts";
import { readBounded } from "./read_bounded.ts";
import { UsageError } from "./usage_error.ts";

/**
 * The patch in a file.
 *
 * @param codec Knows the node types that it may use. Default: the library's.
 * @throws {UsageError} If the file cannot be read
 * @throws {TypeError} If it is no patch: the file, the place in it and what is wrong there, in one line
 */
export async function readPatch(path: string, codec = CODEC): Promise<GraphSnapshot> {
  const text = await readText(path);
  try {
    return codec.fromJson(text);
  } catch (error) {
    throw new TypeError(`${path}: ${oneLine((error as Error).message)}`);
  }
}

/** The text in a file. @throws {UsageError} If it cannot be read, or is longer than any patch */
export async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readBounded(path, LIMITS.size));
  } catch (error) {
    throw new UsageError(`Cannot read "${path}": ${reason(error)}`);
  }
}

/** Writes a text file. @throws {UsageError} If it cannot be written */
export async function writeText(path: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text);
  } catch (error) {
    throw new UsageError(`Cannot write "${path}": ${reason(error)}`);
  }
}

/** Why a path leads nowhere, by the codes of the system. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of it is no folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
};

/** Whether an error is about a path, not about what is in the file. */
export function isPathError(error: unknown): boolean {
  return Object.hasOwn(REASONS, (error as { code?: string }).code ?? "");
}

/** Why a file could not be opened. */
export function reason(error: unknown): string {
  const { code = "", message } = error as { code?: string; message: string };
  return Object.hasOwn(REASONS, code) ? REASONS[code] : oneLine(message);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
