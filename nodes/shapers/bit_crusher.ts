// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps } from "../oscillators/phase.ts";

/**
 * Fewer bits and fewer samples: rounds to `bits` and holds values at a rate of `rate` Hz, with all the
 * aliases that this makes. At 24 bits and a rate of at least the sample rate it changes nothing.
 *
 * Latency 0. Tail: one held value.
 */
export const bitCrusher: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"bits" | "rate">
> = defineNode({
  name: "bitCrusher",
  about: "Fewer bits and fewer samples, with all the aliases.",
  source: "elementary",
  tail: ({ rate }) => 1 / rate,
  inputs: ["in"],
  outputs: ["out"],
  params: {
    bits: { min: 1, max: 24, default: 8, about: "Also between whole numbers." },
    rate: {
      unit: "Hz",
      min: 20,
      max: 192_000,
      default: 192_000,
      curve: "log",
      about: "At which values are taken.",
    },
  },
  // Half a turn below the position in the period, so that it overflows at its end.
  state: { phase: i32(-2147483648), due: i32(1), held: 0 },
  uses: { steps },
  tick({ in: x }, { bits, rate }, s, { sampleRate, exp2, floor, min, steps }) {
    const take = rate >= sampleRate || s.due === 1;
    const next = (s.phase + steps(min(rate / sampleRate, 0.499))) | 0;
    s.due = next < s.phase ? 1 : 0;
    s.phase = next;
    const levels = exp2(bits - 1);
    const rounded = bits >= 24 ? x : floor(x * levels + 0.5) / levels;
    s.held = take ? rounded : s.held;
    return s.held;
  },
});
