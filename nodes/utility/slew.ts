// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { approach } from "../envelopes/approach.ts";

/**
 * Follows its input no faster than allowed: `linear` by at most 1 in `rise` and in `fall` seconds,
 * `exponential` as a one-pole with these time constants. Makes steps into glides (portamento).
 *
 * Latency 0. Tail: until it has arrived.
 */
export const slew: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"rise" | "fall", { curve: "linear" | "exponential" }>
> = defineNode({
  name: "slew",
  about: "Limits how fast a signal moves.",
  source: "elementary",
  tail: ({ rise, fall, curve }) => Math.max(rise, fall) * (curve === 0 ? 1 : Math.log(1000)),
  inputs: ["in"],
  outputs: ["out"],
  params: {
    rise: {
      unit: "s",
      min: 0.00001,
      max: 20,
      default: 0.1,
      curve: "log",
      about: "Seconds for 1, or the time constant.",
    },
    fall: {
      unit: "s",
      min: 0.00001,
      max: 20,
      default: 0.1,
      curve: "log",
      about: "Seconds for 1, or the time constant.",
    },
    curve: { values: ["linear", "exponential"], default: "linear" },
  },
  state: { y: 0 },
  uses: { approach },
  tick({ in: x }, { rise, fall, curve }, s, { sampleRate, min, max, approach }) {
    const way = x - s.y;
    const limited = max(min(way, 1 / (rise * sampleRate)), -1 / (fall * sampleRate));
    const share = way > 0 ? approach(rise * sampleRate) : approach(fall * sampleRate);
    s.y = s.y + (curve === 0 ? limited : way * share);
    return s.y;
  },
});
