// This module is real-time safe.
import { defineNode, delayLine, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { approach } from "../envelopes/approach.ts";

/**
 * Compressor with a soft knee, peak or RMS detection, side chain and look-ahead.
 *
 * Source: D. Giannoulis, M. Massberg and J. D. Reiss, "Digital dynamic range compressor design - a
 * tutorial and analysis", JAES 60(6), 2012: the gain computer of equation 4, the smooth, branching
 * detector of equation 17 on the gain reduction in dB, which the paper prefers. The static curve is
 * that equation within 0.02 dB; attack and release are time constants (63 %).
 *
 * `sidechain` decides about the gain when `detect` says so; unconnected it is silent, and nothing is
 * compressed. `reductionDb` is the reduction as a signal, 0 or more. For linked stereo send the mix of
 * both sides to the side chains of two.
 *
 * Latency: `lookahead`. Tail: the look-ahead.
 */
export const compressor: NodeDefinition<
  readonly ["in", "sidechain"],
  readonly ["out", "reductionDb"],
  Params<
    "thresholdDb" | "ratio" | "kneeDb" | "attack" | "release" | "makeupDb" | "lookahead",
    { detector: "peak" | "rms"; detect: "input" | "sidechain" }
  >
> = defineNode({
  name: "compressor",
  about: "Compressor with soft knee, peak or RMS detection, side chain and look-ahead.",
  source: "D. Giannoulis, M. Massberg and J. D. Reiss, JAES 60(6), 2012",
  tail: ({ lookahead, release }) => lookahead + Math.log(1000) * release,
  inputs: ["in", "sidechain"],
  outputs: ["out", "reductionDb"],
  params: {
    thresholdDb: {
      unit: "dB",
      min: -80,
      max: 0,
      default: -20,
      about: "Level from which it compresses.",
    },
    ratio: { min: 1, max: 100, default: 4, curve: "log", about: "dB in for one dB out." },
    kneeDb: { unit: "dB", min: 0, max: 30, default: 6, about: "Width of the soft knee." },
    attack: {
      unit: "s",
      min: 0.00002,
      max: 1,
      default: 0.005,
      curve: "log",
      about: "Time constant.",
    },
    release: { unit: "s", min: 0.001, max: 5, default: 0.1, curve: "log", about: "Time constant." },
    makeupDb: { unit: "dB", min: -24, max: 48, default: 0, about: "Gain after it." },
    lookahead: {
      unit: "s",
      min: 0,
      max: 0.02,
      default: 0,
      about: "Delay of the signal, so that the gain is there first.",
    },
    detector: { values: ["peak", "rms"], default: "peak", about: "rms averages 5 ms." },
    detect: {
      values: ["input", "sidechain"],
      default: "input",
      about: "What decides about the gain.",
    },
  },
  state: { line: delayLine((sampleRate) => 0.02 * sampleRate + 2), power: 0, reduction: 0 },
  uses: { approach },
  tick(
    { in: x, sidechain },
    { thresholdDb, ratio, kneeDb, attack, release, makeupDb, lookahead, detector, detect },
    s,
    { sampleRate, log2, exp2, max, approach },
  ) {
    const key = detect === 0 ? x : sidechain;
    const square = key * key;
    s.power = s.power + (square - s.power) * approach(0.005 * sampleRate);
    // 10 log10 of the power; -200 dB is silence enough.
    const level = 3.0102999566398120 * log2(max(detector === 0 ? square : s.power, 1e-20));

    const over = level - thresholdDb;
    const slope = 1 - 1 / ratio;
    const intoKnee = max(over + 0.5 * kneeDb, 0);
    const soft = intoKnee * intoKnee / (2 * max(kneeDb, 0.001));
    const wanted = slope * (over > 0.5 * kneeDb ? over : soft);

    const share = wanted > s.reduction
      ? approach(attack * sampleRate)
      : approach(release * sampleRate);
    s.reduction = s.reduction + (wanted - s.reduction) * share;
    const gain = exp2((makeupDb - s.reduction) * 0.16609640474436813);
    const frames = lookahead * sampleRate;
    const late = frames < 1 ? x : s.line.read(frames);
    s.line.write(x);
    return { out: late * gain, reductionDb: s.reduction };
  },
});
