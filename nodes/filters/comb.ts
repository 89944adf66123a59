// This module is real-time safe.
import { defineNode, delayLine, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { echoRinging } from "./ringing.ts";

/**
 * Feedback comb filter tuned in Hz: it rings at `frequency` and its multiples (at its odd halves, an
 * octave below, when `feedback` is negative). A one-pole low-pass in the loop takes the highs first.
 *
 * With the filter open and sampleRate / frequency whole, the response is 1 / (1 - g z^-N) within
 * 0.01 dB. Otherwise the line is read by a cubic; the low-pass's own delay at 0 Hz is taken off the
 * line, so that it stays in tune: within 2 cents at 440 Hz with `damping` at 5 kHz.
 *
 * Latency 0. Tail: 3 / (frequency * -log10 |feedback|) s to -60 dB.
 */
export const comb: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"frequency" | "feedback" | "damping">
> = defineNode({
  name: "comb",
  about: "Feedback comb filter tuned in Hz, with a low-pass in the loop.",
  source: "M. R. Schroeder, JAES 10, 1962",
  tail: ({ frequency, feedback }) => echoRinging(1 / frequency, feedback),
  inputs: ["in"],
  outputs: ["out"],
  params: {
    frequency: { unit: "Hz", min: 20, max: 5_000, default: 220, curve: "log" },
    feedback: {
      min: -0.999,
      max: 0.999,
      default: 0.9,
      about: "Negative: an octave lower, odd harmonics.",
    },
    damping: {
      unit: "Hz",
      min: 100,
      max: 20_000,
      default: 20_000,
      curve: "log",
      about: "Low-pass in the loop.",
    },
  },
  state: { line: delayLine((sampleRate) => sampleRate / 20 + 4), low: 0 },
  tick({ in: x }, { frequency, feedback, damping }, s, { sampleRate, exp, max }) {
    // y = y + c (x - y), whose delay at 0 Hz is 1/c - 1 frames; fully open at 20 kHz
    const pole = damping < 20_000 ? exp(-6.283185307179586 * damping / sampleRate) : 0;
    const c = 1 - pole;
    const frames = max(sampleRate / frequency - pole / c, 2);
    s.low = s.low + c * (s.line.readCubic(frames) - s.low);
    const y = x + feedback * s.low;
    s.line.write(y);
    return y;
  },
});
