/**
 * From recordings to the table of a sampler.
 *
 * @module
 */
import { GRID, KEYS, LAYERS, ZONE, ZONE_WORDS, ZONES } from "./layout.ts";

/** A part of a recording that repeats while a note is held. */
export interface SampleLoop {
  /**
   * From its end to its start; back and forth; or from its end to its start until the gate ends, then
   * on to the end of the recording. Default "forward".
   */
  readonly mode?: "forward" | "pingPong" | "release";
  /** First frame. */
  readonly start: number;
  /** Frame after the last, at least 64 after the first. */
  readonly end: number;
  /**
   * Frames before the end over which the sound goes over into what comes before the start, so that the
   * loop does not click. Not for "pingPong", which needs none. Default 0.
   */
  readonly crossfade?: number;
}

/** A recording, and the keys and velocities that play it. */
export interface SampleZone {
  /** The recording: one array, or one a channel, all of one length. */
  readonly data: Float32Array | readonly Float32Array[];
  /** Frames per second. */
  readonly sampleRate: number;
  /** Key that plays it as it was recorded; a fraction tunes it. Default 60. */
  readonly root?: number;
  /** Lowest and highest key. Default all. */
  readonly keys?: readonly [low: number, high: number];
  /** Velocities in [0, 1], in steps of 1/16. Default all. */
  readonly velocities?: readonly [low: number, high: number];
  /** Keys by which a key changes the pitch: 1 as a rule, 0 for drums. Default 1. */
  readonly tracking?: number;
  /** Factor of the sound. Default 1. */
  readonly gain?: number;
  /** Default: none, it plays to its end. */
  readonly loop?: SampleLoop;
  /** Whether it plays to its end even if the gate ends before. Default false. */
  readonly oneShot?: boolean;
}

/** Frames that a loop has at least: more than a frame of the output can move. */
const MIN_LOOP = 64;

const bits = new Int32Array(1);
const asFloat = new Float32Array(bits.buffer);
const integer = (value: number) => (bits[0] = value, asFloat[0]);

/**
 * Puts recordings together as the data of one table, which the samplers of `@aether/dsp/nodes` play.
 * Where several zones have the same key and velocity they take turns, in the order given.
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { sampleMap, sampler } from "@aether/dsp/nodes";
 *
 * const engine = new Engine();
 * const low = Float32Array.from({ length: 2000 }, (_, t) => Math.sin(t / 30));
 * const high = Float32Array.from({ length: 2000 }, (_, t) => Math.sin(t / 15));
 * const sound = engine.table(sampleMap([
 *   { data: low, sampleRate: 44_100, root: 53, keys: [0, 59] },
 *   { data: high, sampleRate: 44_100, root: 65, keys: [60, 127], loop: { start: 377, end: 1885 } },
 * ]));
 * const voice = engine.add(sampler, { key: 57 }, { tables: { sound } });
 * voice.connect(engine.output);
 * voice.params.gate.set(1);
 * ```
 *
 * @returns The values by channel: as many as the zone with most channels; a zone with fewer has its
 * last one in the others.
 * @throws {RangeError} If a zone is not what it should be.
 */
export function sampleMap(zones: readonly SampleZone[]): Float32Array[] {
  zones.forEach(check);
  const sounds = zones.map(({ data }) => data instanceof Float32Array ? [data] : data);
  const groups = new Map<string, number[]>();
  const cells: string[] = [];
  for (let key = 0; key < KEYS; key++) {
    for (let layer = 0; layer < LAYERS; layer++) {
      const group = [...zones.keys()].filter((k) => covers(zones[k], key, layer));
      cells.push(group.join());
      groups.set(group.join(), group);
    }
  }
  const addresses = new Map<string, number>([["", 0]]);
  let at = ZONES;
  for (const [name, group] of groups) {
    if (group.length === 0) continue;
    addresses.set(name, at);
    at += 1 + group.length;
  }
  const firstZone = at;
  let end = firstZone + zones.length * ZONE_WORDS;
  const begins = sounds.map((channels) => {
    const begin = end;
    end += channels[0].length;
    return begin;
  });
  const channels = Math.max(1, ...sounds.map((sound) => sound.length));
  return Array.from({ length: channels }, (_, channel) => {
    const table = new Float32Array(end);
    cells.forEach((name, cell) => table[GRID + cell] = integer(addresses.get(name)!));
    for (const [name, group] of groups) {
      const address = addresses.get(name)!;
      if (address === 0) continue;
      table[address] = integer(group.length);
      group.forEach((zone, k) => table[address + 1 + k] = integer(firstZone + zone * ZONE_WORDS));
    }
    for (const [k, zone] of zones.entries()) {
      table.set(record(zone, begins[k], sounds[k][0].length), firstZone + k * ZONE_WORDS);
      const sound = sounds[k][Math.min(channel, sounds[k].length - 1)];
      table.set(zone.loop ? crossfaded(sound, zone.loop) : sound, begins[k]);
    }
    return table;
  });
}

