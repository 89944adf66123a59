/**
 * 10,000 nodes of the library, as voices of ten nodes each.
 *
 * @module
 */
import {
  adsr,
  gain,
  lfo,
  multiply,
  noise,
  pulse,
  saw,
  sine,
  softClip,
  svf,
} from "../../nodes/mod.ts";
import { range, type Workload } from "./workload.ts";

const VOICES = 1000;

/** Two oscillators, noise, filter, envelope, amplifier, vibrato, clipper and levels, a thousand times. */
export const MIXED: Workload = {
  name: "mixed",
  about: `${VOICES} voices of 10 different nodes`,
  capacity: { nodes: 10_240, heapBytes: 16 * 2 ** 20, planBytes: 4 * 2 ** 20, buffers: 8192 },
  build(engine) {
    // The output itself does the sum.
    for (const i of range(VOICES)) {
      const filter = engine.add(svf, { cutoff: 200 * 40 ** (i / VOICES), q: 1.5 });
      const vibrato = engine.add(lfo, { frequency: 3 + i / VOICES });
      const carrier = engine.add(saw, { frequency: 55 * 2 ** (i / 200) });
      vibrato.connect(carrier.params.fm, { amount: 2, rate: "control" });
      carrier.connect(filter);
      engine.add(sine, { frequency: 27.5 * 2 ** (i / 200) }).connect(filter);
      engine.add(pulse, { frequency: 110 * 2 ** (i / 200) }).connect(filter);
      engine.add(noise, { seed: i }).connect(filter);
      const amplifier = engine.add(multiply);
      filter.connect(amplifier, { to: "a" });
      engine.add(adsr, { gate: 1 }).connect(amplifier, { to: "b" });
      amplifier.connect(engine.add(softClip)).connect(engine.add(gain, { gain: 0.5 / VOICES }))
        .connect(engine.output);
    }
  },
};
