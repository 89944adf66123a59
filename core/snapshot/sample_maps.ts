/** Sample maps of a snapshot as data of tables. @module */
import type { SampleMapSnapshot, ZoneSnapshot } from "./graph_snapshot.ts";
import type { SampleData, Samples } from "./samples.ts";
import { SchemaError } from "./schema/mod.ts";

/** A zone together with the data of its sample. */
export interface MapZone extends Omit<ZoneSnapshot, "sample"> {
  /** The values of the sample by channel. */
  readonly data: readonly Float32Array[];
  /** Frames per second of the sample. */
  readonly sampleRate: number;
}

/** Makes the values of a table, by channel, from the zones of a map. */
export type MakeMap = (zones: readonly MapZone[]) => readonly Float32Array[];

/** Bytes of a map beyond its sound: at most so many, and so many for each zone. */
const [MAP_BYTES, ZONE_BYTES] = [16_384, 64];

/**
 * The tables of all maps, by name.
 *
 * @throws {SchemaError} With the place of what does not fit; nothing large has been made then.
 */
export function mapsOf(
  maps: readonly SampleMapSnapshot[],
  samples: Samples,
  { map, maxBytes = 256 * 2 ** 20 }: { readonly map?: MakeMap; readonly maxBytes?: number },
): [name: string, data: SampleData][] {
  let room = maxBytes;
  return maps.map(({ name, zones }, i) => {
    if (map === undefined) {
      throw new SchemaError(
        ["sampleMaps", i],
        `cannot put "${name}" together: loadSamples needs the option "map"`,
      );
    }
    const whole = zones.map((zone, k) => withData(zone, samples, i, k));
    room -= bytesOf(whole);
    if (room < 0) {
      throw new SchemaError(
        ["sampleMaps", i],
        `expected maps of at most ${maxBytes} bytes in all, "${name}" makes them larger by ${-room}`,
      );
    }
    try {
      return [name, { channels: map(whole) }];
    } catch (error) {
      const { message } = error as Error;
      throw Object.assign(new SchemaError(["sampleMaps", i], message), { cause: error });
    }
  });
}

function withData(
  { sample, ...zone }: ZoneSnapshot,
  samples: Samples,
  i: number,
  k: number,
): MapZone {
  const path = ["sampleMaps", i, "zones", k] as const;
  const { channels: data, sampleRate } = samples.get(sample) ??
    refuse([...path, "sample"], `expected the name of a sample, got "${sample}"`);
  if (sampleRate === undefined) {
    return refuse(
      [...path, "sample"],
      `expected a sample that tells its rate, "${sample}" does not`,
    );
  }
  const frames = data[0]?.length ?? 0;
  if (zone.loop && zone.loop.end > frames) {
    return refuse(
      [...path, "loop", "end"],
      `expected at most ${frames}, the frames of "${sample}", got ${zone.loop.end}`,
    );
  }
  return { ...zone, data, sampleRate };
}

/** What a map takes: each channel of it has the sound of all zones. */
function bytesOf(zones: readonly MapZone[]): number {
  const channels = Math.max(...zones.map(({ data }) => data.length));
  const frames = zones.reduce((sum, { data }) => sum + (data[0]?.length ?? 0), 0);
  return channels * (MAP_BYTES + zones.length * ZONE_BYTES + 4 * frames);
}

function refuse(path: readonly (string | number)[], reason: string): never {
  throw new SchemaError(path, reason);
}
