// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/** The value of its parameter as a signal. Latency 0. No tail. */
export const constant: NodeDefinition<readonly [], readonly ["out"], Params<"value">> = defineNode({
  name: "constant",
  about: "The value of its parameter as a signal.",
  source: "elementary",
  tail: 0,
  outputs: ["out"],
  params: { value: { min: -20_000, max: 20_000, default: 1 } },
  tick(_, { value }) {
    return value;
  },
});
