// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * From `a` (0) to `b` (1): `equalPower` for unrelated signals, -3.01 dB each in the middle; `linear`
 * for related ones, whose sum then stays as loud. Latency 0. No tail.
 */
export const crossfade: NodeDefinition<
  readonly ["a", "b"],
  readonly ["out"],
  Params<"position", { curve: "equalPower" | "linear" }>
> = defineNode({
  name: "crossfade",
  about: "Fades from one signal to another.",
  source: "elementary",
  tail: 0,
  inputs: ["a", "b"],
  outputs: ["out"],
  params: {
    position: { min: 0, max: 1, default: 0.5, about: "0 is a, 1 is b." },
    curve: { values: ["equalPower", "linear"], default: "equalPower" },
  },
  tick({ a, b }, { position, curve }, _, { cosTurns, sinTurns }) {
    const angle = position * 0.25;
    const ofA = curve === 0 ? cosTurns(angle) : 1 - position;
    const ofB = curve === 0 ? sinTurns(angle) : position;
    return a * ofA + b * ofB;
  },
});
