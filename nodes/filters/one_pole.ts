// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { onePoleRinging } from "./ringing.ts";

/**
 * One-pole filter, 6 dB per octave, with a trapezoidal integrator: -3.01 dB at the cutoff, the analog
 * response with the frequency axis warped by tan(pi f / sampleRate).
 *
 * Source: V. Zavalishin, "The art of VA filter design", rev. 2.1.2, 2018, section 3.10.
 *
 * (To take away a constant use `dcBlocker`: a high-pass at 10 Hz leaves -87 dB of it here.)
 *
 * Latency 0. Tail: 2.2 / cutoff s to -120 dB.
 */
export const onePole: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"cutoff", { mode: "lowpass" | "highpass" | "allpass" }>
> = defineNode({
  name: "onePole",
  about: "One-pole low-pass, high-pass or all-pass, 6 dB per octave.",
  source: "V. Zavalishin, The art of VA filter design, 2018, section 3.10",
  tail: ({ cutoff }) => onePoleRinging(cutoff),
  inputs: ["in"],
  outputs: ["out"],
  params: {
    cutoff: { unit: "Hz", min: 0.1, max: 20_000, default: 1_000, curve: "log" },
    mode: { values: ["lowpass", "highpass", "allpass"], default: "lowpass" },
  },
  state: { s: 0 },
  tick({ in: x }, { cutoff, mode }, state, { sampleRate, tanPi, min }) {
    const g = tanPi(min(cutoff / sampleRate, 0.49));
    const G = g / (1 + g);
    const ofInput = mode === 0 ? 0 : mode === 1 ? 1 : -1;
    const ofLow = mode === 0 ? 1 : mode === 1 ? -1 : 2;
    const v = (x - state.s) * G;
    const low = state.s + v;
    state.s = low + v;
    return ofInput * x + ofLow * low;
  },
});
