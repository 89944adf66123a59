// This module is real-time safe.
import { defineNode, delayLine, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { echoRinging, onePoleRinging } from "../filters/ringing.ts";
import { TEMPO } from "../utility/note_values.ts";
import { SYNC, syncedTime, TIME_BEATS } from "./synced_time.ts";

/**
 * Echo of up to 2 s with feedback and a low-pass filter in the loop.
 *
 * The line is read between frames by a cubic (Catmull-Rom), so `time` can move: pitch bends as with a
 * tape. Time counts to the frame; at whole frames the echo is exact. The filter is a one-pole low-pass
 * with trapezoidal integration (V. Zavalishin, "The art of VA filter design", 2018, section 3.10); the
 * first echo passes it once, the second twice.
 *
 * With `sync` at 1 the time is `beats` at `bpm`, 2 s at most (`noteBeats("1/8.")` gives the beats of a note
 * value). All three move as `time` does, in 50 ms and longer ramps as one likes, and nothing clicks.
 *
 * Latency 0 of the dry signal. Tail: time * 60 dB / (-20 log10 |feedback|) to -60 dB.
 */
export const delay: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"time" | "feedback" | "cutoff" | "mix" | "sync" | "beats" | "bpm">
> = defineNode({
  name: "delay",
  about: "Echo of up to 2 s with feedback and a low-pass filter in the loop.",
  source: "V. Zavalishin, The art of VA filter design, 2018, section 3.10, for the loop's filter",
  tail: ({ time, feedback, cutoff, sync, beats, bpm }) => {
    const apart = syncedTime(time, sync, beats, bpm);
    return apart + echoRinging(apart, feedback) + onePoleRinging(cutoff);
  },
  inputs: ["in"],
  outputs: ["out"],
  params: {
    time: { unit: "s", min: 0.0001, max: 2, default: 0.3, smooth: 0.05 },
    feedback: { min: -0.99, max: 0.99, default: 0.4 },
    cutoff: { unit: "Hz", min: 20, max: 20_000, default: 8_000, curve: "log" },
    mix: { min: 0, max: 1, default: 0.5, about: "0 is dry, 1 is echo only." },
    sync: SYNC,
    beats: TIME_BEATS,
    bpm: TEMPO,
  },
  state: {
    line: delayLine((sampleRate) => 2 * sampleRate + 4),
    low: 0,
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
    const step = (s.line.readCubic(frames) - s.low) * share;
    const echo = s.low + step;
    s.low = echo + step;
    s.line.write(x + echo * feedback);
    return x + (echo - x) * mix;
  },
});
