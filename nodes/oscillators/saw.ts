// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps, turns } from "./phase.ts";
import { smoothStep, stepScale } from "./smooth_step.ts";

/**
 * Band-limited sawtooth, rising from -1 to 1.
 *
 * Source: BLEP with a polynomial step of our own, see `smooth_step.ts`. At 48 kHz: a 2 kHz note
 * aliases at -91 dB of the fundamental below 10 kHz and -61 dB below 18 kHz; harmonics are within
 * 0.3 dB up to 15 kHz, then fall (-1.8 dB at 18 kHz). From 6.9 kHz on (a seventh of the sample rate)
 * the step has to be shortened, and aliases grow: -56 dB at 8 kHz.
 *
 * Latency 0. No tail. Starts in the middle of its jump, at 0. Steps overshoot by 7 %.
 */
export const saw: NodeDefinition<readonly [], readonly ["out"], Params<"frequency" | "fm">> =
  defineNode({
    name: "saw",
    about: "Band-limited sawtooth with linear frequency modulation through zero.",
    source: "E. Brandt, Hard sync without aliasing, ICMC 2001, with a polynomial step",
    tail: "infinite",
    outputs: ["out"],
    params: {
      frequency: { unit: "Hz", min: 0.001, max: 20_000, default: 440, curve: "log" },
      fm: { unit: "Hz", min: -20_000, max: 20_000, default: 0, about: "Added to the frequency." },
    },
    state: { phase: i32() },
    uses: { steps, turns, smoothStep, stepScale },
    tick(_, { frequency, fm }, s, { sampleRate, clamp, steps, turns, smoothStep, stepScale }) {
      const dt = clamp((frequency + fm) / sampleRate, -0.49, 0.49);
      const x = turns(s.phase);
      s.phase = (s.phase + steps(dt)) | 0;
      return 2 * x - smoothStep(x * stepScale(dt, 0.5));
    },
  });
