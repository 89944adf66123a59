// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Momentary loudness of a stereo signal in LUFS, as a signal, and its sample peak in dBFS since the
 * last update. Both are new every 100 ms; silence reads -120.
 *
 * Source: ITU-R BS.1770-4: both sides through the K-weighting (a shelf of 4 dB above 1.7 kHz and a
 * high-pass at 38 Hz), squared and summed over 400 ms in steps of 100 ms (EBU Tech 3341's momentary
 * loudness). The recommendation gives coefficients for 48 kHz only; undoing their bilinear transform
 * gives the analog filters below, and these all other rates. A full-scale sine of 997 Hz on one side
 * reads -3.01 within 0.03.
 *
 * For short-term and integrated loudness, range and true peak see `Loudness` in `@aether/dsp/taps`.
 * Latency 0; it reads the 400 ms that have passed.
 */
export const loudnessMeter: NodeDefinition<
  { readonly in: { readonly channels: 2 } },
  readonly ["lufs", "peakDb"],
  Params
> = defineNode({
  name: "loudnessMeter",
  about: "Momentary loudness (LUFS) and sample peak (dBFS) of a stereo signal.",
  source: "ITU-R BS.1770-4, EBU Tech 3341",
  tail: 0.5,
  inputs: { in: { channels: 2 } },
  outputs: ["lufs", "peakDb"],
  state: {
    shelf1: [0, 0],
    shelf2: [0, 0],
    high1: [0, 0],
    high2: [0, 0],
    sum: 0,
    slots: [0, 0, 0, 0],
    peak: 0,
    frames: i32(),
    lufs: -120,
    peakDb: -120,
  },
  tick({ in: x }, _, s, { sampleRate, tanPi, abs, log2, max, round }) {
    let square = 0;
    for (let side = 0; side < 2; side++) {
      // (Vh s^2 + Vb s / Q + 1) / (s^2 + s / Q + 1) at 1682 Hz, as a state-variable filter.
      const g = tanPi(1681.9744509555323 / sampleRate);
      const k = 1.4140766640886215; // 1 / Q
      const a1 = 1 / (1 + g * (g + k));
      const a2 = g * a1;
      const v3 = x[side] - s.shelf2[side];
      const v1 = a1 * s.shelf1[side] + a2 * v3;
      const v2 = s.shelf2[side] + a2 * s.shelf1[side] + g * a2 * v3;
      s.shelf1[side] = 2 * v1 - s.shelf1[side];
      s.shelf2[side] = 2 * v2 - s.shelf2[side];
      const y = 1.5848647011308556 * x[side] + (1.2587209302325608 - 1.5848647011308556) * k * v1 +
        (1 - 1.5848647011308556) * v2;
      // The high-pass, whose numerator the recommendation leaves at 1, -2, 1.
      const h = tanPi(38.13547087611304 / sampleRate);
      const q = 1.9986927057678487;
      const scale = 1 + h * (h + q);
      const b1 = 1 / scale;
      const b2 = h * b1;
      const w3 = y - s.high2[side];
      const w1 = b1 * s.high1[side] + b2 * w3;
      const w2 = s.high2[side] + b2 * s.high1[side] + h * b2 * w3;
      s.high1[side] = 2 * w1 - s.high1[side];
      s.high2[side] = 2 * w2 - s.high2[side];
      const z = (y - q * w1 - w2) * scale;
      square += z * z;
    }
    s.sum += square;
    s.peak = max(s.peak, max(abs(x[0]), abs(x[1])));
    const step = round(sampleRate * 0.1) | 0;
    const next = (s.frames + 1) | 0;
    const full = next >= step;
    s.frames = full ? 0 : next;

    const mean = (s.sum + s.slots[0] + s.slots[1] + s.slots[2]) / (4 * step);
    const lufs = -0.691 + 3.010299956639812 * log2(max(mean, 1.2e-12));
    const peakDb = 6.020599913279624 * log2(max(s.peak, 1e-6));
    s.lufs = full ? lufs : s.lufs;
    s.peakDb = full ? peakDb : s.peakDb;
    s.slots[2] = full ? s.slots[1] : s.slots[2];
    s.slots[1] = full ? s.slots[0] : s.slots[1];
    s.slots[0] = full ? s.sum : s.slots[0];
    s.sum = full ? 0 : s.sum;
    s.peak = full ? 0 : s.peak;
    return { lufs: s.lufs, peakDb: s.peakDb };
  },
});
