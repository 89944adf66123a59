// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Eight inputs with a level each, and a level for all.
 *
 * (An input of any node sums what is connected to it; the mixer is for levels that belong together.)
 * Latency 0. No tail.
 */
export const mixer: NodeDefinition<
  readonly ["in1", "in2", "in3", "in4", "in5", "in6", "in7", "in8"],
  readonly ["out"],
  Params<
    "level1" | "level2" | "level3" | "level4" | "level5" | "level6" | "level7" | "level8" | "level"
  >
> = defineNode({
  name: "mixer",
  about: "Eight inputs with a level each, and a level for all.",
  source: "elementary",
  tail: 0,
  inputs: ["in1", "in2", "in3", "in4", "in5", "in6", "in7", "in8"],
  outputs: ["out"],
  params: {
    level1: { min: 0, max: 4, default: 1 },
    level2: { min: 0, max: 4, default: 1 },
    level3: { min: 0, max: 4, default: 1 },
    level4: { min: 0, max: 4, default: 1 },
    level5: { min: 0, max: 4, default: 1 },
    level6: { min: 0, max: 4, default: 1 },
    level7: { min: 0, max: 4, default: 1 },
    level8: { min: 0, max: 4, default: 1 },
    level: { min: 0, max: 4, default: 1 },
  },
  tick(x, p) {
    const first = x.in1 * p.level1 + x.in2 * p.level2 + x.in3 * p.level3 + x.in4 * p.level4;
    const second = x.in5 * p.level5 + x.in6 * p.level6 + x.in7 * p.level7 + x.in8 * p.level8;
    return (first + second) * p.level;
  },
});
