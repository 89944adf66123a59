import { assert, assertEquals } from "@std/assert";
import { Engine } from "@aether/dsp";
import * as library from "@aether/dsp/nodes";
import { graphCodec, restore, snapshot } from "@aether/dsp/snapshot";
import type { AnyNodeDefinition, GraphSnapshot } from "@aether/dsp/snapshot";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";

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
      const sound = new EnginePlayer(restore(copy, { types })).play(frames);
      assertEquals(firstDifference(sound, expected), -1);
    }
  });
}

Deno.test("five seconds, a snapshot and five seconds are ten seconds, all built-in nodes", () => {
  const { rig, taken } = taking(48_000, 240_000);
  const sound = new EnginePlayer(restore(taken, { types, blockFrames: 256 })).play(240_000);
  assertEquals(firstDifference(sound, rig.play(240_000)), -1);
});

/** Nodes whose sound goes on for more than a tenth of a second when their input has ended. */
const RINGING = new Set([
  ...["comb", "delay", "hall", "karplusStrong", "pingPong", "reverb", "reverbMono"],
]);

for (const type of types) {
  Deno.test(`${type.name} goes on with the same bits after a snapshot, in all formats`, () => {
    const { rig, engine } = alone(type);
    rig.play(24_000);
    const taken = snapshot(engine, { state: true });
    const codec = graphCodec(types);
    const expected = rig.play(24_000);
    const again = (graph: GraphSnapshot) =>
      new EnginePlayer(restore(graph, { types })).play(24_000);
    for (
      const copy of [codec.fromBinary(codec.toBinary(taken)), codec.fromJson(codec.toJson(taken))]
    ) {
      assertEquals(firstDifference(again(copy), expected), -1);
    }
    // What is heard now lives in the state, and without it the sound is another.
    if (!RINGING.has(type.name)) return;
    assert(expected.subarray(2 * 4800, 2 * 9600).some((x) => Math.abs(x) > 1e-4));
    const bare = { ...taken, nodes: taken.nodes.map(({ state: _, ...node }) => node) };
    assert(firstDifference(again(bare), expected) >= 0);
  });
}

/** One node, fed by noise for half a second. */
function alone(type: AnyNodeDefinition): { engine: Engine; rig: EnginePlayer } {
  const engine = new Engine({ capacity: { heapBytes: 4 << 20 } });
  const noise = engine.add(library.noise, {}, { name: "source" });
  const gate = engine.add(library.gain, { gain: 0.5 }, { name: "gate" });
  noise.connect(gate);
  gate.params.gain.set(0, { at: 24_000, ramp: 0 });
  const node = engine.add(type, {}, { name: "node" });
  for (const port of Object.values(node.inputs)) engine.connect(gate, port);
  for (const port of Object.values(node.outputs)) engine.connect(port.channel(0), engine.output);
  for (const name of ["gate", "trigger", "clock"]) {
    if (!(name in node.params)) continue;
    node.params[name].set(1, { at: 1000 });
    node.params[name].set(0, { at: 20_000 });
    node.params[name].set(1, { at: 30_000 });
  }
  return { engine, rig: new EnginePlayer(engine) };
}

/** An engine with all nodes after so many frames, and its snapshot. */
function taking(sampleRate: number, frames: number): { rig: EnginePlayer; taken: GraphSnapshot } {
  const engine = new Engine({ sampleRate, capacity: { heapBytes: 16 << 20 } });
  allNodes(engine);
  const rig = new EnginePlayer(engine);
  const before = rig.play(frames);
  assert(before.some((x) => Math.abs(x) > 1e-3));
  const taken = snapshot(engine, { state: true });
  assertEquals(taken.frame, frames);
  return { rig, taken };
}
