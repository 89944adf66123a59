import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { programs, sourcesFor } from "./backend_programs.ts";
import { random, Rig } from "./backend_rig.ts";

const runs = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  now: fc.oneof(fc.nat({ max: 1000 }), fc.integer({ min: 2 ** 32 - 70, max: 2 ** 33 })),
  frames: fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 4 }),
  flush: fc.constantFrom(0, 1e-20, 0.25),
  wild: fc.boolean(),
});

for (const width of [1, 4, 8] as const) {
  Deno.test(`compileKernel() at width ${width} equals the oracle bit for bit on random programs`, () => {
    fc.assert(
      fc.property(
        programs(),
        runs,
        fc.integer({ min: 1, max: width }),
        (program, run, instances) => {
          const sources = sourcesFor(program, run.seed);
          const rig = new Rig(program, { width, sources }, instances, run.seed);
          const r = random(run.seed ^ 0x5555);
          const table: number[] = Array.from({ length: 997 }, () => {
            const odd = run.wild ? r() : 1;
            return odd < 0.005 ? NaN : odd < 0.01 ? Infinity : 2 * r() - 1;
          });
          let now = run.now;
          for (const frames of run.frames) {
            rig.now = now;
            rig.flush = run.flush;
            rig.feed((t, lane, k) => table[(t * 31 + lane * 7 + k * 101 + now) % 997]);
            assertEquals(rig.step(frames), "");
            now += frames;
          }
        },
      ),
      { numRuns: 300 },
    );
  });
}
