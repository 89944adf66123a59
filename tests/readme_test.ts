import { assert } from "@std/assert";

const README = new URL("../README.md", import.meta.url);
const ROOT = new URL("../", import.meta.url).pathname;

/** The blocks that `deno test --doc` leaves out because they want a sound card. */
function liveBlocks(): string[] {
  const text = Deno.readTextFileSync(README);
  return [...text.matchAll(/^```ts ignore\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
}

Deno.test("the blocks of README.md for a sound card type-check, and run without one", async () => {
  const blocks = liveBlocks();
  assert(blocks.length > 0);
  for (const code of blocks) {
    assert(code.includes("openAudio("), code);
    const silent = code
      .replace('"@aether/dsp/portaudio"', '"@aether/dsp/realtime-null"')
      .replaceAll("openAudio", "openNullAudio");
    const file = await Deno.makeTempFile({ dir: `${ROOT}tests`, suffix: ".ts" });
    try {
      for (const [command, source] of [["check", code], ["run", silent]]) {
        await Deno.writeTextFile(file, source);
        const args = command === "run" ? ["run", "-A", "--no-check", file] : ["check", file];
        const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
        assert(success, new TextDecoder().decode(stderr));
      }
    } finally {
      await Deno.remove(file);
    }
  }
});
