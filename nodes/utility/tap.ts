// This module is real-time safe.
import { defineNode, delayLine, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Shows a signal to the control side: its last half second at least lies in shared memory, where
 * `Scope`, `Spectrum`, `Loudness` and `record` read it (`@aether/dsp/taps`, `@aether/dsp/record`).
 *
 * The signal passes through unchanged, bit for bit, so a tap may stand in a connection or at the end
 * of one. All the audio thread does is to write each value to its place, absolute frame time modulo
 * the length: 32,768 frames up to 65 kHz, twice as many up to 131 kHz, and so on. For several
 * channels add it with `{ channels: 2 }`. Values below 1e-15 become 0 in what is shown, those below
 * 2e-8 (-154 dB) may differ in the last digit.
 *
 * Memory: 128 KiB a channel at 48 kHz. Latency 0. No tail.
 */
export const tap: NodeDefinition<readonly ["in"], readonly ["out"], Params> = defineNode({
  name: "tap",
  about: "Shows a signal to the control side: scope, spectrum, loudness, recorder.",
  source: "elementary",
  tail: 0,
  inputs: ["in"],
  outputs: ["out"],
  state: { ring: delayLine((sampleRate) => 2 ** Math.ceil(Math.log2(sampleRate / 2))) },
  tick({ in: x }, _, s) {
    s.ring.write(x);
    return x;
  },
});
