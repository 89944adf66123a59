// This module is real-time safe.
import { defineNode, delayLine, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { echoRinging } from "./ringing.ts";

/**
 * Schroeder's all-pass: echoes of exactly equal power at every frequency, (z^-N - g) / (1 - g z^-N).
 *
 * Source: M. R. Schroeder and B. F. Logan, "Colorless artificial reverberation", JAES 9, 1961. One
 * delay line serves both sums. Up to 0.1 s; between frames the line is read by a straight line, which
 * takes highs away; at whole frames the gain is 1 within 0.001 dB.
 *
 * Latency 0. Tail: 3 time / -log10 |gain| to -60 dB.
 */
export const allpass: NodeDefinition<readonly ["in"], readonly ["out"], Params<"time" | "gain">> =
  defineNode({
    name: "allpass",
    about: "Schroeder's all-pass: echoes that colour nothing.",
    source: "M. R. Schroeder and B. F. Logan, JAES 9, 1961",
    tail: ({ time, gain }) => time + echoRinging(time, gain),
    inputs: ["in"],
    outputs: ["out"],
    params: {
      time: { unit: "s", min: 0.0001, max: 0.1, default: 0.01, smooth: 0.05 },
      gain: { min: -0.99, max: 0.99, default: 0.7, about: "0 is a plain delay." },
    },
    state: { line: delayLine((sampleRate) => 0.1 * sampleRate + 2) },
    tick({ in: x }, { time, gain }, s, { sampleRate }) {
      const old = s.line.readLinear(time * sampleRate);
      const fresh = x + gain * old;
      s.line.write(fresh);
      return old - gain * fresh;
    },
  });
