/**
 * W4: additive synthesis with every gain moving.
 *
 * @module
 */
import { gain, sine } from "../../nodes/mod.ts";
import { range, type Workload } from "./workload.ts";

const COUNT = 1000;

/** W4: 1000 sines, each times its own gain, from 0.2 g towards g through the whole render. */
export const W4: Workload = {
  name: "W4",
  about: `${COUNT} sines -> ${COUNT} moving gains -> sum`,
  build(engine, seconds) {
    const sum = engine.add(gain, { gain: 0.01 });
    for (const i of range(COUNT)) {
      const g = 0.5 + 0.5 * i / (COUNT - 1);
      const own = engine.add(gain, { gain: 0.2 * g });
      engine.add(sine, { frequency: 100 + 7.3 * i }).connect(own).connect(sum);
      // Twice the render: it moves to the end, and the level is the one that the definition expects.
      own.params.gain.rampTo(g, 2 * seconds);
    }
    sum.connect(engine.output);
  },
};
