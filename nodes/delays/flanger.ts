// This module is real-time safe.
import { defineNode, delayLine, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps, turns } from "../oscillators/phase.ts";
import { wrappedSine } from "../oscillators/wrapped_sine.ts";
import { echoRinging } from "../filters/ringing.ts";

/**
 * Flanger: a short moving delay with feedback, mixed to the dry signal, so that a comb of notches
 * sweeps through the spectrum.
 *
 * Source: J. Dattorro, "Effect design, part 2: Delay-line modulation and chorus", JAES 45(10), 1997.
 * The delay moves between `delay` and `delay` (1 + 2 depth). At rest (rate 0, depth 0) the response is
 * (1 - mix) + mix z^-N / (1 - feedback z^-N) within 0.1 dB at whole frames.
 *
 * Latency 0 of the dry signal. Tail: 3 delay / -log10 |feedback| to -60 dB.
 */
export const flanger: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"rate" | "depth" | "delay" | "feedback" | "mix" | "phase">
> = defineNode({
  name: "flanger",
  about: "Flanger: a short moving delay with feedback.",
  source: "J. Dattorro, JAES 45(10), 1997",
  tail: ({ delay, depth, feedback }) => {
    const longest = delay * (1 + 2 * depth);
    return longest + echoRinging(longest, feedback);
  },
  inputs: ["in"],
  outputs: ["out"],
  params: {
    rate: { unit: "Hz", min: 0.01, max: 10, default: 0.2, curve: "log", about: "Of the motion." },
    depth: { min: 0, max: 1, default: 0.8, about: "The delay moves up to 1 + 2 depth times." },
    delay: {
      unit: "s",
      min: 0.0002,
      max: 0.01,
      default: 0.001,
      curve: "log",
      about: "The shortest.",
    },
    feedback: { min: -0.98, max: 0.98, default: 0.5, about: "Negative: peaks where notches were." },
    mix: { min: 0, max: 1, default: 0.5, about: "0 is dry." },
    phase: { unit: "turns", min: 0, max: 1, default: 0, about: "Of the motion." },
  },
  state: { line: delayLine((sampleRate) => 0.031 * sampleRate + 4), phase: i32() },
  uses: { steps, turns, wrappedSine },
  tick(
    { in: x },
    { rate, depth, delay, feedback, mix, phase },
    s,
    { sampleRate, steps, turns, wrappedSine },
  ) {
    const moved = turns((s.phase + steps(phase - 0.5)) | 0);
    s.phase = (s.phase + steps(rate / sampleRate)) | 0;
    const frames = delay * sampleRate * (1 + depth * (1 - wrappedSine(moved)));
    const wet = s.line.readCubic(frames);
    s.line.write(x + wet * feedback);
    return x + (wet - x) * mix;
  },
});
