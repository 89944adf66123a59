/** What nodes say about their tails, measured. @module */
import { assert, assertEquals, assertThrows } from "@std/assert";
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import { portShapes } from "../../core/kernel/language/ports.ts";
import { tailSeconds } from "../../core/kernel/tail.ts";
import * as library from "../../nodes/mod.ts";
import { render, type RenderOptions } from "../support/render_node.ts";

const definitions = (Object.values(library) as unknown[]).filter((value): value is NodeDefinition =>
  typeof value === "object" && value !== null && "spec" in value
);

/** Settings beside the defaults whose tails are measured. */
const SETTINGS: Readonly<Record<string, readonly RenderOptions["params"][]>> = {
  allpass: [{ time: 0.02, gain: -0.9 }, { time: 0.003, gain: 0 }],
  biquad: [
    { frequency: 100, q: 10 },
    { frequency: 100, q: 0.1 },
    { type: "peaking", frequency: 200, q: 3, gainDb: 20 },
    { type: "lowShelf", frequency: 200, gainDb: 24 },
  ],
  comb: [{ feedback: -0.99 }, { frequency: 50, feedback: 0.5 }],
  delay: [{ time: 0.1, feedback: 0.7, mix: 1 }, { time: 0.05, feedback: 0, cutoff: 100 }],
  flanger: [{ feedback: 0.9, delay: 0.005 }, { feedback: 0 }],
  formant: [{ vowel: 2, width: 0.5 }],
  hall: [{ decay: 0.5, highs: 1, motion: 0 }],
  ladder: [{ resonance: 0 }, { resonance: 0.9, cutoff: 200 }],
  onePole: [{ cutoff: 20 }],
  phaser: [{ feedback: 0 }, { feedback: -0.8, stages: "8", cutoff: 300 }],
  pingPong: [{ time: 0.08, feedback: 0.6, mix: 1 }],
  reverb: [{ feedback: 0.5, damping: 0 }],
  reverbMono: [{ feedback: 0.5, damping: 0 }],
  slew: [{ fall: 0.02, curve: "exponential" }],
  svf: [{ cutoff: 60, q: 20 }, { cutoff: 5000, q: 0.5 }],
};

/** Seconds from the end of a burst until all outputs stay within 1/1000 of their last value. */
function measuredTail(
  definition: NodeDefinition,
  params: RenderOptions["params"],
  sampleRate: number,
  seconds: number,
): number {
  const channels = portShapes(definition.inputs).reduce((sum, port) => sum + port.channels, 0);
  const burst = 441;
  const frames = burst + Math.ceil(seconds * sampleRate);
  const input = (t: number) => t >= burst ? 0 : t % 50 < 25 ? 0.3 : -0.2;
  const inputs = Array.from({ length: channels }, () => input);
  let last = burst;
  for (const wave of render(definition, { frames, sampleRate, params, inputs })) {
    const end = wave[frames - 1];
    let largest = 0;
    for (const x of wave) largest = Math.max(largest, Math.abs(x - end));
    const threshold = Math.max(largest / 1000, 1e-9);
    for (let t = frames - 1; t >= last; t--) {
      if (Math.abs(wave[t] - end) > threshold) last = Math.max(last, t + 1);
    }
  }
  return (last - burst) / sampleRate;
}

for (const definition of definitions) {
  const { name, inputs } = definition;
  Deno.test(`${name}() says how long its tail is`, () => {
    assert(tailSeconds(definition) !== undefined);
    for (const params of [{}, ...(SETTINGS[name] ?? [])] as Record<string, number | string>[]) {
      for (const rate of [44_100, 96_000]) {
        const said = tailSeconds(definition, params, rate)!;
        assert(said >= 0, `${said} s`);
        if (said === Infinity || portShapes(inputs).length === 0) continue;
        const measured = measuredTail(definition, params, rate, 1.3 * said + 0.05);
        const text = `${name} ${
          JSON.stringify(params)
        } at ${rate} Hz: ${measured} s, said ${said} s`;
        assert(measured <= 1.05 * said + 2 / rate, text);
      }
    }
  });
}

Deno.test("tailSeconds() refuses what the node does not have", () => {
  assertEquals(tailSeconds(library.ladder, { resonance: 1.1 }), Infinity);
  assertThrows(
    () => tailSeconds(library.svf, { cutof: 3 }),
    RangeError,
    'Cannot read "cutof" of "svf": it must be one of cutoff, q, mode',
  );
  assertThrows(() => tailSeconds(library.svf, { mode: "low" }), RangeError, "current value is low");
});
