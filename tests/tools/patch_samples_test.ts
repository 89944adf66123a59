import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { PatchPlayer } from "../../examples/play/patch.ts";
import { readWav, render } from "../../drivers/offline.ts";
import { CODEC } from "../../tools/patch/library.ts";
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
