// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { resonanceRinging } from "./ringing.ts";

/**
 * The second-order filters of the "Audio EQ Cookbook", all of them.
 *
 * Source: R. Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter coefficients", for
 * the responses; the structure is the state-variable filter of `svf` with the weights that A. Simper
 * gives for each ("SvfLinearTrapOptimised2", Cytomic 2013). The responses are the cookbook's within
 * 0.01 dB, but where a direct form in f32 loses 20 Hz (its coefficients differ from 2 and 1 in the
 * last digits), this form does not; and it stays stable while parameters move.
 *
 * Latency 0. Tail: 14 q / (pi frequency) s to -120 dB.
 */
export const biquad: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<
    "frequency" | "q" | "gainDb",
    {
      type:
        | "lowpass"
        | "highpass"
        | "bandpass"
        | "bandpassSkirt"
        | "notch"
        | "allpass"
        | "peaking"
        | "lowShelf"
        | "highShelf";
    }
  >
> = defineNode({
  name: "biquad",
  about: "All filters of the Audio EQ Cookbook, without a biquad's trouble at low frequencies.",
  source: "R. Bristow-Johnson, Audio EQ Cookbook",
  tail: ({ type, frequency, q, gainDb }) => {
    const A = 10 ** (gainDb / 40);
    if (type === 6) return resonanceRinging(frequency, q * A);
    const moved = type === 7 ? 1 / Math.sqrt(A) : type === 8 ? Math.sqrt(A) : 1;
    return resonanceRinging(frequency * moved, q);
  },
  inputs: ["in"],
  outputs: ["out"],
  params: {
    type: {
      values: [
        "lowpass",
        "highpass",
        "bandpass",
        "bandpassSkirt",
        "notch",
        "allpass",
        "peaking",
        "lowShelf",
        "highShelf",
      ],
      default: "lowpass",
      about: "bandpass has gain 1 at its frequency, bandpassSkirt gain q.",
    },
    frequency: { unit: "Hz", min: 10, max: 20_000, default: 1_000, curve: "log" },
    q: { min: 0.1, max: 40, default: Math.SQRT1_2, curve: "log" },
    gainDb: { unit: "dB", min: -40, max: 40, default: 0, about: "Of peaking and shelves." },
  },
  state: { ic1eq: 0, ic2eq: 0 },
  tick({ in: x }, { type, frequency, q, gainDb }, s, { sampleRate, tanPi, exp2, sqrt, min }) {
    const peaking = type === 6;
    const low = type === 7;
    const high = type === 8;
    const root = exp2(gainDb * 0.0830482023721841); // A of the cookbook is 10^(gainDb / 40)
    const A = peaking || low || high ? root : 1;
    const warped = tanPi(min(frequency / sampleRate, 0.49));
    const g = low ? warped / sqrt(A) : high ? warped * sqrt(A) : warped;
    const k = peaking ? 1 / (q * A) : 1 / q;
    const a1 = 1 / (1 + g * (g + k));
    const a2 = g * a1;
    const a3 = g * a2;
    const m0 = type === 0 || type === 2 || type === 3 ? 0 : high ? A * A : 1;
    const simple = type === 0 ? 0 : type === 2 ? k : type === 3 ? 1 : type === 5 ? -2 * k : -k;
    const m1 = peaking ? k * (A * A - 1) : low ? k * (A - 1) : high ? k * (1 - A) * A : simple;
    const m2 = type === 0 ? 1 : type === 1 ? -1 : low ? A * A - 1 : high ? 1 - A * A : 0;

    const v3 = x - s.ic2eq;
    const out = (m0 + m2) * s.ic2eq + (m1 * a1 + m2 * a2) * s.ic1eq + (m0 + m1 * a2 + m2 * a3) * v3;
    const ic2eq = (s.ic2eq + 2 * a2 * s.ic1eq) + 2 * a3 * v3;
    s.ic1eq = (2 * a1 - 1) * s.ic1eq + 2 * a2 * v3;
    s.ic2eq = ic2eq;
    return out;
  },
});
