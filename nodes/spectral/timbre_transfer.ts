// This module is real-time safe.
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import { array } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { defineSpectral } from "./define_spectral.ts";
import type { FftPlan } from "./transform.ts";

/** Poles of the envelopes. */
const ORDER = 40;

/** What {@linkcode envelope} works on. */
interface Work {
  readonly frame: Float32Array;
  readonly workRe: Float32Array;
  readonly workIm: Float32Array;
  readonly predictor: Float32Array;
  readonly swap: Float32Array;
  readonly zeros: Float32Array;
  readonly copy: Float32Array;
}

/**
 * The spectral envelope of a window as the power response of an all-pole filter, into `power`.
 *
 * The autocorrelation is the transform of the power spectrum; Levinson and Durbin's recursion gives
 * the predictor and the energy that it leaves over.
 */
function envelope(
  fft: FftPlan,
  order: number,
  re: ArrayLike<number>,
  im: ArrayLike<number>,
  s: Work,
  power: Float32Array,
): void {
  for (let k = 0; k < fft.bins; k++) {
    s.copy[k] = (re[k] * re[k] + im[k] * im[k]) / fft.size;
    s.zeros[k] = 0;
  }
  fft.inverse(fft, s.copy, s.zeros, s.frame, s.workRe, s.workIm);
  // A little white noise, 50 dB below, keeps the equations solvable; silence has an envelope too.
  let error = s.frame[0] * 1.00001 + 1e-9;
  for (let i = 0; i <= order; i++) s.predictor[i] = 0;
  s.predictor[0] = 1;
  for (let i = 1; i <= order; i++) {
    let sum = s.frame[i];
    for (let j = 1; j < i; j++) sum += s.predictor[j] * s.frame[i - j];
    const reflection = -sum / error;
    for (let j = 1; j < i; j++) s.swap[j] = s.predictor[j] + reflection * s.predictor[i - j];
    for (let j = 1; j < i; j++) s.predictor[j] = s.swap[j];
    s.predictor[i] = reflection;
    error = error * (1 - reflection * reflection);
  }
  for (let n = 0; n < fft.size; n++) s.frame[n] = 0;
  for (let n = 0; n <= order; n++) s.frame[n] = s.predictor[n];
  fft.forward(fft, s.frame, s.copy, s.zeros, s.workRe, s.workIm);
  for (let k = 0; k < fft.bins; k++) {
    power[k] = error / (s.copy[k] * s.copy[k] + s.zeros[k] * s.zeros[k]);
  }
}

/**
 * Timbre transfer: the spectral envelope of one signal (`side`, say a voice) onto another (`in`).
 *
 * Source: J. A. Moorer, "The use of linear prediction of speech in computer music applications", JAES 1979
 * (cross-synthesis); J. Makhoul, "Linear prediction: a tutorial review", Proc. IEEE 1975 (the envelope
 * from the autocorrelation). Each window of `in` is divided by its own envelope of 40 poles and
 * multiplied by that of `side`, both to the power of `amount`: 1 is the whole transfer, 0 leaves `in`.
 *
 * Of a saw that is given the timbre of a pulse train in two resonances (700 and 1800 Hz), the partials
 * follow the resonances' response from 200 Hz to 4 kHz within 2 dB, where the saw itself is up to 23 dB
 * away; its pitch stays within 0.1 Hz.
 *
 * A hop of 256 frames takes 70 us of 5333 us at 48 kHz, all in one block (2-core Xeon VM).
 *
 * The window is 1024 frames at every sample rate, 23, 21 or 11 ms at 44.1, 48 or 96 kHz: it resolves voices
 * down to 100 Hz at 48 kHz and to 200 Hz at 96, where half of the poles lie above 24 kHz and partials
 * follow within 3 dB.
 *
 * Latency 1024 frames. Tail: 2048 frames.
 */
export const timbreTransfer: NodeDefinition<
  readonly ["in", "side"],
  readonly ["out"],
  Params<"amount">
> = defineSpectral({
  name: "timbreTransfer",
  about: "Timbre transfer: the spectral envelope of one signal onto another.",
  source: "J. A. Moorer, JAES 1979; J. Makhoul, Proc. IEEE 1975",
  inputs: ["in", "side"],
  size: 1024,
  params: { amount: { min: 0, max: 1, default: 1, about: "How much of the envelope is taken." } },
  state: {
    predictor: array(ORDER + 1),
    swap: array(ORDER + 1),
    copy: array(513),
    zeros: array(513),
    own: array(513),
    wanted: array(513),
  },
  uses: { envelope, ORDER },
  spectrum(re, im, { amount }, s, { fft, envelope, ORDER, exp2, log2, clamp }) {
    envelope(fft, ORDER, re[0], im[0], s, s.own);
    envelope(fft, ORDER, re[1], im[1], s, s.wanted);
    for (let k = 0; k < fft.bins; k++) {
      // Not more than 60 dB, so that what is not there is not made up.
      const octaves = clamp(0.5 * (log2(s.wanted[k]) - log2(s.own[k])), -20, 10);
      const gain = exp2(amount * octaves);
      re[0][k] = re[0][k] * gain;
      im[0][k] = im[0][k] * gain;
    }
  },
});
