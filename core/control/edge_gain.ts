/**
 * The gain of a connection: a hidden node between its two ends, there while the gain is not 1 or
 * the connection is being faded.
 *
 * @module
 */
import { defineNode, type NodeDefinition } from "../kernel/define_node.ts";

/** Largest gain of a connection; a negative one turns the phase. */
export const MAX_EDGE_GAIN = 1000;

/** How a fade goes from 0 to 1. */
export type FadeCurve = "linear" | "power";

const params = {
  gain: { min: -MAX_EDGE_GAIN, max: MAX_EDGE_GAIN, default: 1 },
  fade: { min: 0, max: 1, default: 1 },
} as const;

/** Indices of the parameters. */
export const EDGE_PARAM = { GAIN: 0, FADE: 1 } as const;

/** Fades by curve: in amplitude, or with constant power between two unrelated signals. */
export const edgeGains: Readonly<Record<FadeCurve, NodeDefinition>> = {
  linear: defineNode({
    name: "connection",
    inputs: ["in"],
    outputs: ["out"],
    params,
    tick({ in: x }, { gain, fade }) {
      return x * gain * fade;
    },
  }) as unknown as NodeDefinition,
  power: defineNode({
    name: "powerConnection",
    inputs: ["in"],
    outputs: ["out"],
    params,
    tick({ in: x }, { gain, fade }, _state, { sinTurns }) {
      return x * gain * sinTurns(0.25 * fade);
    },
  }) as unknown as NodeDefinition,
};
