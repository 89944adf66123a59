// This module is real-time safe.
import { defineNode, delayLine, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps, turns } from "../oscillators/phase.ts";
import { wrappedSine } from "../oscillators/wrapped_sine.ts";

/**
 * Chorus: two taps of one delay line that move, a quarter turn apart on left and right.
 *
 * Source: J. Dattorro, "Effect design, part 2: Delay-line modulation and chorus", JAES 45(10), 1997.
 * The delay is `delay` + `depth` sin, read by a cubic; the pitch moves by 1200 log2(1 + 2 pi rate
 * depth) cents at most, 5.4 at the defaults.
 *
 * Latency 0 of the dry signal. Tail: delay + depth.
 */
export const chorus: NodeDefinition<
  readonly ["in"],
  { readonly out: { readonly channels: 2 } },
  Params<"rate" | "depth" | "delay" | "mix">
> = defineNode({
  name: "chorus",
  about: "Chorus with two moving taps, left and right.",
  source: "J. Dattorro, JAES 45(10), 1997",
  tail: ({ delay, depth }) => delay + depth,
  inputs: ["in"],
  outputs: { out: { channels: 2 } },
  params: {
    rate: { unit: "Hz", min: 0.01, max: 10, default: 0.5, curve: "log", about: "Of the motion." },
    depth: { unit: "s", min: 0, max: 0.01, default: 0.001, about: "Of the motion." },
    delay: {
      unit: "s",
      min: 0.001,
      max: 0.05,
      default: 0.012,
      smooth: 0.05,
      about: "Middle of the motion.",
    },
    mix: { min: 0, max: 1, default: 0.5, about: "0 is dry, 1 is chorus only." },
  },
  state: { line: delayLine((sampleRate) => 0.06 * sampleRate + 4), phase: i32() },
  uses: { steps, turns, wrappedSine },
  tick(
    { in: x },
    { rate, depth, delay, mix },
    s,
    { sampleRate, steps, turns, wrappedSine },
  ) {
    const sin = wrappedSine(turns(s.phase));
    const cos = wrappedSine(turns((s.phase + 1073741824) | 0));
    s.phase = (s.phase + steps(rate / sampleRate)) | 0;
    const middle = delay * sampleRate;
    const swing = depth * sampleRate;
    const left = s.line.readCubic(middle + swing * sin);
    const right = s.line.readCubic(middle + swing * cos);
    s.line.write(x);
    return { out: [x + (left - x) * mix, x + (right - x) * mix] };
  },
});
