import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { defineNode, Engine } from "@aether/dsp";
import {
  diff,
  graphCodec,
  load,
  loadSamples,
  patch,
  restore,
  SchemaError,
  snapshot,
} from "@aether/dsp/snapshot";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";

const player = defineNode({
  name: "player",
  outputs: ["out"],
  tables: ["sample"],
  params: { level: { min: 0, max: 1, default: 1 } },
  state: { at: 0 },
  tick(_inputs, { level }, s, { tables }) {
    const x = tables.sample[s.at];
    s.at = s.at + 1 >= tables.sample.length ? 0 : s.at + 1;
    return x * level;
  },
});
const types = [player];
const codec = graphCodec(types);

const ramp = Float32Array.from({ length: 1000 }, (_, t) => t / 1000);
const fall = Float32Array.from({ length: 300 }, (_, t) => 1 - t / 300);
const shelf = new Map([
  ["ramp.wav", { channels: [ramp], sampleRate: 44_100 }],
  ["fall.wav", { channels: [fall] }],
]);
const FILE = `{
  "version": 1,
  "nodes": [{ "type": "player", "name": "drum", "tables": { "sample": "ramp" } }],
  "outputs": [{ "from": "drum" }],
  "samples": [
    { "name": "ramp", "url": "ramp.wav", "channels": 1, "frames": 1000, "sampleRate": 44100 },
    { "name": "fall", "url": "fall.wav" }
  ]
}
`;
const graph = codec.fromJson(FILE);
const samples = await loadSamples(graph, ({ url }) => shelf.get(url)!);

Deno.test("restore() gives nodes the sample data that they had, and goes on with the same bits", () => {
  const engine = restore(graph, { types, samples });
  const rig = new EnginePlayer(engine);
  const sound = rig.play(2500);
  for (let t = 0; t < 2500; t++) assertEquals(sound[2 * t], ramp[t % 1000]);
  assertEquals(engine.node("drum")!.record.tables[0]?.sampleRate, 44_100);
  const taken = snapshot(engine, { state: true, samples: graph.samples });
  assertEquals(taken.nodes[0].tables, { sample: "ramp" });
  for (
    const copy of [codec.fromBinary(codec.toBinary(taken)), codec.fromJson(codec.toJson(taken))]
  ) {
    const again = new EnginePlayer(restore(copy, { types, samples }));
    const other = new EnginePlayer(restore(taken, { types, samples }));
    assertEquals(firstDifference(again.play(2000), other.play(2000)), -1);
  }
  const again = new EnginePlayer(restore(taken, { types, samples }));
  assertEquals(firstDifference(again.play(2000), rig.play(2000)), -1);
});

Deno.test("restore() has room for sample data beyond the default memory", () => {
  const channels = [new Float32Array(2 ** 20), new Float32Array(2 ** 20)];
  const large = new Map([["ramp", { channels }]]);
  const engine = restore(graph, { types, samples: large });
  const again = restore(snapshot(engine), { types, samples: large });
  assertEquals(again.shared.capacity, engine.shared.capacity);
});

Deno.test("restore() and load() name the node whose sample data are not given", () => {
  const says = 'nodes[0]: Cannot set "sample" of "drum": the data of sample "ramp" are not given';
  assertThrows(() => restore(graph, { types }), SchemaError, says);
  assertThrows(() => load(new Engine(), graph, { types }), SchemaError, says);
});

Deno.test("load() puts other sample data in, and uses those that are there", () => {
  const engine = restore(graph, { types, samples });
  const rig = new EnginePlayer(engine);
  rig.play(100);
  const wanted = codec.fromJson(FILE.replace('"sample": "ramp"', '"sample": "fall"'));
  assertEquals(diff(graph, wanted), [
    { kind: "table", node: "drum", table: "sample", sample: "fall" },
  ]);
  assertEquals(patch(graph, diff(graph, wanted)), wanted);
  load(engine, wanted, { types, samples });
  rig.play(1000);
  assertEquals(engine.node("drum")!.record.tables[0]?.name, "fall");
  // What a node has already need not be given again.
  const twice = {
    ...wanted,
    nodes: [...wanted.nodes, { ...wanted.nodes[0], name: "second", channels: 1 }],
  };
  load(engine, twice, { types });
  const [first, second] = engine.nodes.map(({ record }) => record.tables[0]);
  assert(first !== null && first === second);
});

Deno.test("load() that fails leaves no sample data behind", () => {
  const engine = restore(graph, { types, samples });
  new EnginePlayer(engine).play(100);
  const { heapBytes } = engine.freeMemory;
  const [node] = graph.nodes;
  const nodes = Array.from({ length: 3000 }, (_, i) => ({
    ...node,
    name: `n${i}`,
    tables: { sample: "fall" },
  }));
  assertThrows(
    () => load(engine, { ...graph, nodes, outputs: [] }, { types, samples }),
    SchemaError,
  );
  assertEquals(engine.freeMemory.heapBytes, heapBytes);
});

Deno.test("graphCodec() refuses tables that a type does not have", () => {
  assertThrows(
    () => codec.fromJson(FILE.replace('"sample": "ramp"', '"simple": "ramp"')),
    SchemaError,
    'nodes[0].tables: expected tables of "drum": "sample", got "simple"',
  );
});

Deno.test("loadSamples() checks data against their reference and names what cannot be loaded", async () => {
  await assertRejects(
    () => loadSamples(graph, () => ({ channels: [fall, fall] })),
    SchemaError,
    'samples[0].channels: expected 2, as the data of "ramp" have, got 1',
  );
  await assertRejects(
    () => loadSamples(graph, () => Promise.reject(new Error("no such file"))),
    SchemaError,
    'samples[0]: cannot load "ramp": no such file',
  );
});

Deno.test("load() puts data in that have changed under the same name, and no others", () => {
  const engine = restore(graph, { types, samples });
  const rig = new EnginePlayer(engine);
  rig.play(100);
  const { heapBytes } = engine.freeMemory;
  assertEquals(load(engine, graph, { types, samples }).size, 0);
  assertEquals(engine.freeMemory.heapBytes, heapBytes);
  const louder = new Map([["ramp", { channels: [ramp.map((x) => 2 * x)], sampleRate: 44_100 }]]);
  assertEquals(load(engine, graph, { types, samples: louder }).size, 1);
  const sound = rig.play(1000);
  assertEquals(sound[2 * 999], 2 * ramp[99]);
});

Deno.test("loadSamples() compares the digest of the file with that of the reference", async () => {
  const [expected, other] = ["0a", "0b"].map((pair) => pair.repeat(32));
  const wanted = { samples: [{ name: "fall", url: "fall.wav", sha256: expected, frames: 7 }] };
  const load = (sha256?: string) => loadSamples(wanted, () => ({ channels: [fall], sha256 }));
  await assertRejects(
    () => load(other),
    SchemaError,
    `samples[0].sha256: the file of "fall" has changed: expected ${expected}, found ${other}`,
  );
  // A digest that nobody looked at must not pass as one that fits.
  await assertRejects(
    () => load(),
    SchemaError,
    'samples[0].sha256: expected whoever loads "fall"',
  );
  await assertRejects(() => load(expected), SchemaError, "samples[0].frames: expected 300");
});
