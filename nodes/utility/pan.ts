// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Places a mono signal between left and right with constant power: gains are the cosine and sine of an
 * eighth of a turn times 1 + pan, 0.7071 (-3.01 dB) each in the middle. The sum of their squares is 1
 * within 5e-7. Latency 0. No tail.
 */
export const pan: NodeDefinition<
  readonly ["in"],
  { readonly out: { readonly channels: 2 } },
  Params<"pan">
> = defineNode({
  name: "pan",
  about: "Places a mono signal between left and right with constant power.",
  source: "elementary: the law of equal power",
  tail: 0,
  inputs: ["in"],
  outputs: { out: { channels: 2, about: "Left and right." } },
  params: { pan: { min: -1, max: 1, default: 0, about: "-1 is left, 1 is right." } },
  tick({ in: x }, { pan }, _, { cosTurns, sinTurns }) {
    const angle = (pan + 1) * 0.125;
    return { out: [x * cosTurns(angle), x * sinTurns(angle)] };
  },
});
