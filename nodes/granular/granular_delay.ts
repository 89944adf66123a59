// This module is real-time safe.
import { defineNode, delayLine, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
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
 * Grains of what comes in: {@linkcode granular} on the last two seconds of its input. A grain starts
 * `time` ago, and up to `spray` before that; one that is transposed up starts earlier still, as far as
 * it needs so that it does not overtake the present.
 *
 * Windows, gain, pitch, random numbers and the number of grains are those of `granular`: the gain of
 * steady values is 1 within 0.0002 at whole overlaps of 2 to 7, pitch within 0.002 cent.
 *
 * Latency 0: what comes in is heard `time` later, after 4 frames at least; there is no dry signal. Tail: `time`, `spray` and
 * twice `size`, at most 2 s and `size`.
 */
export const granularDelay: NodeDefinition<
  readonly ["in"],
  { readonly out: { readonly channels: 2 } },
  Params<
    | "gate"
    | "density"
    | "size"
    | "time"
    | "spray"
    | "pitch"
    | "pitchSpread"
    | "spread"
    | "shape"
    | "seed"
  >
> = defineNode({
  name: "granularDelay",
  about: "Grains of the last two seconds of its input.",
  source: "C. Roads, Microsound, MIT Press 2001, chapter 3",
  tail: ({ size, time, spray, pitch, pitchSpread }) =>
    Math.min(time + spray + size * 2 ** ((pitch + pitchSpread) / 1200), 2) + size,
  inputs: ["in"],
  outputs: { out: { channels: 2 } },
  params: {
    gate: GRAIN_PARAMS.gate,
    density: GRAIN_PARAMS.density,
    size: { unit: "s", min: 0.001, max: 0.4, default: 0.1, curve: "log", smooth: 0 },
    time: {
      unit: "s",
      min: 0,
      max: 2,
      default: 0.1,
      smooth: 0,
      about: "How long ago a grain starts.",
    },
    spray: { unit: "s", min: 0, max: 2, default: 0, smooth: 0, about: "Up to this much earlier." },
    pitch: GRAIN_PARAMS.pitch,
    pitchSpread: GRAIN_PARAMS.pitchSpread,
    spread: GRAIN_PARAMS.spread,
    shape: GRAIN_PARAMS.shape,
    seed: GRAIN_PARAMS.seed,
  },
  state: {
    ...GRAIN_STATE,
    line: delayLine((sampleRate) => 2 * sampleRate + 8),
    // By grain: delay in frames.
    back: [i32(), i32(), i32(), i32(), i32(), i32(), i32(), i32()],
  },
  uses: { hash, chance, cubic, grainFrames, grainWindow, isDue, moveOn, startGrain },
  tick(
    { in: x },
    { gate, density, size, time, spray, pitch, pitchSpread, spread, shape, seed },
    s,
    context,
  ) {
    const {
      abs,
      chance,
      clamp,
      cubic,
      exp2,
      floor,
      grainWindow,
      hash,
      max,
      min,
      sampleRate,
      sinTurns,
    } = context;
    const beat = density / sampleRate;
    const due = context.isDue(s, gate, beat);

    const cents = pitch + pitchSpread * chance(s.count, seed, 1, hash);
    const speed = exp2(cents * (1 / 1200));
    const frames = context.grainFrames(size, density, context);
    const angle = 0.125 + 0.125 * spread * chance(s.count, seed, 2, hash);
    const ago = (time + spray * abs(chance(s.count, seed, 0, hash))) * sampleRate;
    const ahead = max(speed - 1, 0) * frames;
    const behind = max(1 - speed, 0) * frames;
    const start = floor(clamp(ago, ahead + 4, s.line.length - behind - 4));
    const turn = s.count & 7;
    s.count = due ? (s.count + 1) | 0 : s.count;

    let left = 0;
    let right = 0;
    for (let g = 0; g < 8; g++) {
      if (due && turn === g && s.age[g] >= 1) {
        s.back[g] = start | 0;
        s.between[g] = 0;
        context.startGrain(s, g, beat, frames, speed, shape, angle, context);
      }
      const back = s.back[g];
      const y = cubic(
        s.line.read((back + 1) | 0),
        s.line.read(back),
        s.line.read((back - 1) | 0),
        s.line.read((back - 2) | 0),
        s.between[g],
      ) * grainWindow(s.age[g], shape, max, min, sinTurns);
      left += y * s.left[g];
      right += y * s.right[g];
      s.back[g] = back + 1 - context.moveOn(s, g, context) | 0;
    }
    s.line.write(x);
    return { out: [left, right] };
  },
});
