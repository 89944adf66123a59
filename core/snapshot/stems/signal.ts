// This module is real-time safe.
/** The node that stands between parts of a graph. @module */
import { defineNode, type NodeDefinition } from "../../kernel/define_node.ts";

/**
 * Stands for something that is computed elsewhere: the sum of its signals, or one of them, unchanged.
 * Latency 0. No tail.
 */
export const signal: NodeDefinition<readonly ["in"], readonly ["out"], Record<never, never>> =
  defineNode({
    name: "stems.signal",
    about: "A signal as it comes.",
    source: "elementary",
    tail: 0,
    inputs: ["in"],
    outputs: ["out"],
    tick({ in: x }) {
      return x;
    },
  });
