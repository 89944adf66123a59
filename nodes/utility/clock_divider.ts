// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Lets every `divide`-th gate of `clock` through, as long as it is, counting from the first; `offset`
 * lets that many pass before. A rise of `reset` begins to count anew. Latency 0.
 */
export const clockDivider: NodeDefinition<
  readonly [],
  readonly ["out"],
  Params<"clock" | "divide" | "offset" | "reset">
> = defineNode({
  name: "clockDivider",
  about: "Lets every n-th gate through.",
  source: "elementary",
  tail: 0,
  outputs: ["out"],
  params: {
    clock: { min: 0, max: 1, default: 0, smooth: 0, about: "Gates to count." },
    divide: { min: 1, max: 64, default: 2, smooth: 0, about: "A whole number." },
    offset: { min: 0, max: 63, default: 0, smooth: 0, about: "A whole number." },
    reset: { min: 0, max: 1, default: 0, smooth: 0, about: "Counts anew when it rises." },
  },
  state: { count: i32(-1), high: i32(), reset: i32() },
  tick(_, { clock, divide, offset, reset }, s) {
    const restart = reset > 0.5 && s.reset === 0;
    s.reset = reset > 0.5 ? 1 : 0;
    const high = clock > 0.5;
    const rise = high && s.high === 0;
    s.high = high ? 1 : 0;
    const before = restart ? -1 : s.count;
    const next = (before + 1) | 0;
    s.count = rise ? (next >= (divide | 0) ? 0 : next) : before;
    return high && s.count === (offset | 0) ? 1 : 0;
  },
});
