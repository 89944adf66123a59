// This module is real-time safe.
import {
  channelIndex,
  defineNode,
  i32,
  type NodeDefinition,
} from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { approach } from "../envelopes/approach.ts";
import { hash } from "./hash.ts";

/**
 * Brown noise: 6 dB per octave less above 10 Hz, white below. It is white noise through a one-pole
 * low-pass, brought to an RMS of 0.33 at every sample rate; seldom beyond 1.3. Channels are
 * independent, as those of `noise`.
 *
 * Latency 0. No tail.
 */
export const brownNoise: NodeDefinition<readonly [], readonly ["out"], Params<"seed">> = defineNode(
  {
    name: "brownNoise",
    about: "Brown noise: 6 dB per octave less, the same for the same seed.",
    source: "C. Wellons, Prospecting for hash functions, 2018",
    tail: "infinite",
    outputs: ["out"],
    params: {
      seed: { min: 0, max: 65_535, default: 1, smooth: 0, about: "A whole number." },
    },
    state: { count: i32(), channel: channelIndex(), y: 0 },
    uses: { approach, hash },
    tick(_, { seed }, s, { sampleRate, sqrt, approach, hash }) {
      s.count = (s.count + 1) | 0;
      const white = hash(s.count ^ hash(((seed | 0) + (s.channel << 16)) | 0)) *
        4.656612873077393e-10;
      // A one-pole with share a makes the variance v of white noise v a / (2 - a).
      const share = approach(sampleRate / (2 * Math.PI * 10));
      s.y = s.y + (white * sqrt((2 - share) / (3 * share)) - s.y) * share;
      return s.y;
    },
  },
);
