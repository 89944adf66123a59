// This module is real-time safe.
import { defineNode, delayLine, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { echoRinging, onePoleRinging } from "../filters/ringing.ts";
import { type Note, noteParam, TEMPO } from "../utility/note_values.ts";
import { noteSeconds, tempoHelpers, tempoState } from "./synced_time.ts";

/**
 * Echo of up to 2 s with feedback and a low-pass filter in the loop.
 *
 * The line is read between frames by a cubic (Catmull-Rom), so `time` can move: pitch bends as with a
 * tape. Time counts to the frame; at whole frames the echo is exact. The filter is a one-pole low-pass
 * with trapezoidal integration (V. Zavalishin, "The art of VA filter design", 2018, section 3.10); the
 * first echo passes it once, the second twice.
 *
 * With a `note` the time is that note's at `bpm`, dotted and triplet ones too; one longer than 2 s is
 * halved until it fits, so echoes stay on the beat. Tempo and note move as time does: nothing clicks.
 *
 * Latency 0 of the dry signal. Tail: time * 60 dB / (-20 log10 |feedback|) to -60 dB.
 */
export const delay: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"time" | "feedback" | "cutoff" | "mix" | "bpm", { note: Note }>
> = defineNode({
  name: "delay",
  about: "Echo of up to 2 s with feedback and a low-pass filter in the loop.",
  source: "V. Zavalishin, The art of VA filter design, 2018, section 3.10, for the loop's filter",
  tail: ({ time, feedback, cutoff, note, bpm }) => {
    const apart = note === 0 ? time : noteSeconds(note, bpm);
    return apart + echoRinging(apart, feedback) + onePoleRinging(cutoff);
  },
  inputs: ["in"],
  outputs: ["out"],
  params: {
    time: { unit: "s", min: 0.0001, max: 2, default: 0.3, smooth: 0.05 },
    feedback: { min: -0.99, max: 0.99, default: 0.4 },
    cutoff: { unit: "Hz", min: 20, max: 20_000, default: 8_000, curve: "log" },
    mix: { min: 0, max: 1, default: 0.5, about: "0 is dry, 1 is echo only." },
    note: noteParam("Time as a note value; free is time in seconds."),
    bpm: TEMPO,
  },
  state: {
    line: delayLine((sampleRate) => 2 * sampleRate + 4),
    low: 0,
    tempo: tempoState(),
  },
  uses: tempoHelpers,
  tick({ in: x }, { time, feedback, cutoff, mix, note, bpm }, s, context) {
    const { sampleRate, tanPi, min, syncedFrames } = context;
    const frames = syncedFrames(time, note, bpm, s.tempo, context);
    const g = tanPi(min(cutoff / sampleRate, 0.49));
    const share = g / (1 + g);
    const step = (s.line.readCubic(frames) - s.low) * share;
    const echo = s.low + step;
    s.low = echo + step;
    s.line.write(x + echo * feedback);
    return x + (echo - x) * mix;
  },
});
