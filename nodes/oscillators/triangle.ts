// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps, turns } from "./phase.ts";
import { smoothCorner, stepScale } from "./smooth_step.ts";

/**
 * Band-limited triangle in phase with a sine: 0, 1, 0, -1.
 *
 * Its corners are rounded by the integral of the step that `saw` uses (BLAMP: F. Esqueda, V. Välimäki
 * and S. Bilbao, "Rounding corners with BLAMP", DAFx-16). A 2 kHz note aliases at -100 dB of the
 * fundamental below 10 kHz at 48 kHz. From a fourteenth of the sample rate on (3.4 kHz) corners are
 * nearer than the rounding is long, which is then shortened.
 *
 * Latency 0. No tail.
 */
export const triangle: NodeDefinition<readonly [], readonly ["out"], Params<"frequency" | "fm">> =
  defineNode({
    name: "triangle",
    about: "Band-limited triangle with linear frequency modulation through zero.",
    source: "F. Esqueda, V. Välimäki and S. Bilbao, Rounding corners with BLAMP, DAFx-16",
    tail: "infinite",
    outputs: ["out"],
    params: {
      frequency: { unit: "Hz", min: 0.001, max: 20_000, default: 440, curve: "log" },
      fm: { unit: "Hz", min: -20_000, max: 20_000, default: 0, about: "Added to the frequency." },
    },
    state: { phase: i32() },
    uses: { steps, turns, smoothCorner, stepScale },
    tick(
      _,
      { frequency, fm },
      s,
      { sampleRate, clamp, abs, steps, turns, smoothCorner, stepScale },
    ) {
      const dt = clamp((frequency + fm) / sampleRate, -0.49, 0.49);
      const scale = stepScale(dt, 0.25);
      const x = turns(s.phase);
      s.phase = (s.phase + steps(dt)) | 0;
      // Both corners of the half wave lie a quarter turn from its ends.
      const half = 1 - 4 * smoothCorner((abs(x) - 0.25) * scale) / scale;
      return x < 0 ? -half : half;
    },
  });
