/**
 * Modules that may change while what they export plays.
 *
 * @module
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readText } from "./read_patch.ts";

/** A module as it was read last. */
export interface ModuleFile {
  readonly text: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Modules that were imported so far: a runtime reads each address once. */
let imports = 0;

/**
 * Imports a module as its file is now; `before` is what it was, and stays so if the text is the same.
 * What it imports itself is not read again.
 *
 * @throws {UsageError} If the file cannot be read
 * @throws {TypeError} If it is no module, or throws: its name and why, in one line
 */
export async function readModule(path: string, before?: ModuleFile): Promise<ModuleFile> {
  const text = await readText(path);
  if (text === before?.text) return before;
  const { href } = pathToFileURL(resolve(path));
  try {
    return { text, exports: await import(`${href}?edition=${++imports}`) };
  } catch (error) {
    throw new TypeError(`${path}: ${sayError(error)}`);
  }
}

/** What an error says, in one line and with the names that files have. */
export function sayError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\?edition=\d+/g, "").replaceAll(/\s*\n[\s|]*/g, " ");
}
