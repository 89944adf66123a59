/**
 * A patch file as something to play, which may change while it plays: the file, and modules with
 * node types of the user's own.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { type AnyNodeDefinition, load, restore } from "../../core/snapshot/mod.ts";
import { Engine } from "../../drivers/parallel.ts";
import { type Engine as AnyEngine, hotReload, type Table } from "../../mod.ts";
import { libraryWith } from "../../tools/patch/library.ts";
import { OwnNodes, sayError } from "../../tools/patch/own_nodes.ts";
import { readPatch } from "../../tools/patch/read_patch.ts";
import { readSamples } from "../../tools/patch/read_samples.ts";

/** Milliseconds without another change after which a file counts as saved. */
const SETTLED_MS = 50;

/** What an engine for a patch is made with, where that is not the patch's own affair. */
export interface PatchOptions {
  readonly blockFrames: number;
  /** Default: the patch's. */
  readonly sampleRate?: number;
  /** Modules whose node types the patch may use beside the library's. Default: none. */
  readonly nodes?: readonly string[];
  /** Helper threads that render beside the audio thread. Default 0. */
  readonly workers?: number;
  /** Called with the number of a helper that is not there any more. */
  readonly onHelperLost?: (helper: number) => void;
}

/** A patch that can be played, and followed while its files change. */
export class PatchPlayer {
  readonly engine: Engine;
  /** What the patch calls itself, or its file's name. */
  readonly title: string;
  readonly #path: string;
  #own: OwnNodes;
  /** Reloads come one after another. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, title: string, engine: Engine, own: OwnNodes) {
    this.#path = path;
    this.title = title;
    this.engine = engine;
    this.#own = own;
  }

  /** An engine that plays the patch in a file. @throws {Error} With one line about what is wrong with it */
  static async open(path: string, options: PatchOptions): Promise<PatchPlayer> {
    const { nodes = [], workers = 0, onHelperLost, ...engineOptions } = options;
    const own = await OwnNodes.open(nodes);
    const library = libraryWith(own.types);
    const patch = await readPatch(path, library.codec);
    const samples = await readSamples(path, patch);
    const engine = restore(patch, {
      types: library.types,
      samples,
      ...engineOptions,
      make: (options) => new Engine({ ...options, workers, onHelperLost }),
    });
    return new PatchPlayer(path, patch.title ?? basename(path), engine, own);
  }

  /**
   * Reads the files again. Nodes whose code has changed get the new one, with the state they have; the
   * graph becomes what the patch says now. What is in both goes on undisturbed, the rest is
   * crossfaded. If one of the files cannot be used, nothing changes.
   *
   * @returns What happened, in one line.
   */
  reload(): Promise<string> {
    const told = this.#last.then(() => this.#reload()).catch((error) =>
      `${sayError(error)}; playing on as before`
    );
    this.#last = told;
    return told;
  }

  /** Reloads whenever one of the files is saved. @returns Ends it. */
  watch(say: (line: string) => void): () => void {
    const files = [this.#path, ...this.#own.paths];
    const names = new Set(files.map((file) => basename(file)));
    // The folders: many editors save by putting a new file in the place of the old one.
    const watcher = Deno.watchFs([...new Set(files.map(dirname))], { recursive: false });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const reload = async () => say(await this.reload());
    const follow = async () => {
      for await (const { kind, paths } of watcher) {
        if (kind === "access" || !paths.some((path) => names.has(basename(path)))) continue;
        clearTimeout(timer);
        timer = setTimeout(reload, SETTLED_MS);
      }
    };
    follow();
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  }

  async #reload(): Promise<string> {
    const own = await this.#own.again();
    const library = libraryWith(own.types);
    const patch = await readPatch(this.#path, library.codec);
    const samples = await readSamples(this.#path, patch);
    const { engine } = this;
    const changed = changedTypes(engine, library.types);
    engine.edit(() => {
      for (const [before, after] of changed) hotReload(engine, before, after);
    });
    const before = tablesOf(engine);
    let size: number;
    try {
      size = load(engine, patch, { types: library.types, samples }).size;
    } catch (error) {
      if (changed.size > 0) engine.undo();
      throw error;
    }
    // Nobody undoes this, so sample data that no node has any more need not be kept.
    for (const table of before.difference(tablesOf(engine))) table.free();
    this.#own = own;
    return this.#tell(size, [...changed.values()]);
  }

  #tell(size: number, types: readonly AnyNodeDefinition[]): string {
    const changes = size === 0 ? "no changes" : size === 1 ? "1 change" : `${size} changes`;
    if (types.length === 0) return `Loaded ${this.#path}: ${changes}`;
    const news = `new code for ${types.map(({ name }) => name).join(", ")}`;
    return `Loaded ${this.#own.paths.join(", ")}: ${news}${size === 0 ? "" : `; ${changes}`}`;
  }
}

/** Definitions that nodes of an engine have, with those that have their names now, where they differ. */
function changedTypes(
  engine: AnyEngine,
  types: readonly AnyNodeDefinition[],
): Map<AnyNodeDefinition, AnyNodeDefinition> {
  const byName = new Map(types.map((type) => [type.name, type]));
  const changed = new Map<AnyNodeDefinition, AnyNodeDefinition>();
  for (const { record: { type: { definition } } } of engine.nodes) {
    const now = byName.get(definition.name);
    if (now !== undefined && now !== definition) changed.set(definition, now);
  }
  return changed;
}

/** The sample data that nodes have. */
function tablesOf(engine: AnyEngine): Set<Table> {
  const slots = engine.nodes.flatMap((node) => Object.values(node.tables));
  return new Set(slots.map(({ value }) => value).filter((table) => table !== null));
}
