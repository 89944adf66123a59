/**
 * Renders to a WAV file, with a progress bar.
 *
 * @module
 */
import type { Playable } from "../../drivers/driver.ts";
import type { Engine } from "../../drivers/parallel.ts";
import { render, renderToWav, type WavFormat } from "../../drivers/offline.ts";
import { progress } from "./meters.ts";
import { dearest, finalStats } from "./report.ts";
import { StatusLine, stdoutScreen } from "./status_line.ts";

/** What to write. */
export interface FileOptions {
  readonly path: string;
  readonly seconds: number;
  readonly format: WavFormat;
  /** The engine whose figures are to be printed at the end. */
  readonly stats?: Engine;
}

const BAR_WIDTH = 30;

/** Writes the file; the answer is the exit code: 0, or 130 after Ctrl-C. */
export async function playToFile(engine: Playable, options: FileOptions): Promise<number> {
  const { path, seconds, format, stats } = options;
  const { sampleRate } = engine.shared;
  const line = new StatusLine(stdoutScreen());
  const abort = new AbortController();
  const stop = () => abort.abort();
  Deno.addSignalListener("SIGINT", stop);
  const start = performance.now();
  const show = (frames: number) => {
    const elapsed = (performance.now() - start) / 1000;
    line.show(progress(frames / sampleRate, seconds, elapsed, BAR_WIDTH), elapsed);
  };
  try {
    const { clipped } = await renderToWav(engine, path, {
      seconds,
      format,
      stats: stats !== undefined,
      dither: format === "pcm16",
      signal: abort.signal,
      onProgress: ({ frames }) => show(frames),
    });
    line.end();
    console.log(`Wrote ${path}: ${seconds} s${clipped ? `, ${clipped} samples clipped` : ""}`);
    if (stats) {
      console.log(finalStats(stats.stats(), stats.parallel));
      // One thread renders what is measured node by node, so this comes by itself.
      const profile = stats.profile();
      for await (const _ of render(engine, { seconds: 1 }));
      console.log(dearest(profile.stop()));
    }
    return 0;
  } catch (error) {
    line.end();
    if (!abort.signal.aborted) throw error;
    console.log(`Stopped; ${path} has what was rendered so far`);
    return 130;
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
  }
}
