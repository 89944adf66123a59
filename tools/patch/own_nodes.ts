/**
 * Node types from modules of the user's own, which may change while they play.
 *
 * @module
 */
import type { AnyNodeDefinition } from "../../core/snapshot/mod.ts";
import { definitionsIn } from "./library.ts";
import { type ModuleFile, readModule } from "./module_file.ts";

/** The node types that some modules export. */
export class OwnNodes {
  readonly paths: readonly string[];
  /** All types; of two with one name the one that is exported last. */
  readonly types: readonly AnyNodeDefinition[];
  readonly #modules: readonly ModuleFile[];

  private constructor(paths: readonly string[], modules: readonly ModuleFile[]) {
    this.paths = paths;
    this.#modules = modules;
    const types = modules.flatMap(({ exports }, k) => {
      const found = definitionsIn(exports);
      if (found.length > 0) return found;
      throw new TypeError(`${paths[k]}: it exports no node, expected one made by defineNode`);
    });
    this.types = [...new Map(types.map((type) => [type.name, type])).values()];
  }

  /**
   * Imports the modules.
   *
   * @throws {UsageError} If a file cannot be read
   * @throws {TypeError} If one is no module, throws, or exports no node: its name and why, in one line
   */
  static async open(paths: readonly string[]): Promise<OwnNodes> {
    return new OwnNodes(paths, await Promise.all(paths.map((path) => readModule(path))));
  }

  /** The modules as their files are now. @throws As {@linkcode OwnNodes.open} does */
  async again(): Promise<OwnNodes> {
    const modules = this.paths.map((path, k) => readModule(path, this.#modules[k]));
    return new OwnNodes(this.paths, await Promise.all(modules));
  }
}
