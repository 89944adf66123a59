/**
 * Renders to a WAV file, with a progress bar.
 *
 * @module
 */
import type { Playable } from "../../drivers/driver.ts";
import { renderToWav, type WavFormat } from "../../drivers/offline.ts";
import { progress } from "./meters.ts";
import { StatusLine, stdoutScreen } from "./status_line.ts";

/** What to write. */
export interface FileOptions {
  readonly path: string;
  readonly seconds: number;
  readonly format: WavFormat;
}

const BAR_WIDTH = 30;

/** Writes the file; the answer is the exit code: 0, or 130 after Ctrl-C. */
export async function playToFile(engine: Playable, options: FileOptions): Promise<number> {
  const { path, seconds, format } = options;
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
      dither: format === "pcm16",
      signal: abort.signal,
      onProgress: ({ frames }) => show(frames),
    });
    line.end();
    console.log(`Wrote ${path}: ${seconds} s${clipped ? `, ${clipped} samples clipped` : ""}`);
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
