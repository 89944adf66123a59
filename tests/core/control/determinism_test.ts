import { assert, assertEquals } from "@std/assert";
import { renderPatch } from "../../support/render_patch.ts";

const FRAMES = 9600;

Deno.test("a patch gives the same bits in blocks of any size", async () => {
  const expected = await renderPatch(64, FRAMES);
  assert(expected.loudest > 0.05 && expected.loudest < 4, `loudest sample ${expected.loudest}`);
  for (const blockFrames of [1, 17, 48, 128, 256, 1000]) {
    assertEquals(await renderPatch(blockFrames, FRAMES), expected, `blocks of ${blockFrames}`);
  }
});

Deno.test("a patch gives the same bits in Node, from the bundled and minified module", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const script = `${folder}/patch.mjs`;
    const source = new URL("../../support/render_patch.ts", import.meta.url).pathname;
    await run(Deno.execPath(), "bundle", "--minify", "--quiet", "-o", script, source);
    const main = `import { renderPatch } from "./patch.mjs";` +
      `console.log(JSON.stringify(await renderPatch(64, ${FRAMES})));`;
    await Deno.writeTextFile(`${folder}/main.mjs`, main);
    const printed = await run("node", `${folder}/main.mjs`);
    assertEquals(JSON.parse(printed), await renderPatch(64, FRAMES));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function run(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  assert(success, `${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
