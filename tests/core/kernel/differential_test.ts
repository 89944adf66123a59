/**
 * From source text to machine code: what `lower` makes of a `tick` runs as WebAssembly at every
 * width, and gives the bits of the oracle and of the interpreter.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { array, delayLine, type NodeDefinition } from "../../../core/kernel/define_node.ts";
import { ParamSource, type Program } from "../../../core/kernel/ir.ts";
import { lower } from "../../../core/kernel/language/lower.ts";
import { Evaluator } from "../../support/evaluate.ts";
import { kernel } from "../../support/kernel_text.ts";
import { nodes } from "../../support/minified_nodes.ts";
import { randomProgram } from "../../support/random_program.ts";
import { random, Rig } from "./backend_rig.ts";

const WIDTHS = [1, 4, 8] as const;
const tape = fc.array(fc.nat(1000), { minLength: 20, maxLength: 300, size: "max" });
const SOURCES = [ParamSource.Still, ParamSource.Row, ParamSource.Latch];

/** Some segments at a width, kernel against oracle; returns the first difference. */
function differs(program: Program, width: 1 | 4 | 8, seed: number): string {
  const r = random(seed);
  const sources = Array.from({ length: program.params }, () => SOURCES[Math.floor(3 * r())]);
  const rig = new Rig(program, { width, sources }, 1 + Math.floor(r() * width), { seed });
  let now = Math.floor(r() * 2 ** 33);
  for (const frames of [64, 1, 37]) {
    rig.now = now;
    rig.feed(() => 4 * r() - 2);
    const difference = rig.step(frames);
    if (difference) return difference;
    now += frames;
  }
  return "";
}

/** Runs a program at width 1 next to the interpreter of programs. */
function agreesWithEvaluator(program: Program, seed: number): void {
  const sources = Array.from({ length: program.params }, () => ParamSource.Row);
  const rig = new Rig(program, { width: 1, sources }, 1, { seed });
  const evaluator = new Evaluator(program);
  const { f32 } = rig.view;
  for (const [k, { offset, length }] of program.blocks.entries()) {
    const start = (rig.states[0] + offset) >> 2;
    evaluator.blocks[k].set(f32.subarray(start, start + length));
  }
  const r = random(seed);
  rig.feed(() => 4 * r() - 2);
  const at = (address: number, frame: number) => f32[(address >> 2) + frame];
  const wanted = Array.from(
    { length: 64 },
    (_, t) => evaluator.step(rig.inputs.map((x) => at(x, t)), rig.rows.map((x) => at(x, t))),
  );
  rig.kernel(rig.descriptor, 64);
  const got = Array.from({ length: 64 }, (_, t) => rig.outputs.map((x) => at(x, t)));
  assertEquals(got, wanted);
}

for (const width of WIDTHS) {
  Deno.test(`a random tick as WebAssembly at width ${width} equals the oracle bit for bit`, () => {
    const property = fc.property(tape, fc.integer({ min: 1 }), (tape, seed) => {
      const { kernel, text } = randomProgram(tape);
      const difference = differs(lower(kernel, 48_000), width, seed);
      assert(difference === "", `${difference} for\n${text}`);
    });
    fc.assert(property, { numRuns: 60, seed: 20_240_608 + width });
  });
}

Deno.test("a random tick as WebAssembly equals the interpreter of programs", () => {
  const property = fc.property(tape, fc.integer({ min: 1 }), (tape, seed) => {
    agreesWithEvaluator(lower(randomProgram(tape).kernel, 48_000), seed);
  });
  fc.assert(property, { numRuns: 100, seed: 20_240_607 });
});

for (const definition of nodes as readonly NodeDefinition[]) {
  Deno.test(`the node "${definition.name}" as WebAssembly equals oracle and interpreter`, () => {
    const program = lower(definition, 48_000);
    for (const width of WIDTHS) {
      for (let seed = 1; seed <= 5; seed++) assertEquals(differs(program, width, seed), "");
    }
    agreesWithEvaluator(program, 1);
  });
}

Deno.test("a tick with hostile indices stays in its own memory", () => {
  const body = "s.line.write(b); s.near[a] = b; s.near[b * 1e9] += a; s.list[1] = a; " +
    "return s.near[a * 3] + s.line.read(a) + s.line.readLinear(a) + s.line.readCubic(-a) + " +
    "c.table[a] + s.line.read(a | 0) + s.near[a >> 1]";
  const definition = kernel(body, {
    state: { near: array(3), line: delayLine({ frames: 9 }), list: [1, 2] },
    uses: { table: [1, 2, 3] },
  });
  const program = lower(definition, 48_000);
  const hostile = [
    NaN,
    Infinity,
    -Infinity,
    3e38,
    -3e38,
    2 ** 31,
    -(2 ** 31),
    2 ** 33,
    -1,
    -0.5,
    3,
    1e-42,
  ];
  for (const width of WIDTHS) {
    const sources = [ParamSource.Still, ParamSource.Still];
    const rig = new Rig(program, { width, sources }, width, { seed: width });
    for (let run = 0; run < 20; run++) {
      rig.now = run * 64;
      rig.feed((t, lane) => hostile[(t * 5 + lane * 3 + run) % hostile.length]);
      assertEquals(rig.step(64), "");
    }
  }
});
