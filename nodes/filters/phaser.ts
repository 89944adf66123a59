// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps, turns } from "../oscillators/phase.ts";
import { wrappedSine } from "../oscillators/wrapped_sine.ts";

/**
 * Phaser: eight first-order all-passes in series whose corner moves, mixed to the dry signal: notches
 * where they turn the phase by an odd half turn, one for every two stages.
 *
 * Source: the stages are the one-poles with trapezoidal integration of V. Zavalishin, "The art of VA
 * filter design", rev. 2.1.2, 2018 (section 3.10), the feedback around them is solved without delay
 * (chapter 5), so resonances stand where they should. `depth` octaves up and down from `cutoff`.
 *
 * At rest the response is 1 - mix + mix A^n / (1 + feedback A^n) within 0.02 dB. Latency 0. Tail: that
 * of the resonance, 0.2 s at most at the defaults.
 */
export const phaser: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"rate" | "depth" | "cutoff" | "feedback" | "mix" | "phase", { stages: "4" | "6" | "8" }>
> = defineNode({
  name: "phaser",
  about: "Phaser with four, six or eight stages and zero-delay feedback.",
  source: "V. Zavalishin, The art of VA filter design, 2018",
  tail: ({ cutoff, depth, feedback, stages }) => {
    const n = 4 + 2 * stages;
    const lowest = 2 * Math.PI * cutoff * 2 ** -depth;
    const R = Math.abs(feedback) ** (-1 / n); // |A| at the poles
    const damping = R < Infinity ? (R - 1) / (R + 1) : 1;
    return (Math.log(1000) / damping + 2 * n) / lowest;
  },
  inputs: ["in"],
  outputs: ["out"],
  params: {
    rate: { unit: "Hz", min: 0.01, max: 10, default: 0.3, curve: "log" },
    depth: { unit: "octaves", min: 0, max: 4, default: 1.5, about: "Up and down from cutoff." },
    cutoff: { unit: "Hz", min: 50, max: 8_000, default: 700, curve: "log" },
    feedback: { min: -0.95, max: 0.95, default: 0.3, about: "Sharpens the notches." },
    mix: { min: 0, max: 1, default: 0.5, about: "0 is dry; notches are deepest at 0.5." },
    stages: { values: ["4", "6", "8"], default: "4", about: "Two for each notch." },
    phase: { unit: "turns", min: 0, max: 1, default: 0, about: "Of the motion." },
  },
  state: { s: [0, 0, 0, 0, 0, 0, 0, 0], phase: i32() },
  uses: { steps, turns, wrappedSine },
  tick(
    { in: x },
    { rate, depth, cutoff, feedback, mix, stages, phase },
    state,
    { sampleRate, tanPi, exp2, min, steps, turns, wrappedSine },
  ) {
    const lfo = -wrappedSine(turns((state.phase + steps(phase - 0.5)) | 0));
    state.phase = (state.phase + steps(rate / sampleRate)) | 0;
    const g = tanPi(min(cutoff * exp2(depth * lfo) / sampleRate, 0.45));
    const h = 1 / (1 + g);
    // A stage gives a x + b s: a = (g - 1) h, and b = 2 h with s the state of its low-pass.
    const a = (g - 1) * h;
    const b = 2 * h;
    // What n stages give for no input, and their gain for what comes now.
    const { s } = state;
    const a2 = a * a;
    const rest4 = b * (((s[0] * a + s[1]) * a + s[2]) * a + s[3]);
    const rest6 = rest4 * a2 + b * (s[4] * a + s[5]);
    const rest8 = rest6 * a2 + b * (s[6] * a + s[7]);
    const rest = stages === 0 ? rest4 : stages === 1 ? rest6 : rest8;
    const now = stages === 0 ? a2 * a2 : stages === 1 ? a2 * a2 * a2 : a2 * a2 * (a2 * a2);
    let y = (x - feedback * rest) / (1 + feedback * now);
    let wet = 0;
    for (let k = 0; k < 8; k++) {
      const v = (y - s[k]) * (g * h);
      const low = s[k] + v;
      s[k] = low + v;
      y = 2 * low - y;
      if (k === 3) wet = y;
      if (k === 5) wet = stages >= 1 ? y : wet;
      if (k === 7) wet = stages === 2 ? y : wet;
    }
    return x + (wet - x) * mix;
  },
});
