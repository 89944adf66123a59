import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { resolve } from "node:path";
import { PatchPlayer } from "../../examples/play/patch.ts";
import { readWav, render } from "../../drivers/offline.ts";
import { CODEC } from "../../tools/patch/library.ts";
import { readPatch } from "../../tools/patch/read_patch.ts";
import { readSamples } from "../../tools/patch/read_samples.ts";
import { renderPatch } from "../../tools/patch/render_job.ts";

const JOB = { seconds: 0.5, format: "float32" } as const;

/** A cloud of grains of a recording. */
function cloud(url: string, name = "tone"): string {
  return JSON.stringify({
    version: 1,
    nodes: [{ type: "granular", name: "cloud", tables: { sound: name } }],
    outputs: [{ from: "cloud", gain: 0.5 }],
    samples: [{ name, url }],
  });
}

/** A patch of one sine. */
const SINE = JSON.stringify({
  version: 1,
  nodes: [{ type: "sine", name: "osc", params: { frequency: 330 } }],
  outputs: [{ from: "osc", gain: 0.5 }],
});

/** A folder with a recording, `sounds/tone.wav`, and a patch that plays it, `cloud.json`. */
async function folder(): Promise<string> {
  const cwd = await Deno.makeTempDir();
  await Deno.mkdir(`${cwd}/sounds`);
  await Deno.writeTextFile(`${cwd}/sine.json`, SINE);
  const tone = { patch: `${cwd}/sine.json`, target: `${cwd}/sounds/tone.wav`, ...JOB };
  await renderPatch(tone, new AbortController().signal, () => {});
  await Deno.writeTextFile(`${cwd}/cloud.json`, cloud("sounds/tone.wav"));
  return cwd;
}

const peakOf = (values: Float32Array) => values.reduce((max, x) => Math.max(max, Math.abs(x)), 0);

