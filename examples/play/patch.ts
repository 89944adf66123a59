/**
 * A patch file, or a program that builds a graph, as something to play which may change while it
 * plays: the file, and modules with node types of the user's own.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { type AnyNodeDefinition, load, restore } from "../../core/snapshot/mod.ts";
import { Engine } from "../../drivers/parallel.ts";
import { type Engine as AnyEngine, hotReload, type Table } from "../../mod.ts";
import { libraryWith } from "../../tools/patch/library.ts";
import { type ModuleFile, readModule, sayError } from "../../tools/patch/module_file.ts";
import { OwnNodes } from "../../tools/patch/own_nodes.ts";
import { runProgram, type Sheet } from "../../tools/patch/program.ts";
import { readPatch } from "../../tools/patch/read_patch.ts";
import { readSamples } from "../../tools/patch/read_samples.ts";
import { isSameDefinition } from "../../tools/patch/same_definition.ts";

/** Milliseconds without another change after which a file counts as saved. */
const SETTLED_MS = 50;

/** What an engine for a patch is made with, where that is not the patch's own affair. */
export interface PatchOptions {
  readonly blockFrames: number;
  /** Default: the patch's. */
  readonly sampleRate?: number;
  /**
   * Modules whose node types the patch may use beside the library's; they take the places of others of
   * their names, also in a program. Default: none.
   */
  readonly nodes?: readonly string[];
  /** Helper threads that render beside the audio thread. Default 0. */
  readonly workers?: number;
  /** Called with the number of a helper that is not there any more. */
  readonly onHelperLost?: (helper: number) => void;
}

/** A patch or a program that can be played, and followed while its files change. */
export class PatchPlayer {
  readonly engine: Engine;
  /** What the patch calls itself, or its file's name. */
  readonly title: string;
  readonly #files: Files;
  /** Reloads come one after another. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(engine: Engine, title: string, files: Files) {
    this.engine = engine;
    this.title = title;
    this.#files = files;
  }

  /** An engine that plays what is in a file. @throws {Error} With one line about what is wrong with it */
  static async open(path: string, options: PatchOptions): Promise<PatchPlayer> {
    const { nodes = [], workers = 0, onHelperLost, ...engineOptions } = options;
    const files = new Files(path, nodes);
    const { graph, samples, types } = await files.read(options.sampleRate);
    const engine = restore(graph, {
      types,
      samples,
      ...engineOptions,
      make: (options) => new Engine({ ...options, workers, onHelperLost }),
    });
    return new PatchPlayer(engine, graph.title ?? basename(path), files);
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
    const files = [this.#files.path, ...this.#files.nodes];
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
    const { engine } = this;
    const { graph, samples, types } = await this.#files.read(engine.sampleRate);
    const { now, changed } = compareTypes(engine, types);
    engine.edit(() => {
      for (const [before, after] of changed) hotReload(engine, before, after);
    });
    const before = tablesOf(engine);
    let size: number;
    try {
      size = load(engine, graph, { types: now, samples }).size;
    } catch (error) {
      if (changed.size > 0) engine.undo();
      throw error;
    }
    // Nobody undoes this, so sample data that no node has any more need not be kept.
    for (const table of before.difference(tablesOf(engine))) table.free();
    return this.#tell(size, [...changed.keys()]);
  }

  #tell(size: number, types: readonly AnyNodeDefinition[]): string {
    const changes = size === 0 ? "no changes" : size === 1 ? "1 change" : `${size} changes`;
    const news = types.length === 0 ? [] : [`new code for ${types.map((t) => t.name).join(", ")}`];
    if (size > 0 || news.length === 0) news.push(changes);
    return `Loaded ${this.#files.path}: ${news.join("; ")}`;
  }
}

/** The files of a patch or program, as they were read last. */
class Files {
  #own: OwnNodes | undefined;
  #program: ModuleFile | undefined;

  constructor(readonly path: string, readonly nodes: readonly string[]) {}

  /** What they say now. @throws {Error} With one line about what is wrong */
  async read(sampleRate: number | undefined): Promise<Sheet> {
    const { path } = this;
    const own = this.#own = await (this.#own?.again() ?? OwnNodes.open(this.nodes));
    if (!/\.[cm]?[jt]s$/.test(path)) {
      const { types, codec } = libraryWith(own.types);
      const graph = await readPatch(path, codec);
      return { graph, types, samples: await readSamples(path, graph) };
    }
    const program = this.#program = await readModule(path, this.#program);
    const sheet = await runProgram(path, program, sampleRate);
    const names = new Set(own.types.map(({ name }) => name));
    return {
      ...sheet,
      types: [...sheet.types.filter(({ name }) => !names.has(name)), ...own.types],
    };
  }
}

/**
 * Sets definitions that were just read against those that an engine's nodes have: `changed` has the old
 * and the new one of those that differ; of the others the engine's own are among `now`.
 */
function compareTypes(engine: AnyEngine, types: readonly AnyNodeDefinition[]): {
  now: AnyNodeDefinition[];
  changed: Map<AnyNodeDefinition, AnyNodeDefinition>;
} {
  const used = new Map(
    engine.nodes.map(({ record: { type: { definition } } }) => [definition.name, definition]),
  );
  const changed = new Map<AnyNodeDefinition, AnyNodeDefinition>();
  const now = types.map((type) => {
    const before = used.get(type.name);
    if (before === undefined || before === type) return type;
    if (isSameDefinition(before, type)) return before;
    changed.set(before, type);
    return type;
  });
  return { now, changed };
}

/** The sample data that nodes have. */
function tablesOf(engine: AnyEngine): Set<Table> {
  const slots = engine.nodes.flatMap((node) => Object.values(node.tables));
  return new Set(slots.map(({ value }) => value).filter((table) => table !== null));
}
