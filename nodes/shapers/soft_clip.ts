// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Soft clipper: tanh(drive x), then a gain. Slope `drive` at 0, never beyond 1.
 *
 * It does not oversample: a 1 kHz sine of amplitude 1 with drive 4 aliases at -75 dB at 48 kHz;
 * `saturator` does, and `oversample(softClip, 8)`. Latency 0. No tail.
 */
export const softClip: NodeDefinition<readonly ["in"], readonly ["out"], Params<"drive" | "gain">> =
  defineNode({
    name: "softClip",
    about: "Soft clipper, tanh(drive x).",
    source: "elementary",
    tail: 0,
    inputs: ["in"],
    outputs: ["out"],
    params: {
      drive: { min: 0.1, max: 100, default: 1, curve: "log", about: "Gain before the clipper." },
      gain: { min: 0, max: 4, default: 1, about: "After the clipper." },
    },
    tick({ in: x }, { drive, gain }, _, { tanh }) {
      return tanh(x * drive) * gain;
    },
  });
