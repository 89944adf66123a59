/** Sample data that snapshots refer to. @module */
import type { GraphSnapshot, SampleReference } from "./graph_snapshot.ts";
import { SchemaError } from "./schema/mod.ts";

/** A recording, or any other table that nodes read. */
export interface SampleData {
  /** The values, an array for each channel, all of one length. */
  readonly channels: readonly Float32Array[];
  /** Frames per second. Default: those of the engine. */
  readonly sampleRate?: number;
}

/** Data by the names by which graphs know them. */
export type Samples = ReadonlyMap<string, SampleData>;

/**
 * Loads all sample data that a snapshot refers to, and checks what is known of them. A digest is
 * checked by who loads: it is that of the file, not of the values in it.
 *
 * @example
 * ```ts
 * import { graphCodec, loadSamples } from "@aether/dsp/snapshot";
 * import { assertEquals } from "@std/assert";
 *
 * const patch = graphCodec().fromJson(`{
 *   "version": 1,
 *   "nodes": [],
 *   "samples": [{ "name": "click", "url": "click.wav", "frames": 3 }]
 * }`);
 * const shelf = new Map([["click.wav", new Float32Array([1, 0.5, 0.25])]]);
 * const samples = await loadSamples(patch, ({ url }) => ({ channels: [shelf.get(url)!] }));
 * assertEquals(samples.get("click")?.channels[0].length, 3);
 * ```
 *
 * @param load Gives the data of one reference, e.g. by reading a file.
 * @throws {SchemaError} With the place of a reference whose data are not as it says, or cannot be loaded.
 */
export async function loadSamples(
  { samples }: Pick<GraphSnapshot, "samples">,
  load: (reference: SampleReference) => SampleData | Promise<SampleData>,
): Promise<Samples> {
  const data = await Promise.all(samples.map(async (reference, i) => {
    const sample = await loaded(reference, i, load);
    check(reference, sample, i);
    return [reference.name, sample] as const;
  }));
  return new Map(data);
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

function check(
  { name, channels, frames, sampleRate }: SampleReference,
  data: SampleData,
  i: number,
): void {
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
