// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps, turns, wrappedSteps } from "./phase.ts";
import { smoothStep, stepScale } from "./smooth_step.ts";

/**
 * Band-limited pulse of modulated width: 1 for `width` of each period, then -1.
 *
 * It is the difference of two sawtooths, the second `width` later, so it aliases as `saw` does: a
 * 2 kHz note at -90 dB of the fundamental below 10 kHz at 48 kHz. It keeps the mean value
 * 2 width - 1 of the naive pulse; a DC blocker takes that away.
 *
 * Latency 0. No tail.
 */
export const pulse: NodeDefinition<
  readonly [],
  readonly ["out"],
  Params<"frequency" | "fm" | "width">
> = defineNode({
  name: "pulse",
  about: "Band-limited pulse of modulated width, a square at 0.5.",
  source: "E. Brandt, Hard sync without aliasing, ICMC 2001, with a polynomial step",
  tail: "infinite",
  outputs: ["out"],
  params: {
    frequency: { unit: "Hz", min: 0.001, max: 20_000, default: 440, curve: "log" },
    fm: { unit: "Hz", min: -20_000, max: 20_000, default: 0, about: "Added to the frequency." },
    width: { min: 0, max: 1, default: 0.5, about: "Share of the period in which it is 1." },
  },
  state: { phase: i32() },
  uses: { steps, turns, wrappedSteps, smoothStep, stepScale },
  tick(
    _,
    { frequency, fm, width },
    s,
    { sampleRate, clamp, steps, turns, wrappedSteps, smoothStep, stepScale },
  ) {
    const dt = clamp((frequency + fm) / sampleRate, -0.49, 0.49);
    const scale = stepScale(dt, 0.5);
    const up = turns(s.phase);
    const down = turns((s.phase - wrappedSteps(width)) | 0);
    s.phase = (s.phase + steps(dt)) | 0;
    const difference = 2 * (down - up) + smoothStep(up * scale) - smoothStep(down * scale);
    return difference + (2 * width - 1);
  },
});
