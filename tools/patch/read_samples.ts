/**
 * The sample data that a patch file refers to.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { type GraphSnapshot, loadSamples, SchemaError } from "../../core/snapshot/mod.ts";
import type { SampleData, Samples } from "../../core/snapshot/mod.ts";
import { readWav, type WavFile } from "../../drivers/wav_reader.ts";
import { sampleMap } from "../../nodes/mod.ts";
import { playedBy } from "./library.ts";
import { readBounded } from "./read_bounded.ts";
import { reason } from "./read_patch.ts";

/** Bytes that all files of a patch together may have: as much as an engine for a patch may. */
const MAX_BYTES = 256 * 2 ** 20;

/** What of a patch is about samples. */
type WithSamples = Pick<GraphSnapshot, "samples" | "sampleMaps"> & Partial<GraphSnapshot>;

/**
 * The samples of a patch: WAV files, whose paths are relative to the patch's own, and the maps made of
 * them. A file is read once, however many samples it is.
 *
 * @throws {TypeError} If one cannot be used: the patch's file, the place in it and what is wrong there
 */
export async function readSamples(path: string, graph: WithSamples): Promise<Samples> {
  const files = new Map<string, Promise<SampleData>>();
  const room = { bytes: MAX_BYTES };
  try {
    checkTables(graph);
    return await loadSamples(graph, ({ url }) => {
      const file = resolve(dirname(path), url);
      if (!files.has(file)) files.set(file, readFile(file, room));
      return files.get(file)!;
    }, { map: sampleMap, maxBytes: MAX_BYTES });
  } catch (error) {
    throw new TypeError(`${path}: ${(error as Error).message.replaceAll(/\s*\n\s*/g, " ")}`);
  }
}

/** Refuses a sampler with a bare recording, and a map where a recording is wanted. */
function checkTables({ nodes = [], samples, sampleMaps = [] }: WithSamples): void {
  const others = {
    samples: new Set(sampleMaps.map(({ name }) => name)),
    sampleMaps: new Set(samples.map(({ name }) => name)),
  };
  for (const [i, { type, tables = {} }] of nodes.entries()) {
    const wanted = playedBy(type);
    if (wanted === undefined) continue;
    for (const [table, name] of Object.entries(tables)) {
      if (!others[wanted].has(name)) continue;
      throw new SchemaError(
        ["nodes", i, "tables", table],
        `expected a name of "${wanted}" for "${type}", got "${name}"`,
      );
    }
  }
}

/** @param room What all files together may still have; a file takes its bytes of it. */
async function readFile(path: string, room: { bytes: number }): Promise<SampleData> {
  const bytes = await readBytes(path, room);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { ...channelsOf(readWav(bytes)), sha256: digest.toHex() };
}

async function readBytes(
  path: string,
  room: { bytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readBounded(path, MAX_BYTES);
  } catch (error) {
    throw new TypeError(`cannot read "${path}": ${reason(error)}`);
  }
  room.bytes -= bytes.length;
  if (room.bytes >= 0) return bytes;
  throw new RangeError(`the samples of a patch may have ${MAX_BYTES} bytes in all`);
}

/** A file's values, an array for each channel. */
function channelsOf({ channels, frames, samples, sampleRate }: WavFile): SampleData {
  const apart = Array.from(
    { length: channels },
    (_, c) => Float32Array.from({ length: frames }, (_, t) => samples[t * channels + c]),
  );
  return { channels: apart, sampleRate };
}
