/**
 * One patch rendered to one file.
 *
 * @module
 */
import { restore } from "../../core/snapshot/mod.ts";
import { Engine } from "../../drivers/parallel.ts";
import { renderToWav, type WavFormat } from "../../drivers/offline.ts";
import { splitIntoStems } from "../../drivers/stems.ts";
import { libraryWith } from "./library.ts";
import { OwnNodes } from "./own_nodes.ts";
import { isPathError, readPatch, reason } from "./read_patch.ts";
import { readSamples } from "./read_samples.ts";
import { UsageError } from "./usage_error.ts";

/** What is to be rendered, and how. */
export interface RenderJob {
  /** Path of the patch. */
  readonly patch: string;
  /** Path of the WAV file. */
  readonly target: string;
  readonly seconds: number;
  readonly format: WavFormat;
  /** Frames per second. Default: the patch's. */
  readonly rate?: number;
  /** Modules whose node types the patch may use beside the library's. Default: none. */
  readonly nodes?: readonly string[];
  /** Threads that help to render it. Default 0. */
  readonly workers?: number;
}

/** How it went. */
export interface Rendered {
  /** Samples cut at full scale. */
  readonly clipped: number;
}

/** Frames that are rendered at once: nobody waits for them, and what each block costs is paid less often. */
const BLOCK_FRAMES = 512;

/**
 * Renders a patch.
 *
 * @param onProgress Told the share that is done, about 50 times a second.
 * @throws {UsageError} If a path leads nowhere.
 * @throws {Error} If the file is no patch, or no engine can be made of it: one line with its name.
 */
export async function renderPatch(
  { patch, target, seconds, format, rate, nodes = [], workers = 0 }: RenderJob,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Rendered> {
  const { types, codec } = libraryWith((await OwnNodes.open(nodes)).types);
  const graph = await readPatch(patch, codec);
  const samples = await readSamples(patch, graph);
  const own = rate === undefined ? {} : { sampleRate: rate };
  const options = { types, samples, blockFrames: BLOCK_FRAMES, ...own };
  using stems = await named(patch, () => splitIntoStems(graph, { ...options, workers, seconds }));
  const engine = stems ??
    await named(
      patch,
      () => restore(graph, { ...options, make: (made) => new Engine({ ...made, workers }) }),
    );
  try {
    const { clipped } = await renderToWav(engine, target, {
      seconds,
      format,
      dither: format === "pcm16",
      signal,
      onProgress: ({ frames, total }) => onProgress(frames / total),
    });
    return { clipped };
  } catch (error) {
    if (isPathError(error)) throw new UsageError(`Cannot write "${target}": ${reason(error)}`);
    throw error;
  }
}

/** Names the patch in what its engine is refused for. */
async function named<T>(patch: string, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    throw new TypeError(`${patch}: ${(error as Error).message}`);
  }
}
