/** What nodes say about their latency, measured. @module */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Engine } from "../../core/control/engine.ts";
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import { latencyFrames } from "../../core/kernel/latency.ts";
import { portShapes } from "../../core/kernel/language/ports.ts";
import * as library from "../../nodes/mod.ts";
import { render, type RenderOptions } from "../support/render_node.ts";

const RATES = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/** Parameters with which a node passes its input at once, where its defaults do not. */
const THROUGH: Readonly<Record<string, RenderOptions["params"]>> = {
  hall: { wet: 0, dry: 1 },
  reverb: { wet: 0, dry: 1 },
  reverbMono: { wet: 0, dry: 1 },
  sampleAndHold: { trigger: 1, mode: "track" },
  slew: { curve: "exponential" },
  comparator: { threshold: 1 },
  spectralGate: { threshold: 1e-5 },
  // Every frame is taken.
  bitCrusher: { bits: 24, rate: 192_000 },
};
/** Nodes whose outputs are of the past of their input alone, and so do not answer at once. */
const METERS = new Set(["loudnessMeter", "granularDelay"]);
/** Silent without a table; tests of their own compare each frame. */
const CONVOLVERS = new Set(["convolver", "convolverLong"]);

const definitions = (Object.values(library) as unknown[]).filter((value): value is NodeDefinition =>
  typeof value === "object" && value !== null && "spec" in value
).filter(({ name, inputs, outputs }) =>
  portShapes(inputs).length > 0 && portShapes(outputs).length > 0 && !METERS.has(name) &&
  !CONVOLVERS.has(name)
);

/** What an input signal changes in the outputs, beside what they are at rest. */
function answer(
  definition: NodeDefinition,
  sampleRate: number,
  frames: number,
  signal: (frame: number) => number,
  rest: number,
): Float64Array {
  const count = portShapes(definition.inputs).reduce((sum, port) => sum + port.channels, 0);
  const params = THROUGH[definition.name];
  const run = (input: (frame: number) => number) =>
    render(definition, {
      frames,
      sampleRate,
      params,
      inputs: Array.from({ length: count }, () => input),
    });
  const still = run(() => rest);
  const moved = run((t) => rest + signal(t));
  const outputs = moved.map((y, c) => Float64Array.from(y, (v, t) => v - still[c][t]));
  return outputs.find((y) => y.some((v) => v !== 0)) ?? outputs[0];
}

/** Group delay in frames at a low frequency, from the first moment of the impulse response. */
function groupDelay(response: Float64Array): number {
  let [sum, moment] = [0, 0];
  for (const [t, v] of response.entries()) {
    sum += v;
    moment += t * v;
  }
  return moment / sum;
}

for (const definition of definitions) {
  const { name } = definition;
  if (latencyFrames(definition, 48_000) === 0) {
    Deno.test(`${name}() answers on the frame of its input, at all rates`, () => {
      for (const rate of RATES) {
        // A step from 0.3 to 2: a product answers, and a quantiser takes notice.
        const y = answer(definition, rate, 100, (t) => t >= 50 ? 1.7 : 0, 0.3);
        assertEquals(y.findIndex((v) => v !== 0), 50, `${rate} Hz`);
      }
    });
    continue;
  }
  Deno.test(`${name}() delays low frequencies by its latency, at all rates`, () => {
    for (const rate of RATES) {
      const small = (t: number) => t === 0 ? 0.001 : 0;
      const y = answer(definition, rate, 2000 + 2 * latencyFrames(definition, rate), small, 0);
      assertAlmostEquals(groupDelay(y), latencyFrames(definition, rate), 0.3, `${rate} Hz`);
    }
  });
}

Deno.test("latency is checked for enough nodes", () => {
  assert(definitions.length > 30);
  const late = definitions.filter((definition) => latencyFrames(definition, 48_000) > 0);
  assertEquals(late.map(({ name }) => name).sort(), [
    "hardClip",
    "limiter",
    "saturator",
    "spectralFreeze",
    "spectralGate",
    "timbreTransfer",
    "wavefolder",
  ]);
});

Deno.test("Node.latency is that of its type at the engine's sample rate", () => {
  const engine = new Engine({ sampleRate: 96_000 });
  assertEquals(engine.add(library.limiter).latency, 127);
  assertEquals(engine.add(library.saturator).latency, 4);
  assertEquals(engine.add(library.gain).latency, 0);
});
