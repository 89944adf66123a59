/**
 * A patch file as something to play, which may change while it plays.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { load, restore } from "../../core/snapshot/mod.ts";
import type { Engine } from "../../mod.ts";
import { TYPES } from "../../tools/patch/library.ts";
import { readPatch } from "../../tools/patch/read_patch.ts";
import { readSamples } from "../../tools/patch/read_samples.ts";

/** Milliseconds without another change after which a file counts as saved. */
const SETTLED_MS = 50;

/** What an engine for a patch is made with, where that is not the patch's own affair. */
export interface PatchOptions {
  readonly blockFrames: number;
  /** Default: the patch's. */
  readonly sampleRate?: number;
}

/** A patch that can be played. */
export interface PatchPlayer {
  readonly engine: Engine;
  /** What the patch calls itself, or its file's name. */
  readonly title: string;
}

/** An engine that plays the patch in a file. @throws {Error} With one line about what is wrong with it */
export async function openPatch(path: string, options: PatchOptions): Promise<PatchPlayer> {
  const patch = await readPatch(path);
  const samples = await readSamples(path, patch);
  const engine = restore(patch, { types: TYPES, samples, ...options });
  return { engine, title: patch.title ?? basename(path) };
}

/**
 * Reads the file again and turns the engine's graph into what it says now: what is in both goes on
 * undisturbed, the rest is crossfaded. If the file cannot be used, nothing changes.
 *
 * @returns What happened, in one line.
 */
export async function reloadPatch(path: string, engine: Engine): Promise<string> {
  try {
    const patch = await readPatch(path);
    const samples = await readSamples(path, patch);
    const { size } = load(engine, patch, { types: TYPES, samples });
    return `Loaded ${path}: ${
      size === 0 ? "no changes" : size === 1 ? "1 change" : `${size} changes`
    }`;
  } catch (error) {
    return `${(error as Error).message}; playing on as before`;
  }
}

/** Reloads a patch whenever its file is saved. @returns Ends it. */
export function watchPatch(
  path: string,
  engine: Engine,
  say: (line: string) => void,
): () => void {
  // The folder: many editors save by putting a new file in the place of the old one.
  const watcher = Deno.watchFs(dirname(path), { recursive: false });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reload = async () => say(await reloadPatch(path, engine));
  const follow = async () => {
    for await (const { kind, paths } of watcher) {
      if (kind === "access" || !paths.some((p) => basename(p) === basename(path))) continue;
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
