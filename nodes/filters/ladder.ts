// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Moog's ladder: four one-pole filters in series with feedback around all, which saturates.
 *
 * Source: V. Zavalishin, "The art of VA filter design", rev. 2.1.2, 2018, chapter 5: one-poles with
 * trapezoidal integration (g, h = 1/(1 + g), G = g h), the loop solved without delay. The saturation is
 * a tanh where the feedback joins the input (section 6.4); its equation u + k G^4 tanh(u) = a is solved
 * by one Newton step from the linear solution. Modes are mixtures of the stages (Oberheim Xpander).
 *
 * `resonance` 1 is where the linear loop begins to oscillate, k = 4; above, it sounds by itself, in
 * tune with `cutoff` within 1 cent up to 10 kHz. Feedback takes bass away, 1/(1 + k); `bass` gives it
 * back. `drive` goes into the saturation: at 1, a signal of 0.1 is distorted by 0.08 %.
 *
 * Latency 0. Tail: until the state is below -120 dB; endless while it oscillates.
 */
export const ladder: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<
    "cutoff" | "resonance" | "drive" | "bass",
    { mode: "lowpass24" | "lowpass12" | "bandpass24" | "bandpass12" | "highpass24" | "highpass12" }
  >
> = defineNode({
  name: "ladder",
  about: "Moog's transistor ladder with zero-delay feedback and saturation.",
  source: "V. Zavalishin, The art of VA filter design, 2018, chapters 5 and 6",
  tail: ({ cutoff, resonance }) =>
    // Poles lie at 1 - resonance^(1/4) times the cutoff from the axis; there are four of them.
    resonance < 1
      ? (Math.log(1000) / (1 - resonance ** 0.25) + 6) / (2 * Math.PI * cutoff)
      : Infinity,
  inputs: ["in"],
  outputs: ["out"],
  params: {
    cutoff: { unit: "Hz", min: 10, max: 20_000, default: 1_000, curve: "log" },
    resonance: { min: 0, max: 1.25, default: 0.3, about: "From 1 on it oscillates." },
    drive: { min: 0.1, max: 20, default: 1, curve: "log", about: "Into the saturation." },
    bass: { min: 0, max: 1, default: 0, about: "How much bass is kept as resonance rises." },
    mode: {
      values: ["lowpass24", "lowpass12", "bandpass24", "bandpass12", "highpass24", "highpass12"],
      default: "lowpass24",
    },
  },
  state: { s1: 0, s2: 0, s3: 0, s4: 0 },
  tick(
    { in: x },
    { cutoff, resonance, drive, bass, mode },
    s,
    { sampleRate, tanPi, tanh, min },
  ) {
    const g = tanPi(min(cutoff / sampleRate, 0.49));
    const h = 1 / (1 + g);
    const G = g * h;
    const k = 4 * resonance;
    const loop = k * (G * G) * (G * G);
    // Weights of the input of the first stage and of the outputs of all four.
    const band = mode === 2 || mode === 3;
    const m0 = mode >= 4 ? 1 : 0;
    const m1 = mode === 3 ? 2 : mode === 4 ? -4 : mode === 5 ? -2 : 0;
    const m2 = mode === 1 || mode === 5 ? 1 : mode === 2 ? 4 : mode === 3 ? -2 : mode === 4 ? 6 : 0;
    const m3 = mode === 2 ? -8 : mode === 4 ? -4 : 0;
    const m4 = mode === 0 || mode === 4 ? 1 : band && mode === 2 ? 4 : 0;

    // What the last stage would give for no input, and the loop's equation.
    const rest = h * (((G * s.s1 + s.s2) * G + s.s3) * G + s.s4);
    const a = x * (drive * (1 + bass * k)) - k * rest;
    const u = a / (1 + loop);
    const t = tanh(u);
    const slope = 1 - t * t;
    const step = (a - u - loop * t) / (1 + loop * slope);
    const y0 = t + slope * step;

    const v1 = (y0 - s.s1) * G;
    const y1 = s.s1 + v1;
    s.s1 = y1 + v1;
    const v2 = (y1 - s.s2) * G;
    const y2 = s.s2 + v2;
    s.s2 = y2 + v2;
    const v3 = (y2 - s.s3) * G;
    const y3 = s.s3 + v3;
    s.s3 = y3 + v3;
    const v4 = (y3 - s.s4) * G;
    const y4 = s.s4 + v4;
    s.s4 = y4 + v4;
    return (m0 * y0 + m1 * y1) + (m2 * y2 + m3 * y3) + m4 * y4;
  },
});
