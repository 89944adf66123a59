import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { defineNode, Engine } from "@aether/dsp";
import { sampleMap, sampler } from "@aether/dsp/nodes";
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
import { firstDifference, Rig } from "./rig.ts";

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
  const rig = new Rig(engine);
  const sound = rig.play(2500);
  for (let t = 0; t < 2500; t++) assertEquals(sound[2 * t], ramp[t % 1000]);
  assertEquals(engine.node("drum")!.record.tables[0]?.sampleRate, 44_100);
  const taken = snapshot(engine, { state: true, samples: graph.samples });
  assertEquals(taken.nodes[0].tables, { sample: "ramp" });
  for (
    const copy of [codec.fromBinary(codec.toBinary(taken)), codec.fromJson(codec.toJson(taken))]
  ) {
    const again = new Rig(restore(copy, { types, samples }));
    const other = new Rig(restore(taken, { types, samples }));
    assertEquals(firstDifference(again.play(2000), other.play(2000)), -1);
  }
  const again = new Rig(restore(taken, { types, samples }));
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
  const rig = new Rig(engine);
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
  new Rig(engine).play(100);
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
  const rig = new Rig(engine);
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

const MAPS = `{
  "version": 1,
  "nodes": [{ "type": "sampler", "name": "keys", "tables": { "sound": "both" } }],
  "outputs": [{ "from": "keys" }],
  "samples": [{ "name": "ramp", "url": "ramp.wav" }, { "name": "fall", "url": "fall.wav" }],
  "sampleMaps": [
    {
      "name": "both",
      "zones": [
        { "sample": "ramp", "root": 53, "keys": [0, 59] },
        {
          "sample": "fall",
          "keys": [60, 127],
          "velocities": [0.5, 1],
          "tracking": 0,
          "gain": 0.5,
          "loop": { "mode": "release", "start": 100, "end": 200, "crossfade": 20 },
          "oneShot": true
        }
      ]
    }
  ]
}
`;
const mapCodec = graphCodec([sampler]);
const maps = mapCodec.fromJson(MAPS);
const rated = ({ url }: { url: string }) => ({ sampleRate: 48_000, ...shelf.get(url)! });

Deno.test("graphCodec() keeps sample maps in all formats", () => {
  assertEquals(mapCodec.toJson(maps), MAPS);
  assertEquals(mapCodec.fromBinary(mapCodec.toBinary(maps)), maps);
  assertEquals(mapCodec.fromUrl(mapCodec.toUrl(maps)), maps);
  assertEquals(maps.sampleMaps?.[0].zones[0].velocities, [0, 1]);
});

Deno.test("loadSamples() makes of a map what sampleMap makes of its zones", async () => {
  const data = await loadSamples(maps, rated, { map: sampleMap });
  assertEquals(
    data.get("both")!.channels,
    sampleMap([
      { data: ramp, sampleRate: 44_100, root: 53, keys: [0, 59] },
      {
        data: fall,
        sampleRate: 48_000,
        keys: [60, 127],
        velocities: [0.5, 1],
        tracking: 0,
        gain: 0.5,
        loop: { mode: "release", start: 100, end: 200, crossfade: 20 },
        oneShot: true,
      },
    ]),
  );
  const engine = restore(maps, { types: [sampler], samples: data });
  const rig = new Rig(engine);
  engine.node("keys")!.params.key.set(53);
  engine.node("keys")!.params.gate.set(1);
  const sound = rig.play(100);
  assert(sound.some((x) => x !== 0));
  const { samples, sampleMaps } = maps;
  const taken = snapshot(engine, { state: true, samples, sampleMaps });
  const again = restore(mapCodec.fromJson(mapCodec.toJson(taken)), {
    types: [sampler],
    samples: data,
  });
  assertEquals(firstDifference(new Rig(again).play(500), rig.play(500)), -1);
});

Deno.test("graphCodec() and loadSamples() name the zone that does not fit, and what is allowed", async () => {
  const forms: [was: string, is: string, message: string][] = [
    [
      '"sample": "fall"',
      '"sample": "fell"',
      'sampleMaps[0].zones[1].sample: expected the name of a sample, got "fell"',
    ],
    [
      '"name": "both"',
      '"name": "ramp"',
      'sampleMaps[0].name: expected a name of its own, "ramp" is taken',
    ],
    [
      '"name": "fall", "url"',
      '"name": "ramp", "url"',
      'samples[1].name: expected a name of its own, "ramp" is taken',
    ],
    ["[60, 127]", "[60, 128]", "zones[1].keys[1]: expected a number in [0, 127], got 128"],
    ["[60, 127]", "[60, 59]", "zones[1].keys[1]: expected at least 60, the lowest, got 59"],
    ["[0.5, 1]", "[0.5, 1, 1]", "zones[1].velocities: expected a list of 2"],
    ['"end": 200', '"end": 163', "loop.end: expected at least 164: start and 64 frames, got 163"],
    ['"end": 200', '"end": -1', "loop.end: expected a whole number in [64, 2147483647], got -1"],
    ["53", "1e9", "zones[0].root: expected a number in [-128, 256], got 1000000000"],
    ['"release"', '"reverse"', 'loop.mode: expected "forward", "pingPong" or "release"'],
  ];
  for (const [was, is, message] of forms) {
    assertThrows(() => mapCodec.fromJson(MAPS.replace(was, is)), SchemaError, message);
  }
  const data: [was: string, is: string, options: object, message: string][] = [
    ['"end": 200', '"end": 301', {}, "zones[1].loop.end: expected at most 300, the frames of"],
    [
      '"crossfade": 20',
      '"crossfade": 101',
      {},
      "sampleMaps[0]: Cannot make a sample map: loop.cross",
    ],
    ["", "", { map: undefined }, 'sampleMaps[0]: cannot put "both" together: loadSamples needs'],
    [
      "",
      "",
      { maxBytes: 20_000 },
      'sampleMaps[0]: expected maps of at most 20000 bytes in all, "both"',
    ],
  ];
  for (const [was, is, options, message] of data) {
    const wanted = mapCodec.fromJson(MAPS.replace(was, is));
    const load = () => loadSamples(wanted, rated, { map: sampleMap, ...options });
    await assertRejects(load, SchemaError, message);
  }
  await assertRejects(
    () => loadSamples(maps, ({ url }) => shelf.get(url)!, { map: sampleMap }),
    SchemaError,
    'zones[1].sample: expected a sample that tells its rate, "fall" does not',
  );
});

Deno.test("loadSamples() refuses a map of a long sample a thousand times before it makes it", async () => {
  const zones = Array.from({ length: 4096 }, () => maps.sampleMaps![0].zones[0]);
  const channels = [new Float32Array(2 ** 20)];
  await assertRejects(
    () =>
      loadSamples({ ...maps, sampleMaps: [{ name: "both", zones }] }, () => ({
        channels,
        sampleRate: 48_000,
      }), {
        map: () => {
          throw new Error("it was made");
        },
      }),
    SchemaError,
    "expected maps of at most 268435456 bytes in all",
  );
});
