/**
 * W2: many filters side by side.
 *
 * @module
 */
import { gain, noise, svf } from "../../nodes/mod.ts";
import { range, type Workload } from "./workload.ts";

const COUNT = 1000;

/** W2: one white noise through 1000 resonant low-pass filters, summed. */
export const W2: Workload = {
  name: "W2",
  about: `noise -> ${COUNT} low-pass filters in parallel -> sum`,
  build(engine) {
    const source = engine.add(noise);
    const sum = engine.add(gain, { gain: 0.001 });
    for (const i of range(COUNT)) {
      source.connect(engine.add(svf, { cutoff: 100 * 80 ** (i / (COUNT - 1)), q: 2 })).connect(sum);
    }
    sum.connect(engine.output);
  },
};
