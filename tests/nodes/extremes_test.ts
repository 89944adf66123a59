/** Every node stays finite with its parameters at their limits, at the lowest and highest rates. @module */
import { assert, assertEquals } from "@std/assert";
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import { Solo } from "../../measure/solo.ts";
import * as library from "../../nodes/mod.ts";
import { noise } from "../support/agree.ts";

const RATES = [8_000, 22_050, 192_000];
const definitions = (Object.values(library) as unknown[]).filter((value): value is NodeDefinition =>
  typeof value === "object" && value !== null && "spec" in value
);

for (const definition of definitions) {
  Deno.test(`${definition.name}() is stable where its parameters end, at 8, 22.05 and 192 kHz`, () => {
    for (const sampleRate of RATES) {
      const random = noise(7);
      const solo = new Solo(definition, { sampleRate });
      const tables = solo.node.tables as Record<string, { set(table: unknown): void }>;
      for (const slot of Object.values(tables)) {
        slot.set(solo.engine.table(Float32Array.from({ length: 4096 }, () => random() - 0.5)));
      }
      for (let trial = 0; trial < 16; trial++) {
        for (const [name, spec] of Object.entries(definition.params)) {
          const choice = random();
          if ("values" in spec) {
            solo.node.params[name].set(spec.values[Math.floor(choice * spec.values.length)]);
          } else {
            const { min, max } = spec;
            const value = choice < 0.4 ? min : choice < 0.8 ? max : min + random() * (max - min);
            solo.node.params[name].set(value);
          }
        }
        for (const wave of solo.render(576, () => 2 * random() - 1)) {
          const largest = wave.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
          // 20 000 is the largest value of what gives frequencies.
          assert(largest <= 41_000, `${largest} at ${sampleRate} Hz, trial ${trial}`);
        }
      }
      assertEquals(solo.engine.stats().faults, [], `${sampleRate} Hz`);
    }
  });
}
