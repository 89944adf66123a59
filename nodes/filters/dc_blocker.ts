// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { onePoleRinging } from "./ringing.ts";

/**
 * Takes away what does not move: a one-pole high-pass (bilinear transform), -3.01 dB at `cutoff`, by
 * default 10 Hz, where 40 Hz keeps all but 0.3 dB. A constant is below -120 dB of its value after 2.2 / cutoff s.
 *
 * Latency 0. Tail: 2.2 / cutoff s to -120 dB.
 */
export const dcBlocker: NodeDefinition<readonly ["in"], readonly ["out"], Params<"cutoff">> =
  defineNode({
    name: "dcBlocker",
    about: "Takes away a signal's mean value.",
    source: "V. Zavalishin, The art of VA filter design, 2018, section 3.10",
    tail: ({ cutoff }) => onePoleRinging(cutoff),
    inputs: ["in"],
    outputs: ["out"],
    params: { cutoff: { unit: "Hz", min: 0.5, max: 200, default: 10, curve: "log" } },
    state: { x1: 0, y1: 0 },
    tick({ in: x }, { cutoff }, s, { sampleRate, tanPi }) {
      // What is kept is the output: a low-pass taken from the input would stop at -87 dB in f32.
      const g = tanPi(cutoff / sampleRate);
      s.y1 = (x - s.x1) * (1 / (1 + g)) + s.y1 * ((1 - g) / (1 + g));
      s.x1 = x;
      return s.y1;
    },
  });
