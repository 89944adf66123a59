// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps, turns } from "./phase.ts";
import { smoothStep, stepScale } from "./smooth_step.ts";

/**
 * Hard sync: a sawtooth `ratio` times as fast as a master, which starts it anew with each of its own
 * periods. The pitch is the master's, sweeping `ratio` sweeps its overtones.
 *
 * The slave's phase is a function of the master's, so all its jumps are known in advance and are
 * smoothed as in `saw`, the reset included, whose height depends on where it cuts the slave off. Aliases
 * are those of a sawtooth at the slave's frequency: for a slave at 2 kHz -85 dB of the loudest partial
 * below 10 kHz at 48 kHz.
 *
 * Latency 0. No tail.
 */
export const syncSaw: NodeDefinition<readonly [], readonly ["out"], Params<"frequency" | "ratio">> =
  defineNode({
    name: "syncSaw",
    about: "Sawtooth in hard sync with its own master, band-limited.",
    source: "E. Brandt, Hard sync without aliasing, ICMC 2001, with a polynomial step",
    tail: "infinite",
    outputs: ["out"],
    params: {
      frequency: { unit: "Hz", min: 0.001, max: 10_000, default: 220, curve: "log" },
      ratio: { min: 1, max: 16, default: 1.5, curve: "log", about: "Slave to master." },
    },
    state: { phase: i32(-2147483648) },
    uses: { steps, turns, smoothStep, stepScale },
    tick(
      _,
      { frequency, ratio },
      s,
      { sampleRate, floor, ceil, min, steps, turns, smoothStep, stepScale },
    ) {
      const dt = min(frequency / sampleRate, 0.49);
      // The master's position in [0, 1), and the slave's in [0, ratio).
      const master = turns(s.phase) + 0.5;
      s.phase = (s.phase + steps(dt)) | 0;
      const slave = master * ratio;

      // Naive wave, and its own jump nearest to now: at k = 1, 2, ... below ratio.
      const naive = 2 * (slave - floor(slave)) - 1;
      const k = floor(slave + 0.5);
      const last = ceil(ratio) - 1; // the last jump of its own before the reset
      const own = k >= 1 && k <= last;
      const t = (slave - k) * stepScale(dt * ratio, 0.5);
      const ownStep = smoothStep(t) - (slave < k ? -1 : 1);

      // The reset: from 2 (ratio - last) - 1 down to -1, at the master's wrap.
      const height = ratio - last;
      const before = master > 0.5;
      const u = (before ? master - 1 : master) * stepScale(dt, 0.5);
      const resetStep = smoothStep(u) - (before ? -1 : 1);
      return naive - (own ? ownStep : 0) - height * resetStep;
    },
  });
