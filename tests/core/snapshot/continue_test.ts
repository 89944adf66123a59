import { assert, assertEquals } from "@std/assert";
import { Engine } from "@aether/dsp";
import * as library from "@aether/dsp/nodes";
import { graphCodec, restore, snapshot } from "@aether/dsp/snapshot";
import type { AnyNodeDefinition, GraphSnapshot } from "@aether/dsp/snapshot";
import { firstDifference, Rig } from "./rig.ts";

const types = (Object.values(library) as unknown[]).filter((value): value is AnyNodeDefinition =>
  typeof value === "object"
);

/** Every built-in node, fed by noise, with a parameter that moves; all into the output. */
function allNodes(engine: Engine): void {
  const noise = engine.add(library.noise as AnyNodeDefinition, {}, { name: "source" });
  const slow = engine.add(library.lfo as AnyNodeDefinition, {}, { name: "slow" });
  for (const type of types) {
    const node = engine.add(type, {}, { name: `a ${type.name}` });
    for (const port of Object.values(node.inputs)) engine.connect(noise, port, { gain: 0.5 });
    for (const port of Object.values(node.outputs)) {
      for (let c = 0; c < port.channels; c++) {
        engine.connect(port.channel(c), engine.output.channel(c % 2), { gain: 0.1 });
      }
    }
    const [first, second] = Object.values(node.params);
    if (first && typeof first.value === "number") {
      const { min, max } = first.range;
      first.rampTo(min + (max - min) * 0.6, 0.7);
      engine.connect(slow, first, { amount: (max - min) * 0.05 });
      node.params.gate?.set(1, { at: 1000 });
      node.params.gate?.set(0, { at: 40_001 });
    }
    if (second && typeof second.value === "number") {
      const { min, max } = second.range;
      engine.connect(slow, second, { amount: (max - min) * 0.05, rate: "control" });
      second.set(min + (max - min) * 0.3, { at: 30_000, ramp: 0.2 });
    }
  }
}

for (const [sampleRate, frames] of [[48_000, 24_000], [44_100, 22_050 + 13]]) {
  Deno.test(`restore() goes on with the same bits, all built-in nodes, ${sampleRate} Hz, frame ${frames}`, () => {
    const { rig, taken } = taking(sampleRate, frames);
    const codec = graphCodec(types);
    const copies = [
      codec.fromBinary(codec.toBinary(taken)),
      codec.fromJson(codec.toJson(taken)),
      codec.fromUrl(codec.toUrl(taken)),
    ];
    const expected = rig.play(frames);
    for (const copy of copies) {
      assertEquals(copy, taken);
      const sound = new Rig(restore(copy, { types })).play(frames);
      assertEquals(firstDifference(sound, expected), -1);
    }
  });
}

Deno.test("five seconds, a snapshot and five seconds are ten seconds, all built-in nodes", () => {
  const { rig, taken } = taking(48_000, 240_000);
  const sound = new Rig(restore(taken, { types, blockFrames: 256 })).play(240_000);
  assertEquals(firstDifference(sound, rig.play(240_000)), -1);
});

/** An engine with all nodes after so many frames, and its snapshot. */
function taking(sampleRate: number, frames: number): { rig: Rig; taken: GraphSnapshot } {
  const engine = new Engine({ sampleRate, capacity: { heapBytes: 16 << 20 } });
  allNodes(engine);
  const rig = new Rig(engine);
  const before = rig.play(frames);
  assert(before.some((x) => Math.abs(x) > 1e-3));
  const taken = snapshot(engine, { state: true });
  assertEquals(taken.frame, frames);
  return { rig, taken };
}
