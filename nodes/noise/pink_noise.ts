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
 * Pink noise: 3 dB per octave less, as much power in each octave.
 *
 * White noise through eight one-poles in parallel (the idea of P. Kellet's filter, music-dsp list 1999);
 * `tools/pink.ts` derives ours in units of the sample rate, where pink noise looks the same at every
 * rate: within 0.25 dB of its line from 1e-4 to 0.455 of the sample rate (5 Hz to 21.8 kHz at 48 kHz).
 * RMS 0.33 at 48 kHz; seldom beyond 1.3. Channels are independent, as those of `noise`.
 *
 * Latency 0. No tail.
 */
export const pinkNoise: NodeDefinition<readonly [], readonly ["out"], Params<"seed">> = defineNode({
  name: "pinkNoise",
  about: "Pink noise: as much power in each octave, the same for the same seed.",
  source: "P. Kellet, music-dsp list 1999; coefficients of tools/pink.ts",
  tail: "infinite",
  outputs: ["out"],
  params: {
    seed: { min: 0, max: 65_535, default: 1, smooth: 0, about: "A whole number." },
  },
  state: { count: i32(), channel: channelIndex(), poles: [0, 0, 0, 0, 0, 0, 0, 0] },
  uses: {
    hash,
    shares: [
      0.0002660306,
      0.0007517837,
      0.002693591,
      0.00856053,
      0.0280377,
      0.09398857,
      0.5706811,
      0.5951323,
    ],
    weights: [
      10.05432,
      5.964744,
      2.607151,
      1.292538,
      0.5524083,
      0.6250443,
      0.2521925,
      0.08122413,
    ],
  },
  tick(_, { seed }, s, { hash, shares, weights }) {
    s.count = (s.count + 1) | 0;
    const white = hash(s.count ^ hash(((seed | 0) + (s.channel << 16)) | 0)) *
      4.656612873077393e-10;
    let sum = white * 0.005514743;
    for (let k = 0; k < 8; k++) {
      s.poles[k] += (white - s.poles[k]) * shares[k];
      sum += s.poles[k] * weights[k];
    }
    return sum;
  },
});
