import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readWav } from "../../drivers/offline.ts";
import { traceProblems } from "../support/chrome_trace.ts";
import { HEAVY_PATCH } from "../support/heavy_patch.ts";
import { deviceTest, NO_SERVER, startJack } from "../support/sound_servers.ts";

const SCRIPT = new URL("../../examples/play.ts", import.meta.url).pathname;

/** Runs `deno task play` in an empty folder; `allow` are its permissions. */
async function play(line: string, { allow = ["-A"], env = NO_SERVER } = {}) {
  const cwd = await Deno.makeTempDir();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--no-prompt", ...allow, SCRIPT, ...line.split(" ")],
    cwd,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr), cwd };
}

Deno.test("play --wav writes music that is neither silent, clipped nor NaN", async () => {
  const { code, stdout, cwd } = await play("--wav out.wav --seconds 10 --bits 32");
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Wrote out.wav: 10 s");
  const wav = readWav(await Deno.readFile(`${cwd}/out.wav`));
  assertEquals([wav.sampleRate, wav.channels, wav.frames], [48_000, 2, 480_000]);
  assert(wav.samples.every(Number.isFinite));
  for (let second = 0; second < 10; second++) {
    const part = wav.samples.subarray(second * 96_000, (second + 1) * 96_000);
    const rms = Math.sqrt(part.reduce((sum, x) => sum + x * x, 0) / part.length);
    assert(rms > 0.01, `second ${second} is silent: ${rms}`);
    assert(part.every((x) => Math.abs(x) < 0.95), `second ${second} is clipped`);
  }
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("play --tuning sounds in a tuning by name or from a Scala file", async () => {
  const { code, cwd } = await play("--wav a.wav --seconds 0.5 --tuning tizita");
  assertEquals(code, 0);
  await Deno.writeTextFile(`${cwd}/own.scl`, "own\n3\n!\n5/4\n3/2\n2/1\n");
  const own = await play(`--wav b.wav --seconds 0.5 --tuning ${cwd}/own.scl`);
  assertEquals(own.code, 0, own.stderr);
  const [a, b] = [await Deno.readFile(`${cwd}/a.wav`), await Deno.readFile(`${own.cwd}/b.wav`)];
  assertEquals(a.length, b.length);
  assert(a.some((byte, k) => byte !== b[k]));
  for (const folder of [cwd, own.cwd]) await Deno.remove(folder, { recursive: true });
});

Deno.test("play --workers renders a patch with helpers, to the same bytes and with figures in the same lines", async () => {
  const runs = [];
  const path = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(path, HEAVY_PATCH);
  for (const workers of [0, 1]) {
    const line = `${path} --wav a.wav --seconds 1 --stats --workers ${workers}`;
    const { code, stdout, stderr, cwd } = await play(line);
    assertEquals(code, 0, stderr);
    const lines = stdout.split("\n").filter((line) => !line.startsWith("helper "));
    runs.push({ lines, stdout, bytes: await Deno.readFile(`${cwd}/a.wav`) });
    await Deno.remove(cwd, { recursive: true });
  }
  const [alone, helped] = runs;
  assertEquals(helped.bytes, alone.bytes);
  const titles = ({ lines }: { lines: string[] }) => lines.map((line) => line.slice(0, 18));
  assertEquals(titles(helped).slice(0, 18), titles(alone).slice(0, 18));
  assertMatch(alone.stdout, /^workers +0$/m);
  assertMatch(helped.stdout, /^helper 1 +\d+ tasks, priority normal$/m);
  const severalCores = navigator.hardwareConcurrency > 1;
  assertMatch(
    helped.stdout,
    severalCores ? /^workers +1, tasks in 64 frames \d+$/m : /^workers +1$/m,
  );
  await Deno.remove(path);
});

Deno.test("play without PortAudio says so and renders a file", async () => {
  const { code, stdout, stderr, cwd } = await play("--seconds 0.5", {
    allow: ["--allow-read", "--allow-write", "--allow-env", "--allow-sys"],
  });
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /^.*ffi.*Rendering tide\.wav instead\.$/m);
  assertStringIncludes(stdout, "Wrote tide.wav: 0.5 s");
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("play refuses bad options with a sentence and exit code 2", async () => {
  for (
    const [line, says] of [
      ["--frames many", `--frames: it must be a whole number in [16, 4096]`],
      ["--tuning nowhere", "--tuning: Cannot find a scale"],
      ["--tuning none.scl", "none.scl"],
      ["--device nowhere", "Cannot find"],
    ]
  ) {
    const { code, stderr, cwd } = await play(line);
    assertEquals(code, 2, line);
    assertStringIncludes(stderr, says);
    assertStringIncludes(stderr, "--help");
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("play --help shows the options", async () => {
  const { code, stdout, cwd } = await play("--help");
  assertEquals(code, 0);
  assertStringIncludes(stdout, "--wav FILE");
  await Deno.remove(cwd, { recursive: true });
});

deviceTest("play plays on a device, and ends by itself", ["portaudio", "jackd"], async () => {
  await using jack = await startJack({ frames: 1024 });
  const line = "--seconds 3 --latency 200 --stats --trace t.json";
  const { code, stdout, stderr, cwd } = await play(line, jack);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^Playing on "system" \(jack\), 48000 Hz, 64 frames/m);
  assertMatch(stdout, /CPU +\d+ % of the deadline {2}underruns \d+$/m);
  assertMatch(stdout, /^missed deadlines +\d+$/m);
  assertMatch(stdout, /^level 2 +peak -?[\d.]+ dB, RMS -?[\d.]+ dB$/m);
  assertMatch(stdout, /^faults +none$/m);
  const costs = stdout.slice(stdout.indexOf("dearest node types")).trim().split("\n");
  assertEquals(costs.length, 13);
  assert(costs.slice(1).every((text) => /^ {2}[\w ]+ +[\d.]+ %$/.test(text)), costs.join("\n"));
  const trace = JSON.parse(await Deno.readTextFile(`${cwd}/t.json`));
  assertEquals(traceProblems(trace), []);
  assert(trace.traceEvents.length > 2000);
  await Deno.remove(cwd, { recursive: true });
});

deviceTest("play --list shows the devices", ["portaudio", "jackd"], async () => {
  await using jack = await startJack();
  const { code, stdout, cwd } = await play("--list", jack);
  assertEquals(code, 0);
  assertMatch(stdout, /^ +0 \* system \(jack\), 2 out, 2 in, 48000 Hz/m);
  await Deno.remove(cwd, { recursive: true });
});

/** Plays until each line has been seen, and what follows it was done. */
async function follow(
  line: string,
  cwd: string,
  expected: readonly [line: string, next: (process: Deno.ChildProcess) => unknown][],
): Promise<void> {
  await using jack = await startJack({ frames: 1024 });
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", SCRIPT, ...line.split(" "), "--latency", "200"],
    cwd,
    env: { NO_COLOR: "1", ...jack.env },
    stdout: "piped",
  }).spawn();
  // Without a line that is expected it would play on for ever.
  const patience = setTimeout(() => process.kill("SIGKILL"), 60_000);
  let [text, read, seen] = ["", 0, 0];
  for await (const part of process.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    while (seen < expected.length && text.includes(expected[seen][0], read)) {
      const [line, next] = expected[seen++];
      read = text.indexOf(line, read) + line.length;
      await next(process);
    }
  }
  clearTimeout(patience);
  assertEquals((await process.status).code, 0, text);
  assertEquals(seen, expected.length, text);
}

const end = (process: Deno.ChildProcess) => process.kill("SIGINT");

deviceTest("play --watch follows a patch file that is saved", ["portaudio", "jackd"], async () => {
  const cwd = await Deno.makeTempDir();
  const save = (frequency: number | string) =>
    Deno.writeTextFile(
      `${cwd}/a.json`,
      JSON.stringify({
        version: 1,
        title: "One sine",
        nodes: [{ type: "sine", name: "osc", params: { frequency } }],
        outputs: [{ from: "osc", gain: 0.1 }],
      }),
    );
  await save(220);
  await follow("a.json --watch", cwd, [
    ["Playing on", () => save(440)],
    ["Loaded a.json: 1 change", () => save("x")],
    ["a.json: nodes[0].params.frequency: expected a number", () => {}],
    ["playing on as before", end],
  ]);
  await Deno.remove(cwd, { recursive: true });
});

deviceTest(
  "play --nodes --watch follows a module that is saved",
  ["portaudio", "jackd"],
  async () => {
    const cwd = await Deno.makeTempDir();
    const save = (tick: string) =>
      Deno.writeTextFile(
        `${cwd}/own.ts`,
        `import { defineNode } from "@aether/dsp";
       export const own = defineNode({ name: "own", outputs: ["out"], tick: () => ${tick} });`,
      );
    await save("0.1");
    const patch = { version: 1, nodes: [{ type: "own", name: "a" }], outputs: [{ from: "a" }] };
    await Deno.writeTextFile(`${cwd}/a.json`, JSON.stringify(patch));
    await follow("a.json --nodes own.ts --watch", cwd, [
      ["Playing on", () => save("0.2")],
      ["Loaded a.json: new code for own", () => save("nowhere")],
      ['Cannot compile node "own"', () => save("(")],
      ["own.ts: SyntaxError: ", () => save("0.3")],
      ["Loaded a.json: new code for own", end],
    ]);
    await Deno.remove(cwd, { recursive: true });
  },
);
