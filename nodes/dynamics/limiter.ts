// This module is real-time safe.
import { defineNode, delayLine, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { DelayLineState, Params } from "../../core/kernel/definition.ts";
import { approach } from "../envelopes/approach.ts";

/** Steps of a tree over 2^steps frames. */
function treeSteps(sampleRate: number): number {
  return sampleRate > 128_000 ? 8 : sampleRate > 64_000 ? 7 : 6;
}

/** Steps of the largest tree. */
const MOST_STEPS = 8;

/** A line for each step of a tree; those it does not need are one frame long. @thread control */
function treeLines(): DelayLineState[] {
  return Array.from(
    { length: MOST_STEPS },
    (_, k) => delayLine((sampleRate) => k < treeSteps(sampleRate) ? 2 ** k : 1),
  );
}

/**
 * Stereo brick-wall limiter with look-ahead: no sample beyond `ceilingDb`, no distortion by steps.
 *
 * The gain that each frame needs goes through a minimum over 64 frames, a release, and a mean over 64
 * frames (the structure of G. Luff, "Designing a straightforward limiter", Signalsmith Audio 2022). A
 * frame that comes out 63 frames late has been in every minimum under the mean, so the gain is low
 * enough, and it moves in a straight line. Minimum and mean are trees of six steps: no loop, no drift.
 * Above 64 kHz it is 128 frames, above 128 kHz 256, so that the look-ahead stays near 1.3 ms.
 *
 * Peaks between samples are not looked at: allow 1 dB for what a converter makes of them. Below the
 * ceiling it changes no bit but for the delay. Latency 63, 127 or 255 frames. Tail: likewise.
 */
export const limiter: NodeDefinition<
  { readonly in: { readonly channels: 2 } },
  { readonly out: { readonly channels: 2 } },
  Params<"ceilingDb" | "release" | "gainDb">
> = defineNode({
  name: "limiter",
  about: "Stereo brick-wall limiter with a look-ahead of 1.3 ms.",
  source: "G. Luff, Designing a straightforward limiter, Signalsmith Audio 2022",
  latency: (sampleRate) => 2 ** treeSteps(sampleRate) - 1,
  tail: (_, sampleRate) => 2 ** treeSteps(sampleRate) / sampleRate,
  inputs: { in: { channels: 2 } },
  outputs: { out: { channels: 2 } },
  params: {
    ceilingDb: { unit: "dB", min: -40, max: 0, default: -1, about: "No sample beyond." },
    release: {
      unit: "s",
      min: 0.001,
      max: 2,
      default: 0.05,
      curve: "log",
      about: "Time constant of the way back.",
    },
    gainDb: { unit: "dB", min: -24, max: 48, default: 0, about: "Before the limiter." },
  },
  state: {
    left: delayLine((sampleRate) => 2 ** treeSteps(sampleRate)),
    right: delayLine((sampleRate) => 2 ** treeSteps(sampleRate)),
    minima: treeLines(),
    sums: treeLines(),
    // How much less than 1 the gain is: what has not been heard yet is 0.
    cut: 0,
  },
  uses: { approach, treeSteps, MOST_STEPS },
  tick(
    { in: x },
    { ceilingDb, release, gainDb },
    s,
    { sampleRate, exp2, abs, max, clamp, approach, treeSteps, MOST_STEPS },
  ) {
    const ceiling = exp2(ceilingDb * 0.16609640474436813);
    const gain = exp2(gainDb * 0.16609640474436813);
    const left = x[0] * gain;
    const right = x[1] * gain;
    const steps = treeSteps(sampleRate);
    const peak = max(abs(left), abs(right));
    let deepest = 1 - ceiling / max(peak, ceiling);
    for (let k = 0; k < steps; k++) {
      const line = s.minima[k];
      const before = line.read(line.length);
      line.write(deepest);
      deepest = before > deepest ? before : deepest;
    }
    const eased = s.cut + (deepest - s.cut) * approach(release * sampleRate);
    s.cut = deepest > eased ? deepest : eased;
    let sum = s.cut;
    for (let k = 0; k < steps; k++) {
      const line = s.sums[k];
      const before = line.read(line.length);
      line.write(sum);
      sum += before;
    }
    for (let k = steps; k < MOST_STEPS; k++) {
      s.minima[k].write(0);
      s.sums[k].write(0);
    }
    const factor = 1 - sum / 2 ** steps;
    const lateLeft = s.left.read(2 ** steps - 1);
    const lateRight = s.right.read(2 ** steps - 1);
    s.left.write(left);
    s.right.write(right);
    // The clamp is for the last digit of the mean.
    return {
      out: [
        clamp(lateLeft * factor, -ceiling, ceiling),
        clamp(lateRight * factor, -ceiling, ceiling),
      ],
    };
  },
});
