// This module is real-time safe.
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import { array } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { defineSpectral } from "./define_spectral.ts";

/**
 * Spectral freeze: while `hold` is above 0.5, the last window goes on sounding.
 *
 * Source: the phase vocoder (J. L. Flanagan and R. M. Golden, Bell System Technical Journal 1966): each bin
 * keeps its magnitude and turns on by as much as it did between the last two windows.
 *
 * A held sine keeps its level within 1 dB for ten seconds, and its frequency: it is heard most at the
 * frequency it had, not 0.1 Hz beside.
 *
 * The window is 2048 frames at every sample rate, so bins lie 21.5, 23.4 or 46.9 Hz apart at 44.1, 48 or
 * 96 kHz. Two tones keep their levels within 1 dB from 4 bins apart (94 Hz at 48 kHz, 188 Hz at 96 kHz);
 * one bin apart, they lose 5 dB and more.
 *
 * Latency 2048 frames. Tail: 4096 frames, endless while `hold` is on.
 */
export const spectralFreeze: NodeDefinition<readonly ["in"], readonly ["out"], Params<"hold">> =
  defineSpectral({
    name: "spectralFreeze",
    about: "Spectral freeze: while held, the last window goes on sounding.",
    source: "J. L. Flanagan and R. M. Golden, Bell System Technical Journal 1966",
    size: 2048,
    tail: ({ hold }, sampleRate) => hold > 0.5 ? Infinity : 4096 / sampleRate,
    params: { hold: { min: 0, max: 1, default: 0, smooth: 0, about: "Above 0.5: hold." } },
    state: {
      lastRe: array(1025),
      lastIm: array(1025),
      turnRe: array(1025),
      turnIm: array(1025),
      level: array(1025),
    },
    spectrum(re, im, { hold }, s, { fft, sqrt, max }) {
      if (hold <= 0.5) {
        for (let k = 0; k < fft.bins; k++) {
          const r = re[0][k];
          const i = im[0][k];
          // How far the bin turned: the window times the conjugate of the one before, of length 1.
          const tr = r * s.lastRe[k] + i * s.lastIm[k];
          const ti = i * s.lastRe[k] - r * s.lastIm[k];
          const scale = 1 / sqrt(max(tr * tr + ti * ti, 1e-30));
          s.turnRe[k] = tr * scale;
          s.turnIm[k] = ti * scale;
          s.level[k] = sqrt(r * r + i * i);
          s.lastRe[k] = r;
          s.lastIm[k] = i;
        }
      } else {
        for (let k = 0; k < fft.bins; k++) {
          const r = s.lastRe[k] * s.turnRe[k] - s.lastIm[k] * s.turnIm[k];
          const i = s.lastRe[k] * s.turnIm[k] + s.lastIm[k] * s.turnRe[k];
          // Rounding would let the level drift.
          const scale = s.level[k] / sqrt(max(r * r + i * i, 1e-30));
          s.lastRe[k] = r * scale;
          s.lastIm[k] = i * scale;
          re[0][k] = s.lastRe[k];
          im[0][k] = s.lastIm[k];
        }
      }
    },
  });
