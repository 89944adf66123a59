// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";

/**
 * Takes a frequency to the nearest pitch of a tuning, which may change while it sounds.
 *
 * `tuning` is what `tuningValues` of `@aether/dsp/tuning` makes: pitches of one period, in octaves
 * above the frequency of degree 0. They repeat up and down as far as frequencies go, whatever the
 * period is; a scale without a period has the pitches that it names and no others. Nearest is meant
 * in pitch; in the middle between two the upper one wins. The search halves 256 places eight times.
 * Without a table the pitches are twelve equal steps an octave around 440 Hz.
 *
 * Within 0.005 cent from 20 Hz to 20 kHz. Zero and negative frequencies count as 0.001 Hz. Latency 0.
 * No tail.
 */
export const tuningQuantizer: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Readonly<Record<never, never>>,
  readonly ["tuning"]
> = defineNode({
  name: "tuningQuantizer",
  about: "Takes a frequency in Hz to the nearest pitch of a tuning.",
  source: "elementary",
  tail: 0,
  inputs: ["in"],
  outputs: ["out"],
  tables: ["tuning"],
  tick({ in: x }, _params, _state, { tables: { tuning }, floor, round, log2, exp2, max, min }) {
    const hertz = min(max(x, 0.001), 1e6);
    const period = tuning[128];
    const root = tuning[129];
    const octaves = log2(hertz / max(root, 1e-3));
    const repeats = period > 0 ? floor(octaves / period) : 0;
    const within = octaves - repeats * period;
    // The last of the ascending pitches that is not above.
    let at = 0;
    for (const step of [128, 64, 32, 16, 8, 4, 2, 1]) {
      at = tuning[130 + at + step] <= within ? at + step : at;
    }
    const low = tuning[130 + at];
    const high = tuning[131 + at];
    const pitch = high - within <= within - low ? high : low;
    const equal = 440 * exp2(round(log2(hertz * (1 / 440)) * 12) * (1 / 12));
    return tuning.length > 0 ? root * exp2(repeats * period + pitch) : equal;
  },
});
