// This module is real-time safe.
import { defineNode, delayLine, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { echoRinging, onePoleRinging } from "../filters/ringing.ts";
import { TEMPO } from "../utility/note_values.ts";
import { SYNC, syncedTime, TIME_BEATS } from "./synced_time.ts";

/**
 * Echoes that jump from left to right: the first after `time` on the left, the next after another
 * `time` on the right, then left again, each times `feedback` and once more through the low-pass
 * filter of `delay`, whose lines and figures these are.
 *
 * `sync`, `beats` and `bpm` set the time as in `delay`. Latency 0 of the dry signal. Tail: time * 60 dB / (-20 log10 |feedback|) to -60 dB.
 */
export const pingPong: NodeDefinition<
  readonly ["in"],
  { readonly out: { readonly channels: 2 } },
  Params<"time" | "feedback" | "cutoff" | "mix" | "sync" | "beats" | "bpm">
> = defineNode({
  name: "pingPong",
  about: "Echoes of up to 2 s that jump from left to right.",
  source: "V. Zavalishin, The art of VA filter design, 2018, section 3.10, for the loop's filter",
  tail: ({ time, feedback, cutoff, sync, beats, bpm }) => {
    const apart = syncedTime(time, sync, beats, bpm);
    return apart + echoRinging(apart, feedback) + onePoleRinging(cutoff);
  },
  inputs: ["in"],
  outputs: { out: { channels: 2 } },
  params: {
    time: { unit: "s", min: 0.0001, max: 2, default: 0.3, smooth: 0.05 },
    feedback: { min: -0.99, max: 0.99, default: 0.5 },
    cutoff: { unit: "Hz", min: 20, max: 20_000, default: 8_000, curve: "log" },
    mix: { min: 0, max: 1, default: 0.5, about: "0 is dry, 1 is echo only." },
    sync: SYNC,
    beats: TIME_BEATS,
    bpm: TEMPO,
  },
  state: {
    left: delayLine((sampleRate) => 2 * sampleRate + 4),
    right: delayLine((sampleRate) => 2 * sampleRate + 4),
    leftLow: 0,
    rightLow: 0,
  },
  uses: { syncedTime },
  tick(
    { in: x },
    { time, feedback, cutoff, mix, sync, beats, bpm },
    s,
    { sampleRate, tanPi, min, syncedTime },
  ) {
    const frames = syncedTime(time, sync, beats, bpm) * sampleRate;
    const g = tanPi(min(cutoff / sampleRate, 0.49));
    const share = g / (1 + g);
    const leftStep = (s.left.readCubic(frames) - s.leftLow) * share;
    const left = s.leftLow + leftStep;
    s.leftLow = left + leftStep;
    const rightStep = (s.right.readCubic(frames) - s.rightLow) * share;
    const right = s.rightLow + rightStep;
    s.rightLow = right + rightStep;
    s.left.write(x + right * feedback);
    s.right.write(left * feedback);
    return { out: [x + (left - x) * mix, x + (right - x) * mix] };
  },
});
