// This module is real-time safe.
import { defineNode } from "../../core/kernel/define_node.ts";

/** Multiplies by a factor; 1 passes the signal unchanged, bit for bit. Latency 0. No tail. */
export const gain = defineNode({
  name: "gain",
  about: "Multiplies a signal by a factor.",
  inputs: ["in"],
  outputs: ["out"],
  params: { gain: { min: -16, max: 16, default: 1 } },
  tick({ in: x }, { gain }) {
    return x * gain;
  },
});
