// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Narrows or widens: the difference of the sides times `width`, their mean unchanged. 0 is mono, 1 what
 * comes in, 2 twice as wide. Latency 0. No tail.
 */
export const stereoWidth: NodeDefinition<
  { readonly in: { readonly channels: 2 } },
  { readonly out: { readonly channels: 2 } },
  Params<"width">
> = defineNode({
  name: "stereoWidth",
  about: "Narrows or widens a stereo signal.",
  source: "elementary: mid and side, A. D. Blumlein, British patent 394325, 1931",
  tail: 0,
  inputs: { in: { channels: 2 } },
  outputs: { out: { channels: 2 } },
  params: { width: { min: 0, max: 2, default: 1, about: "0 is mono, 1 as it comes." } },
  tick({ in: x }, { width }) {
    const middle = (x[0] + x[1]) * 0.5;
    const side = (x[0] - x[1]) * (0.5 * width);
    return { out: [middle + side, middle - side] };
  },
});
