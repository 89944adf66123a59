/** Measurements of convolution. @module */
import * as nodes from "../../../nodes/mod.ts";
import { Solo } from "../../../measure/solo.ts";
import type { Entries } from "../entry.ts";
import { type AnyDefinition, noiseInput } from "../play.ts";

/** Largest difference from convolution by its definition, as a share of the largest value. */
function error(node: AnyDefinition, length: number): number {
  const frames = length + 4096;
  const noise = noiseInput(1);
  const sound = Float32Array.from({ length: frames }, (_, t) => noise(t, 0));
  const response = Float32Array.from(
    { length },
    (_, t) => 0.02 * noise(t, 0) * Math.exp(-3 * t / length),
  );
  const solo = new Solo(node);
  const { response: slot } = solo.node.tables as Record<string, { set(table: unknown): void }>;
  slot.set(solo.engine.table(response));
  const [wave] = solo.render(frames, (t) => sound[t]);
  let [largest, worst] = [0, 0];
  // Every seventh frame, as it takes long.
  for (let t = 64; t < frames; t += 7) {
    let sum = 0;
    for (let k = Math.min(t - 64, length - 1); k >= 0; k--) sum += response[k] * sound[t - 64 - k];
    largest = Math.max(largest, Math.abs(sum));
    worst = Math.max(worst, Math.abs(wave[t] - sum));
  }
  return worst / largest;
}

const example = (name: string, seconds: number) =>
  `const decay = Float32Array.from(
  { length: ${seconds * 48_000} },
  (_, t) => Math.sin(t * t) * Math.exp(-t / 9000) / 50,
);
const response = engine.table(decay);
const room = engine.add(${name}, { dry: 1 }, { tables: { response } });
engine.add(saw, { frequency: 110 }).connect(room).connect(engine.output);`;

const figures = (node: AnyDefinition, length: number) => [{
  what: `largest difference from direct convolution in double precision, ${length} frames`,
  unit: "of the largest value",
  limit: { atMost: 1e-6 },
  digits: 8,
  measure: () => error(node, length),
}];

export const convolution: Entries = {
  convolver: { example: example("convolver", 0.5), figures: figures(nodes.convolver, 24_576) },
  convolverLong: {
    example: example("convolverLong", 2),
    figures: figures(nodes.convolverLong, 50_000),
  },
};
