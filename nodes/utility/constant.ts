// This module is real-time safe.
import { defineNode } from "../../core/kernel/define_node.ts";

/** The value of its parameter as a signal. Latency 0. No tail. */
export const constant = defineNode({
  name: "constant",
  about: "The value of its parameter as a signal.",
  outputs: ["out"],
  params: { value: { min: -20_000, max: 20_000, default: 1 } },
  tick(_, { value }) {
    return value;
  },
});
