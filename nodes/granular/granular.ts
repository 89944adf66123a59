// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params, TableSpec } from "../../core/kernel/definition.ts";
import { hash } from "../noise/hash.ts";
import { chance, cubic, grainWindow } from "./grain.ts";

/**
 * Grains of a recording: short pieces under a window, started `density` times a second, each where
 * `position` is then, off by up to `spray`; transposed by `pitch`, off by up to `pitchSpread`; placed
 * left and right by up to `spread`. `scan` moves the position by itself: at 1 as fast as the recording,
 * whatever the pitch, at 0 it stands still. The recording is taken as a circle.
 *
 * At most eight grains sound at a time, so `size` is cut to the time of eight starts; for denser clouds
 * add nodes with other seeds, which the engine computes side by side. The window rises and falls
 * smoothly over `shape` of the grain. Divided by the mean overlap, where it is above 1, grains of one
 * steady value add up to it within 0.0002 at any whole overlap of 2 to 7; unrelated grains are quieter,
 * by the root of the overlap. Pitch within 0.002 cent; between frames a cubic (Catmull-Rom).
 *
 * Random numbers come from the count of grains and `seed`: the same seed, the same cloud.
 *
 * Latency 0. Tail: once `gate` ends no grain starts; the last ends after `size`.
 */
export const granular: NodeDefinition<
  readonly [],
  { readonly out: { readonly channels: 2 } },
  Params<
    | "gate"
    | "density"
    | "size"
    | "position"
    | "spray"
    | "scan"
    | "pitch"
    | "pitchSpread"
    | "spread"
    | "shape"
    | "seed"
  >,
  { readonly sound: TableSpec }
> = defineNode({
  name: "granular",
  about: "Grains of a recording: a cloud, a frozen moment, or time stretched without pitch.",
  source: "C. Roads, Microsound, MIT Press 2001, chapter 3",
  tail: ({ size }) => size,
  outputs: { out: { channels: 2 } },
  tables: { sound: { about: "A recording." } },
  params: {
    gate: { min: 0, max: 1, default: 1, smooth: 0, about: "Above 0.5 grains start." },
    density: { unit: "Hz", min: 0.1, max: 500, default: 40, curve: "log", smooth: 0 },
    size: { unit: "s", min: 0.001, max: 2, default: 0.1, curve: "log", smooth: 0 },
    position: { min: 0, max: 1, default: 0, smooth: 0, about: "Where in the recording." },
    spray: { min: 0, max: 1, default: 0, smooth: 0, about: "Largest distance from there." },
    scan: { min: -4, max: 4, default: 0, smooth: 0, about: "Speed at which the position moves." },
    pitch: { unit: "cents", min: -2400, max: 2400, default: 0, smooth: 0 },
    pitchSpread: { unit: "cents", min: 0, max: 2400, default: 0, smooth: 0 },
    spread: { min: 0, max: 1, default: 0.5, smooth: 0, about: "Width of the stereo image." },
    shape: {
      min: 0.02,
      max: 1,
      default: 1,
      smooth: 0,
      about: "Share of a grain that rises and falls.",
    },
    seed: { min: 0, max: 65_535, default: 1, smooth: 0, about: "A whole number." },
  },
  state: {
    held: i32(),
    clock: "phase",
    head: "phase",
    count: i32(),
    // By grain: frame and fraction, age and what it grows by, speed, gains.
    at: [i32(), i32(), i32(), i32(), i32(), i32(), i32(), i32()],
    between: ["phase", "phase", "phase", "phase", "phase", "phase", "phase", "phase"],
    age: [1, 1, 1, 1, 1, 1, 1, 1],
    step: [0, 0, 0, 0, 0, 0, 0, 0],
    speed: [0, 0, 0, 0, 0, 0, 0, 0],
    left: [0, 0, 0, 0, 0, 0, 0, 0],
    right: [0, 0, 0, 0, 0, 0, 0, 0],
  },
  uses: { hash, chance, cubic, grainWindow },
  tick(
    _,
    {
      gate,
      density,
      size,
      position,
      spray,
      scan,
      pitch,
      pitchSpread,
      spread,
      shape,
      seed,
    },
    s,
    {
      tables: { sound },
      sampleRate,
      floor,
      fract,
      clamp,
      min,
      max,
      exp2,
      cosTurns,
      sinTurns,
      hash,
      chance,
      cubic,
      grainWindow,
    },
  ) {
    const { length } = sound;
    const held = gate > 0.5;
    const first = held && s.held === 0;
    s.held = held ? 1 : 0;
    // From the middle of a step on, so that a whole number of frames is not one more by rounding.
    const beat = density / sampleRate;
    const clock = s.clock;
    s.clock = first ? 0.5 * beat : clock + beat;
    const due = held && (first || s.clock < clock);

    const ratio = sound.sampleRate / sampleRate;
    const place = fract(position + s.head + spray * chance(s.count, seed, 0, hash)) * length;
    s.head += scan * ratio / max(length, 1);
    const cents = pitch + pitchSpread * chance(s.count, seed, 1, hash);
    const speed = min(ratio * exp2(cents * (1 / 1200)), 64);
    const frames = max(min(size, 7.9 / density) * sampleRate, 1);
    const overlap = beat * frames * (1 - 0.5 * shape);
    // Windows begin between frames, so that they add up evenly.
    const late = s.clock / beat;
    const gain = 1 / max(overlap, 1);
    const angle = 0.125 + 0.125 * spread * chance(s.count, seed, 2, hash);
    const turn = s.count & 7;
    s.count = due ? (s.count + 1) | 0 : s.count;

    let left = 0;
    let right = 0;
    for (let g = 0; g < 8; g++) {
      // A grain that still sounds is not cut off: there is none this time.
      if (due && turn === g && s.age[g] >= 1) {
        s.at[g] = min(floor(place), length - 1) | 0;
        s.between[g] = place - floor(place);
        s.age[g] = late / frames;
        s.step[g] = 1 / frames;
        s.speed[g] = speed;
        s.left[g] = gain * cosTurns(angle);
        s.right[g] = gain * sinTurns(angle);
      }
      const at = s.at[g];
      const before = (at - 1) | 0;
      const next = (at + 1) | 0;
      const after = (at + 2) | 0;
      const y = cubic(
        sound[before < 0 ? (length - 1) | 0 : before],
        sound[at],
        sound[next >= length ? (next - length) | 0 : next],
        sound[after >= length ? (after - length) | 0 : after],
        s.between[g],
      ) * grainWindow(s.age[g], shape, max, min, sinTurns);
      left += y * s.left[g];
      right += y * s.right[g];
      s.age[g] = min(s.age[g] + s.step[g], 1);
      const whole = floor(s.speed[g]);
      const fraction = s.between[g];
      s.between[g] += s.speed[g] - whole;
      const moved = (at + (whole | 0) + (s.between[g] < fraction ? 1 : 0)) | 0;
      // Tables shorter than a step are not circles any more, but the index stays within them.
      s.at[g] = clamp(moved >= length ? (moved - length) | 0 : moved, 0, max(length - 1, 0)) | 0;
    }
    return { out: [left, right] };
  },
});
