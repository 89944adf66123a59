// This module is real-time safe.
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { defineSpectral } from "./define_spectral.ts";

/**
 * Spectral gate: takes away what is quieter than a threshold, bin by bin.
 *
 * Source: S. F. Boll, "Suppression of acoustic noise in speech using spectral subtraction", IEEE Trans.
 * ASSP 1979, with a soft edge: a bin's gain is m^2 / (m^2 + threshold^2) of its magnitude m, and not
 * less than `floor`. The threshold is the amplitude of a sine.
 *
 * A sine 20 dB above the threshold keeps its level within 0.25 dB; one 20 dB below loses 35 dB or more.
 *
 * The window is 1024 frames at every sample rate, so bins lie 43, 47 or 94 Hz apart at 44.1, 48 or 96 kHz
 * and edges are 23, 21 or 11 ms long. A quiet tone beside a loud one is let through within 1.5 bins of it
 * (70 Hz at 48 kHz, 141 Hz at 96 kHz), and loses 15 dB or more 6 bins away (281 Hz, 563 Hz).
 *
 * Latency 1024 frames. Tail: 2048 frames.
 */
export const spectralGate: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"threshold" | "floor">
> = defineSpectral({
  name: "spectralGate",
  about: "Spectral gate: takes away what is quieter than a threshold, bin by bin.",
  source: "S. F. Boll, IEEE Trans. ASSP 1979",
  size: 1024,
  params: {
    threshold: {
      min: 1e-5,
      max: 1,
      default: 0.001,
      curve: "log",
      about: "Amplitude of a sine that loses half its level.",
    },
    floor: { min: 0, max: 1, default: 0, about: "Smallest gain of a bin." },
  },
  spectrum(re, im, { threshold, floor }, _state, { fft, max }) {
    // A sine of amplitude 1 under the root of Hann's window peaks at size / pi.
    const edge = threshold * fft.size / Math.PI;
    for (let k = 0; k < fft.bins; k++) {
      const power = re[0][k] * re[0][k] + im[0][k] * im[0][k];
      const gain = max(floor, power / (power + edge * edge));
      re[0][k] = re[0][k] * gain;
      im[0][k] = im[0][k] * gain;
    }
  },
});
