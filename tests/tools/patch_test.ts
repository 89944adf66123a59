import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { reloadPatch, watchPatch } from "../../examples/play/patch.ts";
import { restore } from "../../core/snapshot/mod.ts";
import { readWav, render } from "../../drivers/offline.ts";
import { CODEC, TYPES } from "../../tools/patch/library.ts";
import { describe } from "../../tools/patch/inspect.ts";
import { readPatch } from "../../tools/patch/read_patch.ts";
import { targetsOf } from "../../tools/patch/render.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const FOLDER = `${ROOT}examples/patches/`;
const PATCHES = [...Deno.readDirSync(FOLDER)]
  .map(({ name }) => name)
  .filter((name) => name.endsWith(".json") && name !== "patch.schema.json")
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

Deno.test("there are at least eight patches", () => assert(PATCHES.length >= 8));

for (const name of PATCHES) {
  Deno.test(`${name} is neither silent, clipped nor NaN, and is written as the codec writes it`, async () => {
    const text = await Deno.readTextFile(FOLDER + name);
    const patch = CODEC.fromJson(text);
    assertEquals(text.trimEnd(), CODEC.toJson(patch).trimEnd());
    assert(patch.title && patch.about);
    let [sum, count, peak] = [0, 0, 0];
    for await (const block of render(restore(patch, { types: TYPES }), { seconds: 3 })) {
      for (const x of block) {
        assert(Number.isFinite(x));
        sum += x * x;
        peak = Math.max(peak, Math.abs(x));
      }
      count += block.length;
    }
    const rmsDb = 10 * Math.log10(sum / count);
    assert(rmsDb > -50, `${rmsDb} dBFS`);
    assert(peak < 1, `peak ${peak}`);
  });
}

Deno.test("render writes a file for each patch, with the rate and the bits asked for", async () => {
  const cwd = await Deno.makeTempDir();
  await Deno.writeTextFile(`${cwd}/a.json`, sine(440));
  await Deno.writeTextFile(`${cwd}/b.json`, sine(220));
  const line = "a.json b.json -o . --seconds 0.5 --rate 44100 --bits float";
  const { code, stderr } = await run("render", line.split(" "), cwd);
  assertEquals(code, 0, stderr);
  for (const name of ["a", "b"]) {
    const wav = readWav(await Deno.readFile(`${cwd}/${name}.wav`));
    assertEquals([wav.sampleRate, wav.channels, wav.frames], [44_100, 2, 22_050]);
    const peak = wav.samples.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    assert(Math.abs(peak - 0.5) < 0.01, `peak ${peak}`);
  }
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("targetsOf() refuses two patches of one name", async () => {
  const line = { help: false, files: ["x/a.json", "y/a.json"], texts: { output: "out/" } };
  await assertRejects(async () => await targetsOf(line), Error, `two patches to "out/a.wav"`);
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

Deno.test("schema writes the node types with their ranges", async () => {
  const cwd = await Deno.makeTempDir();
  assertEquals((await run("schema", ["-o", "s.json"], cwd)).code, 0);
  const text = await Deno.readTextFile(`${cwd}/s.json`);
  assertEquals(JSON.parse(text).$schema, "https://json-schema.org/draft/2020-12/schema");
  for (const { name } of TYPES) assertStringIncludes(text, `"${name}"`);
  await Deno.remove(cwd, { recursive: true });
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
    ["render", "ok.json --rate 1", 2, "--rate: it must be a whole number in [8000, 384000]"],
    ["render", "ok.json --seconds soon", 2, `current value is "soon"`],
    ["draw", "ok.json -o a.png", 2, "its ending must be .svg"],
    ["draw", "ok.json --loud", 2, "--loud"],
    ["inspect", "ok.json bad.json", 2, "got 2"],
    ["inspect", "bad.json", 1, `bad.json: nodes[0].params.frequency: expected a number in`],
    ["inspect", "text.json", 1, "text.json: "],
    ["schema", "ok.json", 2, "schema takes only options"],
  ];
  for (const [tool, line, code, says] of cases) {
    const result = await run(tool, line.split(" "), cwd);
    assertEquals([result.code, result.stderr.trim().split("\n").length], [code, 1], result.stderr);
    assertStringIncludes(result.stderr, says);
  }
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("reloadPatch() changes what sounds without a click, and leaves it for a bad file", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(path, sine(220));
  const engine = restore(await readPatch(path), { types: TYPES });
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
      lines.push(await reloadPatch(path, engine));
    } else if (frames === 19_200) {
      await Deno.writeTextFile(path, sine("x"));
      lines.push(await reloadPatch(path, engine));
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

Deno.test("watchPatch() reloads a file that is saved, also by renaming", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.json`;
  await Deno.writeTextFile(path, sine(220));
  const engine = restore(await readPatch(path), { types: TYPES });
  let heard = Promise.withResolvers<string>();
  const stop = watchPatch(path, engine, (line) => heard.resolve(line));
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
