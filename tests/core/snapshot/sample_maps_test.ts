import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { sampleMap, sampler } from "@aether/dsp/nodes";
import { graphCodec, loadSamples, restore, SchemaError, snapshot } from "@aether/dsp/snapshot";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";

const ramp = Float32Array.from({ length: 1000 }, (_, t) => t / 1000);
const fall = Float32Array.from({ length: 300 }, (_, t) => 1 - t / 300);
const shelf = new Map([
  ["ramp.wav", { channels: [ramp], sampleRate: 44_100 }],
  ["fall.wav", { channels: [fall] }],
]);
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
  const rig = new EnginePlayer(engine);
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
  assertEquals(firstDifference(new EnginePlayer(again).play(500), rig.play(500)), -1);
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
