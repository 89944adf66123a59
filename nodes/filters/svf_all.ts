// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { resonanceRinging } from "./ringing.ts";

/**
 * State-variable filter with all its outputs at once: low, band, high and notch.
 *
 * Source and figures as `svf`; the band output has gain q at the cutoff. Latency 0.
 */
export const svfAll: NodeDefinition<
  readonly ["in"],
  readonly ["low", "band", "high", "notch"],
  Params<"cutoff" | "q">
> = defineNode({
  name: "svfAll",
  about: "State-variable filter with low, band, high and notch output at once.",
  source: "A. Simper, Cytomic 2013",
  tail: ({ cutoff, q }) => resonanceRinging(cutoff, q),
  inputs: ["in"],
  outputs: ["low", "band", "high", "notch"],
  params: {
    cutoff: { unit: "Hz", min: 10, max: 20_000, default: 1_000, curve: "log" },
    q: { min: 0.5, max: 40, default: Math.SQRT1_2, curve: "log" },
  },
  state: { ic1eq: 0, ic2eq: 0 },
  tick({ in: v0 }, { cutoff, q }, s, { sampleRate, tanPi, min }) {
    const g = tanPi(min(cutoff / sampleRate, 0.49));
    const k = 1 / q;
    const a1 = 1 / (1 + g * (g + k));
    const a2 = g * a1;
    const a3 = g * a2;
    const v3 = v0 - s.ic2eq;
    const v1 = a1 * s.ic1eq + a2 * v3;
    const v2 = s.ic2eq + a2 * s.ic1eq + a3 * v3;
    s.ic1eq = 2 * v1 - s.ic1eq;
    s.ic2eq = 2 * v2 - s.ic2eq;
    const notch = v0 - k * v1;
    return { low: v2, band: v1, high: notch - v2, notch };
  },
});
