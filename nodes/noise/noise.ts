// This module is real-time safe.
import {
  channelIndex,
  defineNode,
  i32,
  type NodeDefinition,
} from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { hash } from "./hash.ts";

/**
 * White noise, evenly distributed in [-1, 1).
 *
 * The hash of a running number: no two neighbours are related as in a linear congruential generator,
 * and the period is 2^32 samples, a day at 48 kHz. Each `seed` is another stretch of noise; two nodes
 * with one seed give the same noise, the channels of one node do not (channel c is as if the seed
 * were 65536 c more). Variance 1/3 (-4.8 dB), flat to 0.1 dB.
 *
 * Latency 0. No tail.
 */
export const noise: NodeDefinition<readonly [], readonly ["out"], Params<"seed">> = defineNode({
  name: "noise",
  about: "White noise, evenly distributed in [-1, 1), the same for the same seed.",
  source: "C. Wellons, Prospecting for hash functions, 2018",
  tail: "infinite",
  outputs: ["out"],
  params: {
    seed: { min: 0, max: 65_535, default: 1, smooth: 0, about: "A whole number." },
  },
  state: { count: i32(), channel: channelIndex() },
  uses: { hash },
  tick(_, { seed }, s, { hash }) {
    s.count = (s.count + 1) | 0;
    return hash(s.count ^ hash(((seed | 0) + (s.channel << 16)) | 0)) * 4.656612873077393e-10;
  },
});
