// This module is real-time safe.
import { defineNode } from "../../core/kernel/define_node.ts";

/**
 * The product of two signals: a voltage-controlled amplifier when `b` is an envelope, a ring modulator
 * when it is an oscillator. An input without a connection is 0. Latency 0. No tail.
 */
export const multiply = defineNode({
  name: "multiply",
  about: "The product of two signals: amplifier or ring modulator.",
  inputs: ["a", "b"],
  outputs: ["out"],
  tick({ a, b }) {
    return a * b;
  },
});
