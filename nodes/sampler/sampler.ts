// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params, TableSpec } from "../../core/kernel/definition.ts";
import { INTERPOLATIONS, region, SINC_VALUES, tap } from "./interpolation.ts";
import { GRID, ZONE } from "./layout.ts";

/** A node that plays a map of recordings. */
export type Sampler = NodeDefinition<
  readonly [],
  readonly ["out"],
  Params<"gate" | "key" | "velocity" | "bend" | "release" | "dynamics" | "take">,
  { readonly sound: TableSpec }
>;

/**
 * Makes a sampler with one interpolation between the frames of its sound.
 *
 * @thread control
 */
function defineSampler(name: string, interpolation: keyof typeof INTERPOLATIONS): Sampler {
  return defineNode({
    name,
    about: `Plays recordings by key and velocity; ${interpolation} interpolation.`,
    source: "D. Rossum, Constraint based audio interpolators, WASPAA 1993",
    tail: ({ release }) => release,
    outputs: ["out"],
    tables: { sound: { about: "Made by sampleMap." } },
    params: {
      gate: {
        min: 0,
        max: 1,
        default: 0,
        smooth: 0,
        about: "A note starts when it rises above 0.5.",
      },
      key: { min: 0, max: 127, default: 60, smooth: 0, about: "Number of the key; 60 is C4." },
      velocity: { min: 0, max: 1, default: 1, smooth: 0, about: "Of the note that starts." },
      bend: { unit: "cents", min: -4800, max: 4800, default: 0, about: "Added to the pitch." },
      release: { unit: "s", min: 0.001, max: 20, default: 0.05, curve: "log", smooth: 0 },
      dynamics: {
        min: 0,
        max: 1,
        default: 1,
        smooth: 0,
        about: "Whether soft notes are quieter: at 1 the gain is the square of the velocity.",
      },
      take: {
        min: -1,
        max: 1023,
        default: -1,
        smooth: 0,
        about: "Which of several recordings of one note; -1 for each in its turn.",
      },
    },
    state: {
      held: i32(),
      zone: i32(),
      id: i32(),
      turn: i32(),
      at: i32(),
      between: "phase",
      looped: i32(),
      level: 0,
      loud: 0,
      last: 0,
      rest: 0,
    },
    uses: {
      read: INTERPOLATIONS[interpolation],
      region,
      tap,
      values: SINC_VALUES,
      grid: GRID,
      z: ZONE,
    },
    tick(
      _,
      { gate, key, velocity, bend, release, dynamics, take },
      s,
      {
        tables: { sound },
        sampleRate,
        floor,
        min,
        max,
        clamp,
        exp,
        exp2,
        floatToBits,
        read,
        region,
        tap,
        values,
        grid,
        z,
      },
    ) {
      const held = gate > 0.5;
      const start = held && s.held === 0;
      s.held = held ? 1 : 0;

      const cell = grid + floor(key + 0.5) * 16 + min(floor(velocity * 16), 15);
      const group = floatToBits(sound[cell]);
      const count = floatToBits(sound[group]);
      const turn = take < -0.5 ? s.turn : floor(take + 0.5);
      const choice = turn - floor(turn / max(count, 1)) * count;
      const zone = count > 0 ? floatToBits(sound[(group + 1 + (choice | 0)) | 0]) : 0;
      // Another table, or another note, ends what sounded; what is left of it fades in a millisecond.
      const lost = s.zone !== 0 && s.id !== sound.id;
      if (start || lost) s.rest = s.last;
      if (lost) s.zone = 0;
      if (start) {
        s.zone = zone;
        s.id = sound.id;
        s.turn = ((s.turn + 1) | 0) & 0xfffff;
        s.at = 0;
        s.between = 0;
        s.looped = 0;
        s.level = 1;
        s.loud = 1 - dynamics + dynamics * velocity * velocity;
      }

      const begin = floatToBits(sound[(s.zone + z.BEGIN) | 0]);
      const frames = floatToBits(sound[(s.zone + z.FRAMES) | 0]);
      const loopStart = floatToBits(sound[(s.zone + z.LOOP_START) | 0]);
      const loopEnd = floatToBits(sound[(s.zone + z.LOOP_END) | 0]);
      const period = floatToBits(sound[(s.zone + z.PERIOD) | 0]);
      const looping = period > 0 && (held || sound[(s.zone + z.LEAVES) | 0] < 0.5);
      const looped = s.looped === 1;
      const place = region(s.at, begin, frames, loopStart, loopEnd, period, looping, looped);
      const sounding = s.zone !== 0;
      const gain = s.level * s.loud * sound[(s.zone + z.GAIN) | 0];
      const y = sounding ? read(sound, place, s.between, tap, values) * gain : 0;
      s.last = y + s.rest;
      s.rest *= 1 - min(3000 / sampleRate, 1);

      const octaves = (key - sound[(s.zone + z.ROOT) | 0]) * sound[(s.zone + z.TRACK) | 0] +
        bend * (1 / 1200);
      const speed = clamp(sound[(s.zone + z.RATE) | 0] / sampleRate * exp2(octaves), 0, 63);
      const whole = floor(speed);
      const before = s.between;
      s.between += speed - whole;
      const next = (s.at + (whole | 0) + (s.between < before ? 1 : 0)) | 0;
      const round = looping && next >= ((loopStart + period) | 0);
      s.looped = round ? 1 : s.looped;
      s.at = round ? (next - period) | 0 : next;
      const free = held || sound[(s.zone + z.ONE_SHOT) | 0] > 0.5;
      s.level *= free ? 1 : exp(-6.907755278982137 / (release * sampleRate));
      // The last frames that a sinc reads are 8 after the end.
      const over = s.level < 1e-5 || (!looping && s.at >= ((frames + 8) | 0));
      s.zone = over ? 0 : s.zone;
      return s.last;
    },
  });
}

