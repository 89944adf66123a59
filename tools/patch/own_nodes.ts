/**
 * Node types from modules of the user's own, which may change while they play.
 *
 * @module
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AnyNodeDefinition } from "../../core/snapshot/mod.ts";
import { definitionsIn } from "./library.ts";
import { readText } from "./read_patch.ts";
import { isSameDefinition } from "./same_definition.ts";

/** A module as it was read last. */
interface Edition {
  readonly text: string;
  readonly types: readonly AnyNodeDefinition[];
}

/** Modules that were imported so far: a runtime reads each address once. */
let imports = 0;

/** The node types that some modules export. */
export class OwnNodes {
  readonly paths: readonly string[];
  #editions: readonly Edition[];

  private constructor(paths: readonly string[], editions: readonly Edition[]) {
    this.paths = paths;
    this.#editions = editions;
  }

  /**
   * Imports the modules.
   *
   * @throws {UsageError} If a file cannot be read
   * @throws {TypeError} If one is no module, throws, or exports no node: its name and why, in one line
   */
  static async open(paths: readonly string[]): Promise<OwnNodes> {
    return new OwnNodes(paths, await Promise.all(paths.map((path) => read(path))));
  }

  /** All types; of two with one name the one that is exported last. */
  get types(): AnyNodeDefinition[] {
    const types = this.#editions.flatMap(({ types }) => types);
    return [...new Map(types.map((type) => [type.name, type])).values()];
  }

  /**
   * The modules as their files are now. A definition that says the same as before is the same object.
   * What a module imports is not read again.
   *
   * @throws As {@linkcode OwnNodes.open} does
   */
  async again(): Promise<OwnNodes> {
    const editions = this.paths.map((path, k) => read(path, this.#editions[k]));
    return new OwnNodes(this.paths, await Promise.all(editions));
  }
}

/** What an error says, in one line and with the names that files have. */
export function sayError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\?edition=\d+/g, "").replaceAll(/\s*\n[\s|]*/g, " ");
}

async function read(path: string, before?: Edition): Promise<Edition> {
  const text = await readText(path);
  if (text === before?.text) return before;
  const { href } = pathToFileURL(resolve(path));
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(`${href}?edition=${++imports}`);
  } catch (error) {
    throw new TypeError(`${path}: ${sayError(error)}`);
  }
  const types = definitionsIn(exports).map((type) =>
    before?.types.find((old) => isSameDefinition(old, type)) ?? type
  );
  if (types.length === 0) {
    throw new TypeError(`${path}: it exports no node, expected one made by defineNode`);
  }
  return { text, types };
}