Deno.test("renderPatch() and PatchPlayer sound with the samples beside the patch", async () => {
  const cwd = await folder();
  const [patch, target] = [`${cwd}/cloud.json`, `${cwd}/cloud.wav`];
  await renderPatch({ patch, target, ...JOB }, new AbortController().signal, () => {});
  const { samples } = readWav(await Deno.readFile(target));
  assert(peakOf(samples) > 0.05);
  const player = await PatchPlayer.open(patch, { blockFrames: 128 });
  const { engine } = player;
  let peak = 0;
  for await (const block of render(engine, { seconds: 0.5 })) peak = Math.max(peak, peakOf(block));
  assertEquals(peak, peakOf(samples));
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("PatchPlayer.reload() takes another sample, and plays on without one that is missing", async () => {
  const cwd = await folder();
  const patch = `${cwd}/cloud.json`;
  const player = await PatchPlayer.open(patch, { blockFrames: 128 });
  await Deno.writeTextFile(patch, cloud("sounds/tone.wav", "other"));
  assertEquals(await player.reload(), `Loaded ${patch}: 1 change`);
  await Deno.writeTextFile(patch, cloud("none.wav", "third"));
  const line = await player.reload();
  assertStringIncludes(line, "there is no such file or folder; playing on as before");
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("readSamples() names the patch, the place in it and what is wrong", async () => {
  const cwd = await folder();
  const path = `${cwd}/cloud.json`;
  for (
    const [url, wrong] of [
      ["none.wav", "there is no such file or folder"],
      ["sine.json", `a file must begin with "RIFF"`],
    ]
  ) {
    const patch = CODEC.fromJson(cloud(url));
    const { message } = await assertRejects(() => readSamples(path, patch), TypeError);
    assertStringIncludes(message, `${path}: `);
    assertStringIncludes(message, "samples[0]");
    assertStringIncludes(message, `cannot load "tone"`);
    assertStringIncludes(message, wrong);
  }
  await Deno.remove(cwd, { recursive: true });
});

/** A sampler with a map of one recording. */
function keys(url: string, change: object = {}): string {
  return JSON.stringify({
    version: 1,
    nodes: [
      { type: "sampler", name: "keys", params: { gate: 1 }, tables: { sound: "piano" } },
    ],
    outputs: [{ from: "keys" }],
    samples: [{ name: "tone", url }],
    sampleMaps: [{ name: "piano", zones: [{ sample: "tone", root: 60, keys: [48, 72] }] }],
    ...change,
  });
}

Deno.test("renderPatch() plays a map of samples as it was recorded on its root key", async () => {
  const cwd = await folder();
  const [patch, target] = [`${cwd}/keys.json`, `${cwd}/keys.wav`];
  await Deno.writeTextFile(patch, keys("sounds/tone.wav"));
  await renderPatch({ patch, target, ...JOB }, new AbortController().signal, () => {});
  const played = readWav(await Deno.readFile(target)).samples;
  const recorded = readWav(await Deno.readFile(`${cwd}/sounds/tone.wav`)).samples;
  assertEquals(played, recorded);
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("PatchPlayer.reload() takes changed zones and changed files, and gives old data's memory back", async () => {
  const cwd = await folder();
  const patch = `${cwd}/keys.json`;
  await Deno.writeTextFile(patch, keys("sounds/tone.wav"));
  const player = await PatchPlayer.open(patch, { blockFrames: 128 });
  const { engine } = player;
  const turn = async () => {
    for await (const _ of render(engine, { seconds: 0.1 }));
  };
  await turn();
  assertEquals(await player.reload(), `Loaded ${patch}: no changes`);
  const room = engine.freeMemory.heapBytes;
  for (const root of [48, 49, 50, 51]) {
    const zones = [{ sample: "tone", root }];
    const sampleMaps = [{ name: "piano", zones }];
    await Deno.writeTextFile(patch, keys("sounds/tone.wav", { sampleMaps }));
    assertEquals(await player.reload(), `Loaded ${patch}: 1 change`);
    await turn();
  }
  assertEquals(engine.freeMemory.heapBytes, room);
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("readSamples() refuses a sampler without a map, and a map where a recording is wanted", async () => {
  const cwd = await folder();
  const path = `${cwd}/keys.json`;
  const sampler = { type: "sampler", name: "keys", tables: { sound: "tone" } };
  const granular = { type: "granular", name: "cloud", tables: { sound: "piano" } };
  for (
    const [node, message] of [
      [sampler, 'nodes[0].tables.sound: expected a name of "sampleMaps" for "sampler", got "tone"'],
      [granular, 'nodes[0].tables.sound: expected a name of "samples" for "granular", got "piano"'],
    ] as const
  ) {
    const patch = CODEC.fromJson(keys("sounds/tone.wav", { nodes: [node], outputs: [] }));
    await assertRejects(() => readSamples(path, patch), TypeError, `${path}: ${message}`);
  }
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("readSamples() compares files with their digests", async () => {
  const cwd = await folder();
  const file = `${cwd}/sounds/tone.wav`;
  const bytes = await Deno.readFile(file);
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const samples = [{ name: "tone", url: "sounds/tone.wav", sha256 }];
  const patch = CODEC.fromJson(keys("", { samples }));
  const read = await readSamples(`${cwd}/keys.json`, patch);
  assertEquals([...read.keys()], ["tone", "piano"]);
  bytes[bytes.length - 1] ^= 1;
  await Deno.writeFile(file, bytes);
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  await assertRejects(
    () => readSamples(`${cwd}/keys.json`, patch),
    TypeError,
    `samples[0].sha256: the file of "tone" has changed: expected ${sha256}, found ${found}`,
  );
  await Deno.remove(cwd, { recursive: true });
});

Deno.test({
  name: "readSamples() reads no device that never ends, and no more bytes than a patch may have",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const cwd = await folder();
    const path = `${cwd}/keys.json`;
    // Of a file with holes only its size is large.
    using file = await Deno.open(`${cwd}/large.wav`, { write: true, create: true });
    await file.truncate(2 ** 28 + 1);
    for (const url of ["/dev/zero", "large.wav"]) {
      await assertRejects(
        () => readSamples(path, CODEC.fromJson(keys(url))),
        TypeError,
        `cannot read "${resolve(cwd, url)}": it has more than 268435456 bytes`,
      );
    }
    await assertRejects(() => readPatch("/dev/zero"), Error, "it has more than 67108864 bytes");
    await Deno.remove(cwd, { recursive: true });
  },
});
