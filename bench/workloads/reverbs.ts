/**
 * W5: many delay lines.
 *
 * @module
 */
import { gain, noise, reverbMono } from "../../nodes/mod.ts";
import { range, type Workload } from "./workload.ts";

const COUNT = 100;

/** W5: one white noise through 100 mono reverbs, summed. */
export const W5: Workload = {
  name: "W5",
  about: `noise -> ${COUNT} reverbs in parallel -> sum`,
  capacity: { heapBytes: 8 * 2 ** 20 },
  build(engine) {
    const source = engine.add(gain, { gain: 0.015 });
    engine.add(noise).connect(source);
    const sum = engine.add(gain, { gain: 0.01 });
    for (const i of range(COUNT)) {
      const room = engine.add(reverbMono, { feedback: 0.8 + 0.0005 * i, damping: 0.2 });
      source.connect(room).connect(sum);
    }
    sum.connect(engine.output);
  },
};
