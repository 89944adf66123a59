import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Program } from "../../../core/kernel/ir.ts";
import type { Width } from "../../../core/kernel/wasm_backend/mod.ts";
import { programs, sourcesFor } from "./backend_programs.ts";
import { random, Rig } from "./backend_rig.ts";

/** A few calls in a row, as an engine makes them. */
const calls = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  now: fc.oneof(fc.nat({ max: 1000 }), fc.integer({ min: 2 ** 32 - 70, max: 2 ** 33 })),
  frames: fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 4 }),
  flush: fc.constantFrom(0, 1e-20, 0.25),
  /** Whether some inputs are not finite. */
  wild: fc.boolean(),
  inPlace: fc.boolean(),
});

function agreement(kinds: fc.Arbitrary<Program>, width: Exclude<Width, "pair">, most: number) {
  fc.assert(
    fc.property(kinds, calls, fc.integer({ min: 1, max: most }), (program, run, instances) => {
      const sources = sourcesFor(program, run.seed, width !== "chain");
      const rig = new Rig(program, { width, sources }, instances, run);
      const r = random(run.seed ^ 0x5555);
      const odd = (x: number) => x < 0.005 ? NaN : x < 0.01 ? Infinity : 2 * r() - 1;
      const noise = Array.from({ length: 997 }, () => odd(run.wild ? r() : 1));
      let now = run.now;
      for (const frames of run.frames) {
        rig.now = now;
        rig.flush = run.flush;
        rig.feed((t, lane, k) => noise[(t * 31 + lane * 7 + k * 101 + now) % 997]);
        assertEquals(rig.step(frames), "");
        now += frames;
      }
    }),
    { numRuns: 120 },
  );
}

for (const width of [1, 4, 8] as const) {
  Deno.test(`compileKernel() at width ${width} equals the oracle bit for bit on random programs`, () => {
    agreement(programs(), width, width);
  });
  Deno.test(`compileKernel() at width ${width} equals the oracle on long delay lines, four frames at once`, () => {
    agreement(programs({ longDelays: true }), width, width);
  });
}

Deno.test("compileKernel() at width 1 equals the oracle on memoryless programs, four frames at once", () => {
  agreement(programs({ state: false, memory: false }), 1, 1);
});

Deno.test("compileKernel() of a chain equals the oracle, instance after instance", () => {
  const kinds = programs({ state: false, memory: false, slots: false, inputs: 1, outputs: 1 });
  agreement(kinds, "chain", 9);
});

Deno.test("a kernel's sound does not depend on how a block is cut into calls", () => {
  for (const width of [1, 4, 8] as const) {
    fc.assert(
      fc.property(
        fc.oneof(programs(), programs({ longDelays: true })),
        fc.integer({ min: 1, max: 63 }),
        fc.nat(),
        (program, cut, now) => {
          const sources = sourcesFor(program, now, false);
          const options = [program, { width, sources }, width, { seed: 5 }] as const;
          const [whole, parts] = [new Rig(...options), new Rig(...options)];
          const wave = (shift: number) => (t: number, lane: number, k: number) =>
            Math.sin((t + shift) * (k + 1) + lane);
          whole.now = parts.now = now;
          whole.feed(wave(0));
          whole.kernel(whole.descriptor, 64);
          parts.feed(wave(0));
          parts.kernel(parts.descriptor, cut);
          const heard = Array.from({ length: width }, (_, lane) => parts.output(lane, cut));
          parts.now = now + cut;
          parts.feed(wave(cut));
          parts.kernel(parts.descriptor, 64 - cut);
          for (const [lane, first] of heard.entries()) {
            const all = [...first, ...parts.output(lane, 64 - cut)];
            const wanted = whole.output(lane, 64);
            assert(all.every((x, t) => Object.is(x, wanted[t])), `${all} is not ${wanted}`);
          }
        },
      ),
      { numRuns: 60 },
    );
  }
});
