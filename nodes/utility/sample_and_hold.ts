// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Holds the value that its input has when `trigger` rises above 0.5, on that frame; in `track` mode
 * it follows the input while `trigger` is above 0.5 and holds the last value after. Latency 0.
 */
export const sampleAndHold: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"trigger", { mode: "sample" | "track" }>
> = defineNode({
  name: "sampleAndHold",
  about: "Holds the value that its input has when triggered.",
  source: "elementary",
  tail: 0,
  inputs: ["in"],
  outputs: ["out"],
  params: {
    trigger: { min: 0, max: 1, default: 0, smooth: 0, about: "Takes the value when it rises." },
    mode: {
      values: ["sample", "track"],
      default: "sample",
      about: "track follows while it is high.",
    },
  },
  state: { value: 0, high: i32() },
  tick({ in: x }, { trigger, mode }, s) {
    const high = trigger > 0.5;
    const take = high && (mode === 1 || s.high === 0);
    s.value = take ? x : s.value;
    s.high = high ? 1 : 0;
    return s.value;
  },
});