/**
 * Plays recordings by key and velocity: what `sampleMap` makes, in the table `sound`. One node is one
 * voice; each of its channels plays the channel of the same number.
 *
 * A note starts on the frame on which `gate` rises: its zone is found by key and velocity in a grid of
 * 128 keys and 16 layers; where several zones share a place they take turns, or `take` chooses. `key`
 * and `bend` go on changing the pitch; the recording's own sample rate is accounted for. The place in
 * the sound is a whole number of frames and a fraction of 32 bits, so it is as exact after an hour as at
 * first; the pitch is within 0.002 cent. At the recording's own pitch and sample rate its frames come
 * out bit for bit. When `gate` ends the note falls by 60 dB in `release`; for other envelopes set it long
 * and multiply. A note that is cut off by the next one, or by another table, fades in a millisecond.
 *
 * Between frames it reads a cubic (Catmull-Rom, 1974); `samplerNearest`, `samplerLinear` and
 * `samplerSinc` are the same with other interpolations. Loudest image of a sine at 1/16 and at 1/4 of
 * the recording's sample rate: nearest -23.5 and -9.5 dB, linear -47 and -19 dB, cubic -64 and -23.5
 * dB, sinc -99 and -83.5 dB. Sound that is played higher than it was recorded aliases where it goes beyond
 * half the sample rate.
 *
 * Latency 0. Tail: the release (a zone with `oneShot` ends with its recording).
 */
export const sampler: Sampler = defineSampler("sampler", "cubic");
/** {@linkcode sampler} that takes the nearest frame: rough, as the first samplers were. Tail: the release. */
export const samplerNearest: Sampler = defineSampler("samplerNearest", "nearest");
/** {@linkcode sampler} with a straight line between frames. Tail: the release. */
export const samplerLinear: Sampler = defineSampler("samplerLinear", "linear");
/** {@linkcode sampler} with a windowed sinc over 16 frames: for transparent transposition. Tail: the release. */
export const samplerSinc: Sampler = defineSampler("samplerSinc", "sinc");
