import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { RATE, SOUNDS } from "../../examples/patches/sounds/make.ts";
import { PatchPlayer } from "../../examples/play/patch.ts";
import { restore } from "../../core/snapshot/mod.ts";
import { readWav, render } from "../../drivers/offline.ts";
import { CODEC, TYPES } from "../../tools/patch/library.ts";
import { describe } from "../../tools/patch/inspect.ts";
import { HEAVY_PATCH } from "../support/heavy_patch.ts";
import { measureNodes } from "../../tools/patch/measure.ts";
import { readPatch } from "../../tools/patch/read_patch.ts";
import { readSamples } from "../../tools/patch/read_samples.ts";
import { schemaText } from "../../tools/patch/schema.ts";
import { targetsOf } from "../../tools/patch/render.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const FOLDER = `${ROOT}examples/patches/`;
const PATCHES = [...Deno.readDirSync(FOLDER)]
  .map(({ name }) => name)
  .filter((name) => name.endsWith(".json"))
  .sort();

/** Runs a tool in a folder. */
async function run(tool: string, args: readonly string[], cwd: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", `${ROOT}tools/patch/${tool}.ts`, ...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** A patch of one sine, as the text of a file. */
function sine(frequency: number | string): string {
  return JSON.stringify({
    version: 1,
    nodes: [{ type: "sine", name: "osc", params: { frequency } }],
    outputs: [{ from: "osc", gain: 0.5 }],
  });
}

/** Two nodes in a circle. */
const LOOP = JSON.stringify({
  version: 1,
  nodes: [{ type: "gain", name: "a" }, { type: "gain", name: "b" }],
  edges: [{ from: "a", to: "b" }, { from: "b", to: "a" }],
});

Deno.test("there are at least eight patches", () => assert(PATCHES.length >= 8));

for (const name of PATCHES) {
  Deno.test(`${name} peaks between -12 and -1 dBFS, and is written as the codec writes it`, async () => {
    const text = await Deno.readTextFile(FOLDER + name);
    const patch = CODEC.fromJson(text);
    assertEquals(text.trimEnd(), CODEC.toJson(patch).trimEnd());
    assert(patch.title && patch.about);
    let [sum, count, peak] = [0, 0, 0];
    const samples = await readSamples(FOLDER + name, patch);
    for await (const block of render(restore(patch, { types: TYPES, samples }), { seconds: 6 })) {
      for (const x of block) {
        assert(Number.isFinite(x));
        sum += x * x;
        peak = Math.max(peak, Math.abs(x));
      }
      count += block.length;
    }
    const rmsDb = 10 * Math.log10(sum / count);
    assert(rmsDb > -30, `${rmsDb} dBFS`);
    const peakDb = 20 * Math.log10(peak);
    assert(peakDb > -12 && peakDb < -1, `peak ${peakDb} dBFS`);
  });
}

for (const [name, make] of SOUNDS) {
  Deno.test(`sounds/${name} is what its script makes, and small`, async () => {
    const bytes = await Deno.readFile(`${FOLDER}sounds/${name}`);
    assert(bytes.length < 50_000);
    const { sampleRate, samples } = readWav(bytes);
    assertEquals(sampleRate, RATE);
    const made = make();
    assertEquals(samples.length, made.length);
    // One step of 16 bits, since sines may differ in their last digit.
    samples.forEach((x, t) => assert(Math.abs(x - made[t]) < 2 ** -15));
  });
}

Deno.test("render writes a file for each patch, with the rate and the bits asked for", async () => {
  const cwd = await Deno.makeTempDir();
  await Deno.writeTextFile(`${cwd}/a.json`, sine(440));
  await Deno.writeTextFile(`${cwd}/b.json`, sine(220));
  for (const [bits, step] of [["16", 2 ** -15], ["24", 2 ** -23], ["float", 0]] as const) {
    const line = `a.json b.json -o . --seconds 0.5 --rate 44100 --bits ${bits}`;
    const { code, stderr } = await run("render", line.split(" "), cwd);
    assertEquals(code, 0, stderr);
    for (const name of ["a", "b"]) {
      const wav = readWav(await Deno.readFile(`${cwd}/${name}.wav`));
      assertEquals([wav.sampleRate, wav.channels, wav.frames], [44_100, 2, 22_050]);
      const peak = wav.samples.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
      assert(Math.abs(peak - 0.5) < 0.001, `peak ${peak}`);
      assert(wav.samples.every((x) => step === 0 || Number.isInteger(x / step)));
    }
  }
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("render in several threads, and with helpers, writes the same bytes as in one", async () => {
  const cwd = await Deno.makeTempDir();
  await Deno.writeTextFile(`${cwd}/heavy.json`, HEAVY_PATCH);
  await Deno.writeTextFile(`${cwd}/long.json`, HEAVY_PATCH);
  const short = [`${cwd}/heavy.json`, ...PATCHES.slice(0, 3).map((name) => FOLDER + name)];
  for (const [threads, workers] of ["10", "32"]) {
    await Deno.mkdir(`${cwd}/${threads}`);
    const options = `--bits 16 -o ${threads} --threads ${threads} --workers ${workers}`.split(" ");
    // One long enough to be rendered in stems, the others too short.
    for (const [files, seconds] of [[["long.json"], "20"], [short, "1"]] as const) {
      const line = [...files, ...options, "--seconds", seconds];
      const { code, stderr } = await run("render", line, cwd);
      assertEquals(code, 0, stderr);
    }
  }
  for (const name of ["long.json", "heavy.json", ...PATCHES.slice(0, 3)]) {
    const wav = name.replace(".json", ".wav");
    assertEquals(await Deno.readFile(`${cwd}/1/${wav}`), await Deno.readFile(`${cwd}/3/${wav}`));
  }
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("the tools know nodes of one's own with --nodes", async () => {
  const cwd = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${cwd}/own.ts`,
    `import { defineNode } from "@aether/dsp";
     export const own = defineNode({ name: "own", outputs: ["out"], tick: () => 0.25 });`,
  );
  for (const name of ["a", "b"]) {
    const nodes = [{ type: "own", name }];
    const patch = { version: 1, nodes, outputs: [{ from: name }] };
    await Deno.writeTextFile(`${cwd}/${name}.json`, JSON.stringify(patch));
  }
  const cases: readonly [tool: string, line: string, says: string][] = [
    ["render", "a.json b.json --seconds 0.1 --threads 2", "Wrote b.wav"],
    ["inspect", "a.json", "1: own"],
    ["draw", "a.json --measure 0.1", "own"],
    ["schema", "", '"own"'],
  ];
  for (const [tool, line, says] of cases) {
    const { code, stdout, stderr } = await run(
      tool,
      `${line} --nodes own.ts`.trim().split(" "),
      cwd,
    );
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, says);
  }
  const { samples } = readWav(await Deno.readFile(`${cwd}/a.wav`));
  assertEquals(samples.at(-1), 0.25);
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("render tells what is wrong with a patch and renders the others", async () => {
  const cwd = await Deno.makeTempDir();
  await Deno.writeTextFile(`${cwd}/bad.json`, sine("x"));
  await Deno.writeTextFile(`${cwd}/loop.json`, LOOP);
  await Deno.writeTextFile(`${cwd}/ok.json`, sine(440));
  const line = "bad.json loop.json ok.json --seconds 0.1 --threads 2";
  const { code, stdout, stderr } = await run("render", line.split(" "), cwd);
  assertEquals(code, 1);
  assertStringIncludes(stdout, "Wrote ok.wav: 0.1 s");
  assertEquals(readWav(await Deno.readFile(`${cwd}/ok.wav`)).frames, 4800);
  assertStringIncludes(stderr, "bad.json: nodes[0].params.frequency: expected a number in");
  assertStringIncludes(stderr, 'loop.json: edges[1]: Cannot connect "b" to "a": it would close');
  assertEquals(stderr.trim().split("\n").length, 2);
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("targetsOf() refuses two patches of one name, and a file that is the patch", () => {
  const line = { files: ["x/a.json", "y/a.json"], texts: { output: "out/" } };
  assertThrows(() => targetsOf(line, true), Error, `two patches to "out/a.wav"`);
  const same = { files: ["a.json"], texts: { output: "a.json" } };
  assertThrows(() => targetsOf(same, false), Error, `"a.json": it is the patch itself`);
  assertEquals(targetsOf({ files: ["x/a.json"], texts: { output: "out" } }, true), ["out/a.wav"]);
  assertEquals(targetsOf({ files: ["x/a.json"], texts: {} }, false), ["a.wav"]);
});

Deno.test("draw writes the drawing that the file's ending names, and a tree by default", async () => {
  const cwd = await Deno.makeTempDir();
  const file = `${FOLDER}fm_bells.json`;
  for (
    const [ending, says] of [["svg", "</svg>"], ["dot", "digraph"], ["mmd", "flowchart"]]
  ) {
    const { code, stderr } = await run("draw", [file, "-o", `a.${ending}`], cwd);
    assertEquals(code, 0, stderr);
    assertStringIncludes(await Deno.readTextFile(`${cwd}/a.${ending}`), says);
  }
  const { stdout } = await run("draw", [file], cwd);
  assertStringIncludes(stdout, "carrier (operator)");
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("docs/fm_bells.svg, which README.md shows, is what draw draws", async () => {
  const cwd = await Deno.makeTempDir();
  await run("draw", [`${FOLDER}fm_bells.json`, "-o", "a.svg"], cwd);
  const isCurrent = await Deno.readTextFile(`${cwd}/a.svg`) ===
    await Deno.readTextFile(`${ROOT}docs/fm_bells.svg`);
  assert(isCurrent, "deno task draw examples/patches/fm_bells.json -o docs/fm_bells.svg");
  assertStringIncludes(await Deno.readTextFile(`${ROOT}README.md`), "](docs/fm_bells.svg)");
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("measureNodes() knows what each node costs and its peak", async () => {
  const stats = await measureNodes(CODEC.fromJson(sine(440)), 0.5);
  assert(stats.osc.cpu! > 0 && stats.osc.cpu! < 1);
  assert(Math.abs(stats.osc.peak! - 1) < 1e-3, `peak ${stats.osc.peak}`);
  const pan = await measureNodes(await readPatch(`${FOLDER}drum_groove.json`), 2);
  assertEquals(Object.values(pan).filter(({ cpu, peak }) => !(cpu! > 0 && peak! > 0)), []);
});

Deno.test("examples/patch.schema.json is what schema writes", async () => {
  const text = await Deno.readTextFile(`${ROOT}examples/patch.schema.json`);
  const { stdout } = await run("schema", [], ROOT);
  const isCurrent = text === schemaText() && text === stdout;
  assert(isCurrent, "it is made with: deno task schema -o examples/patch.schema.json");
});

Deno.test("the JSON Schema accepts every patch of the examples, which refer to it", async () => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
  const valid = ajv.compile(JSON.parse(schemaText()));
  for (const name of PATCHES) {
    const patch: { $schema: string } = JSON.parse(await Deno.readTextFile(FOLDER + name));
    assert(valid(patch), `${name}: ${JSON.stringify(valid.errors)}`);
    const address = new URL(patch.$schema, `file://${FOLDER}`);
    assertEquals(address.pathname, `${ROOT}examples/patch.schema.json`);
  }
});

Deno.test("the JSON Schema says where a patch is wrong, and nothing else", async () => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
  const valid = ajv.compile(JSON.parse(schemaText()));
  const patch: { nodes: Record<string, unknown>[] } = JSON.parse(
    await Deno.readTextFile(`${FOLDER}acid_bass.json`),
  );
  const filter = patch.nodes.findIndex(({ type }) => type === "ladder");
  const at = (value: unknown) => ({ value: 200, events: [{ in: 0, value }] });
  const cases: readonly [params: Record<string, unknown>, path: string, says: string][] = [
    [{ cutoff: 30_000 }, "cutoff", "must be <= "],
    [{ cutoff: "high" }, "cutoff", "must be number"],
    [{ cutoff: at(30_000) }, "cutoff/events/0/value", "must be <= "],
    [{ cutof: 300 }, "", "must NOT have additional properties"],
  ];
  for (const [params, path, says] of cases) {
    patch.nodes[filter].params = params;
    assertEquals(valid(patch), false);
    const [error] = valid.errors!;
    assertEquals(error.instancePath, `/nodes/${filter}/params${path && `/${path}`}`);
    assertStringIncludes(error.message!, says);
  }
  patch.nodes[filter] = { type: "lader", name: "filter" };
  assertEquals(valid(patch), false);
  assertEquals(valid.errors![0].instancePath, `/nodes/${filter}/type`);
});

Deno.test("describe() counts nodes by type, connections and memory", async () => {
  const text = await describe(await readPatch(`${FOLDER}choir.json`));
  assertStringIncludes(text, "15: 4 lfo, 4 saw, 2 formant, 2 pan, gain, hall, limiter");
  assertStringIncludes(text, "10 between nodes, 1 to the output");
  assertStringIncludes(text, "of its heap");
});

Deno.test("the tools answer a mistake with one sentence, and 2 if it is in the command line", async () => {
  const cwd = await Deno.makeTempDir();
  await Deno.writeTextFile(`${cwd}/ok.json`, sine(440));
  await Deno.writeTextFile(`${cwd}/bad.json`, sine("x"));
  await Deno.writeTextFile(`${cwd}/text.json`, "no\npatch");
  const cases: readonly [tool: string, line: string, code: number, says: string][] = [
    ["render", "none.json", 2, `Cannot read "none.json": there is no such file or folder`],
    ["render", ".", 2, "it is a folder"],
    ["render", "ok.json -o none/a.wav", 2, `Cannot write "none/a.wav"`],
    ["render", "ok.json --bits 12", 2, "--bits: it must be 16, 24 or float"],
    ["render", "ok.json --workers x", 2, "--workers: it must be a whole number in [0, 16]"],
    ["render", "ok.json --rate 1", 2, "--rate: it must be a whole number in [8000, 384000]"],
    ["render", "ok.json --seconds soon", 2, `current value is "soon"`],
    ["draw", "ok.json -o a.png", 2, "its ending must be .svg"],
    ["draw", "ok.json --loud", 2, "--loud"],
    ["inspect", "ok.json bad.json", 2, "got 2"],
    ["inspect", "bad.json", 1, `bad.json: nodes[0].params.frequency: expected a number in`],
    ["inspect", "text.json", 1, "text.json: "],
    ["schema", "ok.json", 2, "schema takes only options"],
  ];
  const results = cases.map(([tool, line]) => run(tool, line.split(" "), cwd));
  for (const [k, [, , code, says]] of cases.entries()) {
    const result = await results[k];
    assertEquals([result.code, result.stderr.trim().split("\n").length], [code, 1], result.stderr);
    assertStringIncludes(result.stderr, says);
  }
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("PatchPlayer.reload() changes what sounds without a click, and leaves it for a bad file", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(path, sine(220));
  const player = await PatchPlayer.open(path, { blockFrames: 64 });
  const { engine } = player;
  let [last, jump, frames] = [0, 0, 0];
  const lines: string[] = [];
  for await (const block of render(engine, { seconds: 0.6 })) {
    for (let i = 0; i < block.length; i += 2) {
      jump = Math.max(jump, Math.abs(block[i] - last));
      last = block[i];
    }
    frames += block.length / 2;
    if (frames === 9_600) {
      await Deno.writeTextFile(path, sine(440));
      lines.push(await player.reload());
    } else if (frames === 19_200) {
      await Deno.writeTextFile(path, sine("x"));
      lines.push(await player.reload());
    }
  }
  assertStringIncludes(lines[0], "1 change");
  assertStringIncludes(lines[1], "nodes[0].params.frequency: expected a number");
  assertStringIncludes(lines[1], "playing on as before");
  assertEquals(engine.node("osc")?.params.frequency.value, 440);
  // The steepest frame of a sine of 440 Hz with amplitude 0.5.
  assert(jump < 1.01 * 0.5 * 2 * Math.PI * 440 / 48_000, `jump ${jump}`);
  await Deno.remove(path);
});

Deno.test("PatchPlayer.watch() reloads a file that is saved, also by renaming", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.json`;
  await Deno.writeTextFile(path, sine(220));
  const player = await PatchPlayer.open(path, { blockFrames: 64 });
  const { engine } = player;
  let heard = Promise.withResolvers<string>();
  const stop = player.watch((line) => heard.resolve(line));
  await Deno.writeTextFile(path, sine(330));
  assertStringIncludes(await heard.promise, "1 change");
  heard = Promise.withResolvers<string>();
  await Deno.writeTextFile(`${folder}/new`, sine(440));
  await Deno.rename(`${folder}/new`, path);
  assertStringIncludes(await heard.promise, "1 change");
  for await (const _ of render(engine, { seconds: 0.1 }));
  assertEquals(engine.node("osc")?.params.frequency.value, 440);
  stop();
  await Deno.remove(folder, { recursive: true });
});
