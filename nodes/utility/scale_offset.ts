// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/** in * scale + offset: brings a modulation into the range it is wanted in. Latency 0. No tail. */
export const scaleOffset: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"scale" | "offset">
> = defineNode({
  name: "scaleOffset",
  about: "Multiplies a signal by a factor and adds a constant.",
  source: "elementary",
  tail: 0,
  inputs: ["in"],
  outputs: ["out"],
  params: {
    scale: { min: -20_000, max: 20_000, default: 1 },
    offset: { min: -20_000, max: 20_000, default: 0 },
  },
  tick({ in: x }, { scale, offset }) {
    return x * scale + offset;
  },
});
