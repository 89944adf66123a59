// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * 1 while its input is above `threshold`, else 0. Having become 1 it stays so until the input falls
 * below threshold - hysteresis, so that noise at the threshold does not chatter. Latency 0.
 */
export const comparator: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"threshold" | "hysteresis">
> = defineNode({
  name: "comparator",
  about: "1 while its input is above a threshold, else 0.",
  source:
    "O. H. Schmitt, A thermionic trigger, J. Scientific Instruments 15, 1938, for the hysteresis",
  tail: 0,
  inputs: ["in"],
  outputs: ["out"],
  params: {
    threshold: { min: -20_000, max: 20_000, default: 0 },
    hysteresis: {
      min: 0,
      max: 20_000,
      default: 0,
      about: "How far below the threshold it falls back.",
    },
  },
  state: { high: i32() },
  tick({ in: x }, { threshold, hysteresis }, s) {
    const level = s.high === 1 ? threshold - hysteresis : threshold;
    s.high = x > level ? 1 : 0;
    return s.high;
  },
});
