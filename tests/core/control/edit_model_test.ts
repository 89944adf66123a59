import { assert, assertEquals } from "@std/assert";
import { soakEdits, soakEditsLive } from "../../../tools/soak/edits.ts";
import { deviceTest } from "../../support/sound_servers.ts";
import { openNullAudio } from "../../../drivers/realtime_null.ts";

Deno.test("random edits leave the graph the model says, no NaN, and all memory free at the end", () => {
  for (const [seed, fade] of [[1, 0], [2, 0.002], [3, 0.005]]) {
    const report = soakEdits({ edits: 1500, seed, fade });
    assertEquals(report.broken, []);
    assert(report.made > 1000 && report.refused > 50 && report.timed > 10, JSON.stringify(report));
  }
});

Deno.test(
  "random edits of an engine that plays leave the graph the model says, and nothing behind",
  { sanitizeOps: false, sanitizeResources: false },
  async () => {
    const report = await soakEditsLive({ open: openNullAudio, seconds: 2, seed: 4 });
    assertEquals(report.broken, []);
    assert(report.made > 20, JSON.stringify(report));
  },
);

deviceTest("random edits hold on a clocked device", ["portaudio", "jackd"], async () => {
  const script = new URL("../../../tools/soak/edits.ts", import.meta.url).pathname;
  const { stdout, code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, "--edits", "0", "--live", "2", "--seed", "5"],
    stderr: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stdout));
});
