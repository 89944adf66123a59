// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * The product of two signals: a voltage-controlled amplifier when `b` is an envelope, a ring modulator
 * when it is an oscillator. An input without a connection is 0. Latency 0. No tail.
 */
export const multiply: NodeDefinition<readonly ["a", "b"], readonly ["out"], Params> = defineNode({
  name: "multiply",
  about: "The product of two signals: amplifier or ring modulator.",
  source: "elementary",
  tail: 0,
  inputs: ["a", "b"],
  outputs: ["out"],
  tick({ a, b }) {
    return a * b;
  },
});
