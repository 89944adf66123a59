/**
 * The sample data that a patch file refers to.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import {
  type GraphSnapshot,
  loadSamples,
  type SampleData,
  type Samples,
} from "../../core/snapshot/mod.ts";
import { readWav, type WavFile } from "../../drivers/wav_reader.ts";
import { reason } from "./read_patch.ts";

/**
 * The samples of a patch: WAV files, whose paths are relative to the patch's own.
 *
 * @throws {TypeError} If one cannot be used: the patch's file, the place in it and what is wrong there
 */
export async function readSamples(
  path: string,
  graph: Pick<GraphSnapshot, "samples">,
): Promise<Samples> {
  try {
    return await loadSamples(graph, async ({ url }) => {
      return channelsOf(readWav(await readBytes(resolve(dirname(path), url))));
    });
  } catch (error) {
    throw new TypeError(`${path}: ${(error as Error).message.replaceAll(/\s*\n\s*/g, " ")}`);
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw new TypeError(`cannot read "${path}": ${reason(error)}`);
  }
}

/** A file's values, an array for each channel. */
function channelsOf({ channels, frames, samples, sampleRate }: WavFile): SampleData {
  const apart = Array.from(
    { length: channels },
    (_, c) => Float32Array.from({ length: frames }, (_, t) => samples[t * channels + c]),
  );
  return { channels: apart, sampleRate };
}
