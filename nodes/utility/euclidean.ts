// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Spreads `pulses` as evenly as can be over `steps` clocks and lets those through.
 *
 * Source: G. Toussaint, "The Euclidean algorithm generates traditional musical rhythms", BRIDGES 2005.
 * Step i sounds where i * pulses mod steps < pulses, which gives the same necklaces (E(3, 8) is the
 * tresillo x..x..x.). `rotation` starts that many steps later in the pattern. After a rise of `reset`
 * the next clock is step 0.
 *
 * Latency 0: the gate is the clock's own.
 */
export const euclidean: NodeDefinition<
  readonly [],
  readonly ["out"],
  Params<"clock" | "reset" | "steps" | "pulses" | "rotation">
> = defineNode({
  name: "euclidean",
  about: "Spreads pulses as evenly as can be over steps.",
  source: "G. Toussaint, BRIDGES 2005",
  tail: 0,
  outputs: ["out"],
  params: {
    clock: { min: 0, max: 1, default: 0, smooth: 0, about: "Its gates are let through." },
    reset: { min: 0, max: 1, default: 0, smooth: 0, about: "The next clock is step 0." },
    steps: { min: 1, max: 64, default: 8, smooth: 0, about: "A whole number." },
    pulses: { min: 0, max: 64, default: 3, smooth: 0, about: "A whole number." },
    rotation: { min: 0, max: 63, default: 0, smooth: 0, about: "A whole number." },
  },
  state: { step: i32(-1), high: i32(), reset: i32() },
  tick(_, { clock, reset, steps, pulses, rotation }, s, { floor }) {
    const restart = reset > 0.5 && s.reset === 0;
    s.reset = reset > 0.5 ? 1 : 0;
    const high = clock > 0.5;
    const rise = high && s.high === 0;
    s.high = high ? 1 : 0;
    const before = restart ? -1 : s.step;
    const next = (before + 1) | 0;
    s.step = rise ? (next >= (steps | 0) ? 0 : next) : before;
    const n = floor(steps);
    const position = (s.step + floor(rotation)) * floor(pulses);
    const remainder = position - n * floor(position / n);
    return high && remainder < floor(pulses) ? 1 : 0;
  },
});
