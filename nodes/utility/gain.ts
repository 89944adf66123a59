// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/** Multiplies by a factor; 1 passes the signal unchanged, bit for bit. Latency 0. No tail. */
export const gain: NodeDefinition<readonly ["in"], readonly ["out"], Params<"gain">> = defineNode({
  name: "gain",
  about: "Multiplies a signal by a factor.",
  source: "elementary",
  tail: 0,
  inputs: ["in"],
  outputs: ["out"],
  params: { gain: { min: -16, max: 16, default: 1 } },
  tick({ in: x }, { gain }) {
    return x * gain;
  },
});
