import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { deviceTest, output, startJack, until } from "../support/sound_servers.ts";
import { PlayerProcess } from "./player_process.ts";

deviceTest(
  "a stream on a clocked device keeps consistent figures",
  ["portaudio", "jackd"],
  async () => {
    await using server = await startJack({ frames: 64 });
    await using player = new PlayerProcess(server, { patch: "everything" });
    const { device, frames } = await player.next("opened");
    assertEquals([device.name, device.hostApi, frames], ["system", "jack", 64]);
    await until("blocks", async () => (await player.stats()).blocks > 2000);
    const stats = await player.stats();
    assertAlmostEquals(stats.deadlineMs, 64 / 48, 1e-9);
    assert(0 < stats.p50 && stats.p50 <= stats.p99 && stats.p99 <= stats.p999);
    assert(stats.p999 <= stats.max && stats.load <= stats.max);
    assert(stats.missed <= stats.blocks && stats.waiting === 0 && stats.losses === 0);
    assert(["raised", "refused"].includes(stats.priority));
    const refused = player.heard.some((line) => line.type === "priority");
    assertEquals(refused, stats.priority === "refused");
    await player.tell("close");
    await player.next("closed");
    assertEquals((await player.ended()).code, 0);
  },
);

deviceTest(
  "openAudio() gives the engine what the device records",
  ["portaudio", "jackd"],
  async () => {
    await using server = await startJack({ frames: 128 });
    await using player = new PlayerProcess(server, {
      patch: "return",
      inputs: 2,
      blockFrames: 128,
    });
    await player.next("opened");
    assertEquals((await player.stats()).channels[1].peak, 0);
    // A cable from the player's first output to its first input.
    const ports = (await output("jack_lsp", [], { ...server.env })).split("\n");
    const own = ports.filter((port) => port.includes(":") && !port.startsWith("system:"));
    const port = (name: string) => own.find((p) => p.endsWith(name))!;
    await output("jack_connect", [port(":out_0"), port(":in_0")], { ...server.env });
    await until("the tone to come back", async () => {
      const [left, right] = (await player.stats()).channels;
      return Math.abs(left.peak - 0.5) < 1e-3 && Math.abs(right.peak - 0.5) < 1e-3 &&
        Math.abs(right.rms - 0.5 * Math.SQRT1_2) < 0.02;
    });
    await player.tell("close");
    await player.next("closed");
    assertEquals((await player.ended()).code, 0);
  },
);

deviceTest("a soak keeps its promises", ["portaudio", "jackd"], async () => {
  const script = new URL("../../tools/soak/main.ts", import.meta.url).pathname;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, "--minutes", "0.1"],
    stderr: "null",
  }).output();
  const table = new TextDecoder().decode(stdout);
  const row = (name: string) => table.match(new RegExp(`^${name} +(.*)$`, "m"))?.[1] ?? "";
  assertGreater(Number(row("nodes")), 300);
  assertEquals(row("garbage, audio thread"), "0 collections after the warm-up");
  // Whether a shared machine lets anybody run, and how long V8 takes to optimise on it, is not this
  // test's to judge; a run by hand judges it.
  const timing = /^(\d+ starved writes|garbage in \d+ of \d+ slices)$/;
  const broken = row("verdict").replace(/^broken: /, "").split("; ");
  const wrong = broken.filter((words) => words !== "all promises kept" && !timing.test(words));
  assertEquals(wrong, [], table);
});
