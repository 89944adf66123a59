// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { approach } from "./approach.ts";

/**
 * The level of a signal: its magnitude (peak) or the root of its mean square, followed by a one-pole
 * with a time constant for rising and one for falling levels.
 *
 * A sine of amplitude 1 reads 0.7071 as `rms` within 0.5 % at the defaults from 100 Hz on; as `peak`,
 * with a fast attack, 0.99 at a release of 0.1 s and 440 Hz.
 *
 * Latency 0. Tail: 6.9 releases to -60 dB.
 */
export const envelopeFollower: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"attack" | "release", { detector: "rms" | "peak" }>
> = defineNode({
  name: "envelopeFollower",
  about: "The level of a signal, peak or RMS.",
  source: "U. Zölzer (ed.), DAFX, 2nd edition 2011, section 4.2",
  tail: ({ release, detector }) => Math.log(1000) * release * (detector === 0 ? 2 : 1),
  inputs: ["in"],
  outputs: ["out"],
  params: {
    attack: {
      unit: "s",
      min: 0.0001,
      max: 2,
      default: 0.1,
      curve: "log",
      about: "Time constant of a rise.",
    },
    release: {
      unit: "s",
      min: 0.0001,
      max: 10,
      default: 0.1,
      curve: "log",
      about: "Time constant of a fall.",
    },
    detector: { values: ["rms", "peak"], default: "rms" },
  },
  state: { level: 0 },
  uses: { approach },
  tick({ in: x }, { attack, release, detector }, s, { sampleRate, abs, sqrt, approach }) {
    const up = approach(attack * sampleRate);
    const down = approach(release * sampleRate);
    const target = detector === 0 ? x * x : abs(x);
    s.level = s.level + (target - s.level) * (target > s.level ? up : down);
    return detector === 0 ? sqrt(s.level) : s.level;
  },
});
