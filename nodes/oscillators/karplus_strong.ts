// This module is real-time safe.
import { defineNode, delayLine, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { hash } from "../noise/hash.ts";

/**
 * Plucked string: noise that goes round a delay line, losing highs each time.
 *
 * Source: K. Karplus and A. Strong, "Digital synthesis of plucked-string and drum timbres", CMJ 7(2),
 * 1983, with the tuning of D. Jaffe and J. O. Smith, "Extensions of the Karplus-Strong plucked-string
 * algorithm", same issue: the loop filter (1 - S) + S z^-1 (S = 0.5 is the original's mean of two), its
 * phase delay at the fundamental taken off the line, and an all-pass for the fraction of a frame whose
 * coefficient is exact at the fundamental (their equation 20 before it is simplified).
 *
 * Pitch is within 0.01 cent from 27.5 to 4186 Hz. `decay` is the time of the fundamental's fall by 60 dB;
 * low strings cannot ring as long as asked for when they are dark, since the filter alone takes more.
 * `in` excites the string too, with anything. A string is not higher than 0.3 of the sample rate.
 *
 * Latency 0. Tail: `decay`.
 */
export const karplusStrong: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"trigger" | "frequency" | "decay" | "brightness" | "seed">
> = defineNode({
  name: "karplusStrong",
  about: "Plucked string after Karplus and Strong, in tune.",
  source: "K. Karplus and A. Strong, D. Jaffe and J. O. Smith, CMJ 7(2), 1983",
  tail: ({ decay }) => decay,
  inputs: ["in"],
  outputs: ["out"],
  params: {
    trigger: { min: 0, max: 1, default: 0, smooth: 0, about: "Plucks when it rises above 0.5." },
    frequency: { unit: "Hz", min: 20, max: 5_000, default: 220, curve: "log", smooth: 0 },
    decay: {
      unit: "s",
      min: 0.05,
      max: 60,
      default: 3,
      curve: "log",
      about: "A fall of the fundamental by 60 dB.",
    },
    brightness: { min: 0, max: 1, default: 0.3, about: "0 is the original's mean of two." },
    seed: { min: 0, max: 65_535, default: 1, smooth: 0, about: "Of the noise." },
  },
  state: {
    line: delayLine((sampleRate) => sampleRate / 20 + 4),
    x1: 0,
    allpassX: 0,
    allpassY: 0,
    count: i32(),
    left: i32(),
    high: i32(),
  },
  uses: { hash },
  tick(
    { in: x },
    { trigger, frequency, decay, brightness, seed },
    s,
    { sampleRate, sinTurns, cosTurns, atan2, exp2, sqrt, floor, max, min, hash },
  ) {
    // Near half of the sample rate the all-pass would not be stable.
    const f = min(frequency / sampleRate, 0.3);
    const S = 0.5 * (1 - brightness);
    const [sin, cos] = [sinTurns(f), cosTurns(f)];
    const filterDelay = atan2(S * sin, 1 - S + S * cos) / (2 * Math.PI * f);
    const filterGain = sqrt((1 - S) * (1 - S) + S * S + 2 * S * (1 - S) * cos);
    // 60 dB in decay seconds: 2^-9.966 over decay * frequency periods.
    const loss = min(exp2(-9.965784284662087 / (decay * frequency)) / filterGain, 0.99999);

    const length = max(sampleRate / frequency, 1 / 0.3) - filterDelay;
    const frames = floor(length - 0.3); // leaves 0.3 to 1.3 for the all-pass
    const rest = length - frames;
    const c = sinTurns((1 - rest) * f * 0.5) / sinTurns((1 + rest) * f * 0.5);

    const high = trigger > 0.5;
    const pluck = high && s.high === 0;
    s.high = high ? 1 : 0;
    s.count = (s.count + 1) | 0;
    const left = pluck ? (frames + 1) | 0 : s.left;
    const burst = left > 0 ? hash(s.count ^ hash(seed | 0)) * 4.656612873077393e-10 : 0;
    s.left = left > 0 ? (left - 1) | 0 : 0;

    const old = s.line.read(frames);
    const filtered = ((1 - S) * old + S * s.x1) * loss;
    s.x1 = old;
    const y = c * (filtered - s.allpassY) + s.allpassX;
    s.allpassX = filtered;
    s.allpassY = y;
    const out = y + burst + x;
    s.line.write(out);
    return out;
  },
});
