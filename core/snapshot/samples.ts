/** Sample data that snapshots refer to. @module */
import type { GraphSnapshot, SampleReference } from "./graph_snapshot.ts";
import { type MakeMap, mapsOf } from "./sample_maps.ts";
import { SchemaError } from "./schema/mod.ts";

/** A recording, or any other table that nodes read. */
export interface SampleData {
  /** The values, an array for each channel, all of one length. */
  readonly channels: readonly Float32Array[];
  /** Frames per second. Default: those of the engine. */
  readonly sampleRate?: number;
  /** SHA-256 of the file they come from, 64 hexadecimal digits: wanted where the reference has one. */
  readonly sha256?: string;
}

/** Data by the names by which graphs know them. */
export type Samples = ReadonlyMap<string, SampleData>;

/** Options of {@linkcode loadSamples}. */
export interface LoadSamplesOptions {
  /** Puts zones together: `sampleMap` of `@aether/dsp/nodes`. Only for snapshots with sample maps. */
  readonly map?: MakeMap;
  /** Bytes that all sample maps together may take. Default 256 MiB. */
  readonly maxBytes?: number;
}

/**
 * Loads all sample data that a snapshot refers to, checks what is known of them, digests included, and
 * puts the sample maps together.
 *
 * @example
 * ```ts
 * import { sampleMap } from "@aether/dsp/nodes";
 * import { graphCodec, loadSamples } from "@aether/dsp/snapshot";
 * import { assertEquals } from "@std/assert";
 *
 * const patch = graphCodec().fromJson(`{
 *   "version": 1,
 *   "nodes": [],
 *   "samples": [{ "name": "click", "url": "click.wav", "frames": 3 }],
 *   "sampleMaps": [{ "name": "clicks", "zones": [{ "sample": "click", "keys": [36, 47] }] }]
 * }`);
 * const shelf = new Map([["click.wav", new Float32Array([1, 0.5, 0.25])]]);
 * const samples = await loadSamples(
 *   patch,
 *   ({ url }) => ({ channels: [shelf.get(url)!], sampleRate: 48_000 }),
 *   { map: sampleMap },
 * );
 * assertEquals(samples.get("click")?.channels[0].length, 3);
 * assertEquals([...samples.keys()], ["click", "clicks"]);
 * ```
 *
 * @param load Gives the data of one reference, e.g. by reading a file.
 * @throws {SchemaError} With the place of a reference whose data are not as it says, or cannot be
 * loaded, or of a zone that does not fit its sample.
 */
export async function loadSamples(
  graph: Pick<GraphSnapshot, "samples" | "sampleMaps">,
  load: (reference: SampleReference) => SampleData | Promise<SampleData>,
  options: LoadSamplesOptions = {},
): Promise<Samples> {
  const data = await Promise.all(graph.samples.map(async (reference, i) => {
    const sample = await loaded(reference, i, load);
    check(reference, sample, i);
    return [reference.name, sample] as const;
  }));
  const samples = new Map(data);
  return new Map([...data, ...mapsOf(graph.sampleMaps ?? [], samples, options)]);
}

async function loaded(
  reference: SampleReference,
  i: number,
  load: (reference: SampleReference) => SampleData | Promise<SampleData>,
): Promise<SampleData> {
  try {
    return await load(reference);
  } catch (error) {
    const { message } = error as Error;
    throw Object.assign(
      new SchemaError(["samples", i], `cannot load "${reference.name}": ${message}`),
      { cause: error },
    );
  }
}

function check(reference: SampleReference, data: SampleData, i: number): void {
  const { name, sha256, channels, frames, sampleRate } = reference;
  // First: of a file that has changed, the rest is only what follows from that.
  if (sha256 !== undefined && sha256 !== data.sha256) {
    throw new SchemaError(
      ["samples", i, "sha256"],
      data.sha256 === undefined
        ? `expected whoever loads "${name}" to tell the digest of its file, to compare it with this one`
        : `the file of "${name}" has changed: expected ${sha256}, found ${data.sha256}`,
    );
  }
  const found = {
    channels: data.channels.length,
    frames: data.channels[0]?.length ?? 0,
    sampleRate: data.sampleRate,
  };
  for (const [what, wanted] of Object.entries({ channels, frames, sampleRate })) {
    const is = found[what as keyof typeof found];
    if (wanted === undefined || is === undefined || is === wanted) continue;
    throw new SchemaError(
      ["samples", i, what],
      `expected ${is}, as the data of "${name}" have, got ${wanted}`,
    );
  }
}