function covers(zone: SampleZone, key: number, layer: number): boolean {
  const { keys: [low, high] = [0, KEYS - 1], velocities: [soft, loud] = [0, 1] } = zone;
  const velocity = (layer + 0.5) / LAYERS;
  return key >= low && key <= high && velocity >= soft && velocity <= loud;
}

function record(zone: SampleZone, begin: number, frames: number): number[] {
  const { loop, sampleRate, root = 60, tracking = 1, gain = 1, oneShot = false } = zone;
  const words: number[] = [];
  const length = loop ? loop.end - loop.start : 0;
  words[ZONE.BEGIN] = integer(begin);
  words[ZONE.FRAMES] = integer(frames);
  words[ZONE.LOOP_START] = integer(loop?.start ?? 0);
  words[ZONE.PERIOD] = integer(loop?.mode === "pingPong" ? 2 * (length - 1) : length);
  words[ZONE.LOOP_END] = integer(loop?.end ?? frames);
  words[ZONE.LEAVES] = loop?.mode === "release" ? 1 : 0;
  words[ZONE.ONE_SHOT] = oneShot ? 1 : 0;
  words[ZONE.RATE] = sampleRate;
  words[ZONE.ROOT] = root;
  words[ZONE.TRACK] = tracking / 12;
  words[ZONE.GAIN] = gain;
  return words;
}

/** The sound with a loop whose last frames go over into those before its first. */
function crossfaded(sound: Float32Array, { start, end, crossfade = 0 }: SampleLoop): Float32Array {
  const faded = Float32Array.from(sound);
  for (let k = 0; k < crossfade; k++) {
    const share = (k + 1) / (crossfade + 1);
    const [at, before] = [end - crossfade + k, start - crossfade + k];
    faded[at] = sound[at] + (sound[before] - sound[at]) * share;
  }
  return faded;
}

function check(zone: SampleZone, index: number): void {
  const fail = (what: string): never => {
    throw new RangeError(`Cannot make a sample map: ${what} (zone ${index})`);
  };
  const channels = zone.data instanceof Float32Array ? [zone.data] : zone.data;
  const frames = channels[0]?.length ?? 0;
  if (frames < 1 || channels.some(({ length }) => length !== frames)) {
    fail(`all channels must have one length of 1 or more, current value is ${frames}`);
  }
  const range = (name: string, value: number, min: number, max: number) => {
    if (!(value >= min && value <= max)) {
      fail(`${name} must be in [${min}, ${max}], current value is ${value}`);
    }
  };
  range("sampleRate", zone.sampleRate, 1, 1e6);
  range("root", zone.root ?? 60, -128, 256);
  range("gain", zone.gain ?? 1, -1000, 1000);
  range("tracking", zone.tracking ?? 1, -12, 12);
  for (const key of zone.keys ?? []) range("key", key, 0, KEYS - 1);
  for (const velocity of zone.velocities ?? []) range("velocity", velocity, 0, 1);
  const { loop } = zone;
  if (!loop) return;
  const whole = (name: string, value: number, min: number, max: number) => {
    if (!Number.isInteger(value)) {
      fail(`${name} must be a whole number, current value is ${value}`);
    }
    range(name, value, min, max);
  };
  whole("loop.end", loop.end, MIN_LOOP, frames);
  whole("loop.start", loop.start, 0, loop.end - MIN_LOOP);
  const most = loop.mode === "pingPong" ? 0 : Math.min(loop.start, loop.end - loop.start);
  whole("loop.crossfade", loop.crossfade ?? 0, 0, most);
}
