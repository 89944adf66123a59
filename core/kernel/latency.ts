/** By how much a node's output lags its input. @module */

/** Whole frames by which an output lags the input, or these as a function of the sample rate in Hz. */
export type Latency = number | ((sampleRate: number) => number);

/**
 * Whole frames by which a node's output lags its input at a sample rate.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { latencyFrames } from "@aether/dsp";
 * import { limiter } from "@aether/dsp/nodes";
 *
 * assertEquals(latencyFrames(limiter, 48_000), 63);
 * assertEquals(latencyFrames(limiter, 96_000), 127);
 * ```
 *
 * @param definition A node type.
 * @param sampleRate In Hz.
 */
export function latencyFrames(
  definition: { readonly spec: { readonly latency?: Latency } },
  sampleRate: number,
): number {
  const { latency = 0 } = definition.spec;
  return typeof latency === "function" ? latency(sampleRate) : latency;
}
