// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { approach } from "../envelopes/approach.ts";

/**
 * Peak and RMS of a signal in dB of full scale, as signals: to be looked at through a `tap`, or to
 * move parameters. Silence reads -120.
 *
 * The peak rises at once and falls by `fall` dB a second (by default 20 dB in 1.7 s, as IEC
 * 60268-18 has it). The RMS is the mean square over a time constant of `window`, by default 300 ms; a sine of
 * amplitude 1 reads -3.01 within 0.05 from 50 Hz on.
 *
 * (Loudness in LUFS: `loudnessMeter`, and `Loudness` in `@aether/dsp/taps`, true peak with it.)
 * Latency 0. Tail: 120 / fall s.
 */
export const levelMeter: NodeDefinition<
  readonly ["in"],
  readonly ["peakDb", "rmsDb"],
  Params<"fall" | "window">
> = defineNode({
  name: "levelMeter",
  about: "Peak and RMS of a signal in dB of full scale.",
  source: "IEC 60268-18, for the fall of the peak",
  tail: ({ fall, window }) => Math.max(120 / fall, 7 * window),
  inputs: ["in"],
  outputs: ["peakDb", "rmsDb"],
  params: {
    fall: { unit: "dB/s", min: 1, max: 1_000, default: 11.8, curve: "log", about: "Of the peak." },
    window: { unit: "s", min: 0.001, max: 10, default: 0.3, curve: "log", about: "Of the RMS." },
  },
  state: { peak: 0, power: 0 },
  uses: { approach },
  tick({ in: x }, { fall, window }, s, { sampleRate, abs, max, log2, exp2, approach }) {
    // 20 log10 of 2 is 6.0206 dB.
    const keep = exp2(-fall / (6.020599913279624 * sampleRate));
    s.peak = max(abs(x), s.peak * keep);
    s.power = s.power + (x * x - s.power) * approach(window * sampleRate);
    return {
      peakDb: 6.020599913279624 * log2(max(s.peak, 1e-6)),
      rmsDb: 3.010299956639812 * log2(max(s.power, 1e-12)),
    };
  },
});
