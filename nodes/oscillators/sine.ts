// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps, turns, wrappedSteps } from "./phase.ts";
import { wrappedSine } from "./wrapped_sine.ts";

/**
 * Sine oscillator with linear frequency modulation through zero and phase modulation.
 *
 * The phase is a 32-bit integer, so the pitch does not drift: above 20 Hz it is
 * within 0.0006 cent. The sine is a
 * polynomial of its parabola: largest error -132 dB, largest harmonic -140 dB.
 *
 * Latency 0. No tail. Starts at 0, rising.
 */
export const sine: NodeDefinition<
  readonly [],
  readonly ["out"],
  Params<"frequency" | "fm" | "phase">
> = defineNode({
  name: "sine",
  about: "Sine oscillator with linear frequency modulation through zero and phase modulation.",
  source: "polynomial of tools/minimax.ts",
  tail: "infinite",
  outputs: ["out"],
  params: {
    frequency: { unit: "Hz", min: 0.001, max: 20_000, default: 440, curve: "log" },
    fm: {
      unit: "Hz",
      min: -20_000,
      max: 20_000,
      default: 0,
      about: "Added to the frequency; the sum may be negative, and then time runs backwards.",
    },
    phase: { unit: "turns", min: -8, max: 8, default: 0, about: "Added to the running phase." },
  },
  state: { phase: i32() },
  uses: { steps, turns, wrappedSteps, wrappedSine },
  tick(
    _,
    { frequency, fm, phase },
    s,
    { sampleRate, clamp, steps, turns, wrappedSteps, wrappedSine },
  ) {
    const x = turns((s.phase + wrappedSteps(phase)) | 0);
    s.phase = (s.phase + steps(clamp((frequency + fm) / sampleRate, -0.49, 0.49))) | 0;
    return wrappedSine(x);
  },
});
