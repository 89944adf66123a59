// This module is real-time safe.
import { defineNode, delayLine, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { hash } from "../noise/hash.ts";
import { chance, cubic, grainWindow } from "./grain.ts";

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
    gate: { min: 0, max: 1, default: 1, smooth: 0, about: "Above 0.5 grains start." },
    density: { unit: "Hz", min: 0.1, max: 500, default: 40, curve: "log", smooth: 0 },
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
    line: delayLine((sampleRate) => 2 * sampleRate + 8),
    held: i32(),
    clock: "phase",
    count: i32(),
    // By grain: delay in frames and fraction, age and what it grows by, speed, gains.
    back: [i32(), i32(), i32(), i32(), i32(), i32(), i32(), i32()],
    between: ["phase", "phase", "phase", "phase", "phase", "phase", "phase", "phase"],
    age: [1, 1, 1, 1, 1, 1, 1, 1],
    step: [0, 0, 0, 0, 0, 0, 0, 0],
    speed: [0, 0, 0, 0, 0, 0, 0, 0],
    left: [0, 0, 0, 0, 0, 0, 0, 0],
    right: [0, 0, 0, 0, 0, 0, 0, 0],
  },
  uses: { hash, chance, cubic, grainWindow },
  tick(
    { in: x },
    { gate, density, size, time, spray, pitch, pitchSpread, spread, shape, seed },
    s,
    {
      sampleRate,
      floor,
      abs,
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
    const held = gate > 0.5;
    const first = held && s.held === 0;
    s.held = held ? 1 : 0;
    // From the middle of a step on, so that a whole number of frames is not one more by rounding.
    const beat = density / sampleRate;
    const clock = s.clock;
    s.clock = first ? 0.5 * beat : clock + beat;
    const due = held && (first || s.clock < clock);

    const cents = pitch + pitchSpread * chance(s.count, seed, 1, hash);
    const speed = exp2(cents * (1 / 1200));
    const frames = max(min(size, 7.9 / density) * sampleRate, 1);
    const overlap = beat * frames * (1 - 0.5 * shape);
    // Windows begin between frames, so that they add up evenly.
    const late = s.clock / beat;
    const gain = 1 / max(overlap, 1);
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
        s.age[g] = late / frames;
        s.step[g] = 1 / frames;
        s.speed[g] = speed;
        s.left[g] = gain * cosTurns(angle);
        s.right[g] = gain * sinTurns(angle);
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
      s.age[g] = min(s.age[g] + s.step[g], 1);
      const whole = floor(s.speed[g]);
      const fraction = s.between[g];
      s.between[g] += s.speed[g] - whole;
      s.back[g] = (back + 1 - (whole | 0) - (s.between[g] < fraction ? 1 : 0)) | 0;
    }
    s.line.write(x);
    return { out: [left, right] };
  },
});
