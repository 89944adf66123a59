// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params, TableSpec } from "../../core/kernel/definition.ts";
import { hash } from "../noise/hash.ts";
import {
  chance,
  cubic,
  GRAIN_PARAMS,
  GRAIN_STATE,
  grainFrames,
  grainWindow,
  isDue,
  moveOn,
  startGrain,
} from "./grain.ts";

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
    gate: GRAIN_PARAMS.gate,
    density: GRAIN_PARAMS.density,
    size: { unit: "s", min: 0.001, max: 2, default: 0.1, curve: "log", smooth: 0 },
    position: { min: 0, max: 1, default: 0, smooth: 0, about: "Where in the recording." },
    spray: { min: 0, max: 1, default: 0, smooth: 0, about: "Largest distance from there." },
    scan: { min: -4, max: 4, default: 0, smooth: 0, about: "Speed at which the position moves." },
    pitch: GRAIN_PARAMS.pitch,
    pitchSpread: GRAIN_PARAMS.pitchSpread,
    spread: GRAIN_PARAMS.spread,
    shape: GRAIN_PARAMS.shape,
    seed: GRAIN_PARAMS.seed,
  },
  state: {
    ...GRAIN_STATE,
    head: "phase",
    // By grain: frame.
    at: [i32(), i32(), i32(), i32(), i32(), i32(), i32(), i32()],
  },
  uses: { hash, chance, cubic, grainFrames, grainWindow, isDue, moveOn, startGrain },
  tick(
    _,
    { gate, density, size, position, spray, scan, pitch, pitchSpread, spread, shape, seed },
    s,
    context,
  ) {
    const {
      chance,
      clamp,
      cubic,
      exp2,
      floor,
      fract,
      grainWindow,
      hash,
      max,
      min,
      sampleRate,
      sinTurns,
    } = context;
    const { tables: { sound } } = context;
    const { length } = sound;
    const beat = density / sampleRate;
    const due = context.isDue(s, gate, beat);

    const ratio = sound.sampleRate / sampleRate;
    const place = fract(position + s.head + spray * chance(s.count, seed, 0, hash)) * length;
    s.head += scan * ratio / max(length, 1);
    const cents = pitch + pitchSpread * chance(s.count, seed, 1, hash);
    const speed = min(ratio * exp2(cents * (1 / 1200)), 64);
    const frames = context.grainFrames(size, density, context);
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
        context.startGrain(s, g, beat, frames, speed, shape, angle, context);
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
      const moved = at + context.moveOn(s, g, context) | 0;
      // Tables shorter than a step are not circles any more, but the index stays within them.
      s.at[g] = clamp(moved >= length ? (moved - length) | 0 : moved, 0, max(length - 1, 0)) | 0;
    }
    return { out: [left, right] };
  },
});
