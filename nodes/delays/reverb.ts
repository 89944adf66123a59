// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { allpassLines, combLines, SPREAD } from "./freeverb.ts";

/**
 * Freeverb: two sides of eight parallel combs with a low-pass in the loop and four allpasses; the
 * right side's lines are 23 frames longer.
 *
 * Source and departures as in `reverbMono`. Both sides hear the mean of the inputs times 0.015, and
 * `width` mixes them; `wet` and `dry` are plain factors (Freeverb takes the sum of the inputs and
 * three times `wet`, 15.6 dB more).
 *
 * Latency 0 of the dry signal. Tail: 60 dB in 1.6 s at a feedback of 0.84 without damping.
 */
export const reverb: NodeDefinition<
  { readonly in: { readonly channels: 2 } },
  { readonly out: { readonly channels: 2 } },
  Params<"feedback" | "damping" | "wet" | "dry" | "width">
> = defineNode({
  name: "reverb",
  about: "Stereo reverberator with the sound of Freeverb.",
  source: "Jezar at Dreampoint, Freeverb, 2000",
  tail: ({ feedback }) => 1640 / 44_100 * (1 + 3 / -Math.log10(feedback)) + 0.13,
  inputs: { in: { channels: 2 } },
  outputs: { out: { channels: 2 } },
  params: {
    feedback: { min: 0, max: 0.99, default: 0.84, about: "Size of the room." },
    damping: { min: 0, max: 1, default: 0.2, about: "Loss of high frequencies." },
    wet: { min: 0, max: 4, default: 1, about: "Level of the room." },
    dry: { min: 0, max: 4, default: 0, about: "Level of the input." },
    width: { min: 0, max: 1, default: 1, about: "0 is mono." },
  },
  state: {
    leftCombs: combLines(0),
    rightCombs: combLines(SPREAD),
    leftLows: [0, 0, 0, 0, 0, 0, 0, 0],
    rightLows: [0, 0, 0, 0, 0, 0, 0, 0],
    leftAllpasses: allpassLines(0),
    rightAllpasses: allpassLines(SPREAD),
  },
  tick({ in: x }, { feedback, damping, wet, dry, width }, s) {
    const fresh = feedback * (1 - damping);
    const input = (x[0] + x[1]) * 0.0075;
    let left = 0;
    let right = 0;
    for (let k = 0; k < 8; k++) {
      const a = s.leftCombs[k];
      const y = a.read(a.length);
      s.leftLows[k] = y * fresh + s.leftLows[k] * damping;
      a.write(input + s.leftLows[k]);
      left += y;
      const b = s.rightCombs[k];
      const z = b.read(b.length);
      s.rightLows[k] = z * fresh + s.rightLows[k] * damping;
      b.write(input + s.rightLows[k]);
      right += z;
    }
    for (let k = 0; k < 4; k++) {
      const a = s.leftAllpasses[k];
      const y = a.read(a.length);
      a.write(left + y * 0.5);
      left = y - left;
      const b = s.rightAllpasses[k];
      const z = b.read(b.length);
      b.write(right + z * 0.5);
      right = z - right;
    }
    const near = wet * (0.5 + 0.5 * width);
    const far = wet * (0.5 - 0.5 * width);
    return {
      out: [left * near + right * far + x[0] * dry, right * near + left * far + x[1] * dry],
    };
  },
});
