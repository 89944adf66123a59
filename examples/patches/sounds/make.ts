/**
 * The sounds that the example patches play: computed here, nobody's recordings.
 *
 *     deno run -A examples/patches/sounds/make.ts
 *
 * @module
 */
import { streamSink, WavWriter } from "../../../drivers/wav.ts";

/** Frames per second of all sounds: what is small need not go beyond 11 kHz. */
export const RATE = 22_050;

/** One partial of a struck body: its frequency in Hz, level, and seconds in which it falls by 60 dB. */
type Partial = readonly [frequency: number, level: number, decay: number];

/** Partials that begin together, and are faded out over the last tenth. */
function struck(seconds: number, partials: readonly Partial[]): Float32Array {
  const length = Math.round(seconds * RATE);
  return Float32Array.from({ length }, (_, t) => {
    const time = t / RATE;
    const attack = Math.min(1, time / 0.002);
    const end = Math.min(1, 10 * (1 - t / length));
    const sum = partials.reduce(
      (y, [frequency, level, decay]) =>
        y + level * 10 ** (-3 * time / decay) * Math.sin(2 * Math.PI * frequency * time),
      0,
    );
    return attack * end * sum;
  });
}

/**
 * A tine of a thumb piano: a bar held at one end, whose partials are at 6.27 and 17.55 times the first
 * (N. Fletcher and T. Rossing, "The Physics of Musical Instruments", 1998, section 2.15).
 *
 * @param force From 0 to 1: a tine that is plucked harder has more of the high partials.
 */
function tine(key: number, force: number): Float32Array {
  const f = 440 * 2 ** ((key - 69) / 12);
  return struck(1, [
    [f, 0.6, 1.4],
    [2 * f, 0.05 + 0.1 * force, 0.7],
    [6.27 * f, 0.04 + 0.2 * force, 0.16],
    [17.55 * f, 0.1 * force, 0.05],
  ]);
}

/** A glass that is stroked: two modes close to each other, which beat, and what lies above. */
function glass(): Float32Array {
  const ring = struck(1, [
    [523.2, 0.3, 4],
    [525.9, 0.3, 4],
    [1213, 0.16, 3],
    [1219, 0.12, 3],
    [2178, 0.09, 2],
    [3386, 0.05, 1.5],
  ]);
  // Stroked, not struck: it grows.
  return ring.map((x, t) => x * Math.min(1, 4 * t / ring.length));
}

/** All sounds by the names of their files. */
export const SOUNDS: ReadonlyMap<string, () => Float32Array> = new Map([
  ["tine_low.wav", () => tine(55, 0.6)],
  ["tine_high.wav", () => tine(72, 0.6)],
  ["tine_hard.wav", () => tine(72, 1)],
  ["glass.wav", glass],
]);

if (import.meta.main) {
  for (const [name, make] of SOUNDS) {
    const sound = make();
    const file = await Deno.create(new URL(name, import.meta.url));
    const wav = new WavWriter(streamSink(file.writable), {
      sampleRate: RATE,
      channels: 1,
      format: "pcm16",
      frames: sound.length,
    });
    await wav.write(sound);
    await wav.close();
  }
}
