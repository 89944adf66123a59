/** Small node types for tests of snapshots. @module */
import { defineNode } from "@aether/dsp";

export const saw = defineNode({
  name: "saw",
  about: "A naive sawtooth",
  outputs: ["out"],
  params: {
    frequency: { unit: "Hz", min: 1, max: 20_000, default: 440, about: "Pitch" },
    shape: { values: ["saw", "ramp"], default: "saw" },
  },
  state: { phase: "phase" },
  tick(_inputs, { frequency, shape }, s, { sampleRate }) {
    s.phase += frequency / sampleRate;
    return shape === 1 ? s.phase : 1 - s.phase;
  },
});

export const smooth = defineNode({
  name: "smooth",
  inputs: ["in"],
  outputs: ["out", "rest"],
  params: {
    cutoff: { unit: "Hz", min: 10, max: 20_000, default: 1000 },
    level: { min: 0, max: 0.7, default: 0.5 },
  },
  state: { z: 0 },
  tick({ in: x }, { cutoff, level }, s, { sampleRate }) {
    s.z += (cutoff / (cutoff + sampleRate)) * (x - s.z);
    return { out: level * s.z, rest: x - s.z };
  },
});

export const wide = defineNode({
  name: "wide",
  inputs: { left: { channels: 2 }, side: {} },
  outputs: { out: { channels: 2 }, sum: {} },
  params: { width: { min: 0, max: 1, default: 0.5, smooth: 0 } },
  tick({ left: [a, b], side }, { width }) {
    return { out: [a + width * side, b - width * side], sum: a + b };
  },
});

export const types = [saw, smooth, wide];
