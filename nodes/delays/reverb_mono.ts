// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { allpassLines, combLines } from "./freeverb.ts";

/**
 * One side of Freeverb: eight parallel comb filters with a low-pass in the loop, then four allpasses.
 *
 * Source: Jezar at Dreampoint, "Freeverb", 2000 (public domain), after M. R. Schroeder, "Natural
 * sounding artificial reverberation", JAES 10, 1962, and J. A. Moorer, "About this reverberation
 * business", CMJ 3, 1979. Departures: the loop's filter keeps its value times `feedback`, which saves
 * a multiplication and is the same while `feedback` is still; lines grow with sample rates above
 * 48 kHz; there is no input gain (Freeverb has 0.015), so a loud room wants a quiet input.
 *
 * Latency 0 of the dry signal; the first reflection comes after 1116 frames.
 * Tail: 60 dB in -3 * 1617 / (44100 log10 feedback) s without damping, 1.6 s at 0.84.
 */
export const reverbMono: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"feedback" | "damping" | "wet" | "dry">
> = defineNode({
  name: "reverbMono",
  about: "One side of Freeverb: eight combs and four allpasses.",
  source: "Jezar at Dreampoint, Freeverb, 2000",
  tail: ({ feedback }) => 1640 / 44_100 * (1 + 3 / -Math.log10(feedback)) + 0.13,
  inputs: ["in"],
  outputs: ["out"],
  params: {
    feedback: { min: 0, max: 0.99, default: 0.84, about: "Size of the room." },
    damping: { min: 0, max: 1, default: 0.2, about: "Loss of high frequencies." },
    wet: { min: 0, max: 2, default: 1, about: "Level of the room." },
    dry: { min: 0, max: 2, default: 0, about: "Level of the input." },
  },
  state: { combs: combLines(0), lows: [0, 0, 0, 0, 0, 0, 0, 0], allpasses: allpassLines(0) },
  tick({ in: x }, { feedback, damping, wet, dry }, s) {
    const fresh = feedback * (1 - damping);
    let sum = 0;
    for (let k = 0; k < 8; k++) {
      const line = s.combs[k];
      const y = line.read(line.length);
      s.lows[k] = y * fresh + s.lows[k] * damping;
      line.write(x + s.lows[k]);
      sum += y;
    }
    for (let k = 0; k < 4; k++) {
      const line = s.allpasses[k];
      const y = line.read(line.length);
      line.write(sum + y * 0.5);
      sum = y - sum;
    }
    return sum * wet + x * dry;
  },
});
