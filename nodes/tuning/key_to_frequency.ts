// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * The frequency in Hz of a key, by a tuning that may change while the note sounds.
 *
 * `tuning` holds the frequencies of the keys from 0 on, as `tuningValues` of `@aether/dsp/tuning`
 * makes them; another table takes effect on the frame of its edit, a value that is written in place
 * within 64 frames. Between two keys the frequency goes evenly in pitch, so a key that glides plays
 * all that lies between. Without a table the keys are twelve equal steps an octave around 440 Hz.
 *
 * At whole keys the table's value comes out bit for bit; between keys it is within 0.001 cent, with
 * `bend` or without a table within 0.002 cent. Latency 0. No tail.
 */
export const keyToFrequency: NodeDefinition<
  readonly [],
  readonly ["out"],
  Params<"key" | "bend">,
  readonly ["tuning"]
> = defineNode({
  name: "keyToFrequency",
  about: "The frequency in Hz of a key, by a tuning that may change while the note sounds.",
  source: "elementary",
  tail: 0,
  outputs: ["out"],
  tables: ["tuning"],
  params: {
    key: { min: 0, max: 127, default: 69, smooth: 0, about: "Number of the key; 69 is A4." },
    bend: { unit: "cents", min: -4800, max: 4800, default: 0, about: "Added to the pitch." },
  },
  tick(_, { key, bend }, _state, { tables: { tuning }, floor, max, log2, exp2 }) {
    const low = floor(key);
    // No frequency is 0 or less, whatever the table holds.
    const from = max(tuning[low], 0.001);
    // From the last key on there is no next one, and nothing between.
    const step = key > low ? log2(max(tuning[low + 1], 0.001) / from) * (key - low) : 0;
    const cents = bend * (1 / 1200);
    return tuning.length > 0
      ? from * exp2(step + cents)
      : 440 * exp2((key - 69) * (1 / 12) + cents);
  },
});
