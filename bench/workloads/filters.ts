/**
 * W2: many filters side by side.
 *
 * @module
 */
import { gain, noise, svf } from "../../nodes/mod.ts";
import { range, type Workload } from "./workload.ts";

/** One white noise through so many resonant low-pass filters, summed. */
export function filters(name: string, count: number): Workload {
  return {
    name,
    about: `noise -> ${count} low-pass filters in parallel -> sum`,
    capacity: count <= 1000 ? undefined : {
      nodes: 10_240,
      heapBytes: 16 * 2 ** 20,
      planBytes: 4 * 2 ** 20,
      buffers: 4096,
    },
    build(engine) {
      const source = engine.add(noise);
      const sum = engine.add(gain, { gain: 1 / count });
      for (const i of range(count)) {
        const cutoff = 100 * 80 ** (i / (count - 1));
        source.connect(engine.add(svf, { cutoff, q: 2 })).connect(sum);
      }
      sum.connect(engine.output);
    },
  };
}

/** W2: 1000 filters. */
export const W2: Workload = filters("W2", 1000);
