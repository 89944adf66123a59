import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HELP, parseOptions, UsageError } from "../../examples/play/options.ts";

Deno.test("parseOptions() has defaults for everything", () => {
  const options = parseOptions([]);
  assertEquals(options.frames, 64);
  assertEquals([options.rate, options.patch, options.watch], [undefined, undefined, false]);
  assertEquals(options.latency, 30);
  assertEquals(options.seconds, undefined);
  assertEquals(options.format, "pcm24");
  assertEquals([options.help, options.list, options.stats], [false, false, false]);
});

Deno.test("parseOptions() reads every option", () => {
  const line = "--list --stats --device pulse --frames 128 --seconds=2.5 --wav a.wav --bits 16 " +
    "--rate 44100 --latency 5 --tuning tizita --seed 7 --workers 2";
  assertEquals(parseOptions(line.split(" ")), {
    patch: undefined,
    nodes: [],
    watch: false,
    help: false,
    list: true,
    stats: true,
    trace: undefined,
    device: "pulse",
    frames: 128,
    latency: 5,
    seconds: 2.5,
    wav: "a.wav",
    format: "pcm16",
    rate: 44_100,
    tuning: "tizita",
    seed: 7,
    workers: 2,
  });
});

Deno.test("parseOptions() takes helper threads for a patch file as for the piece", () => {
  assertEquals(parseOptions(["a.json"]).workers, 0);
  assertEquals(parseOptions(["a.json", "--workers", "1"]).workers, 1);
});

Deno.test("parseOptions() takes modules with nodes for a patch file", () => {
  assertEquals(parseOptions(["a.json"]).nodes, []);
  const line = ["a.json", "--nodes", "a.ts", "--nodes=b.ts"];
  assertEquals(parseOptions(line).nodes, ["a.ts", "b.ts"]);
});

Deno.test("parseOptions() takes a patch file, and whether to watch it", () => {
  const { patch, watch, trace } = parseOptions(["a.json", "--watch", "--trace", "t.json"]);
  assertEquals([patch, watch, trace], ["a.json", true, "t.json"]);
});

const REFUSED: readonly [line: string, says: string][] = [
  ["--frames 0", `--frames: it must be a whole number in [16, 4096], current value is "0"`],
  ["--frames 64.5", `current value is "64.5"`],
  ["--frames", "--frames"],
  ["--seconds soon", `--seconds: it must be a number in [0.001, 86400], current value is "soon"`],
  ["--seconds=", `current value is ""`],
  ["--seconds -1", "--seconds"],
  ["--bits 12", `--bits: it must be 16, 24 or 32, current value is "12"`],
  ["--bits toString", `current value is "toString"`],
  ["--loud", "--loud"],
  ["--stats=yes", "--stats"],
  ["a.json b.json", `Cannot use "b.json": play takes one patch file`],
  ["--nodes a.ts", "Cannot use --nodes: it is for a patch file"],
  ["--watch", "Cannot use --watch: it needs a patch file"],
  ["a.json --watch --wav a.wav", "Cannot use --watch"],
  ["--trace t.json --wav a.wav", "Cannot use --trace: it is about playing live"],
  ["--workers 17", "--workers: it must be a whole number in [0, 16]"],
  ["a.json --seed 2", "Cannot use --seed: it is for the piece, not for a patch file"],
];
for (const [line, says] of REFUSED) {
  Deno.test(`parseOptions() refuses ${line}`, () => {
    assertThrows(() => parseOptions(line.split(" ")), UsageError, says);
  });
}

Deno.test("the help names every option that is accepted", () => {
  for (const name of Object.keys(parseOptions([]))) {
    if (name !== "format" && name !== "patch") assertStringIncludes(HELP, `--${name} `);
  }
});
