import { assert, assertEquals } from "@std/assert";
import { type Rendering, renderTide } from "./support/render_tide.ts";

const SECONDS = 8;

Deno.test("the piece is neither silent, clipped nor broken, and the same bits for any block size", async () => {
  const [first, ...others] = await Promise.all(
    [64, 128, 256, 100].map((blockFrames) => renderTide(blockFrames, SECONDS)),
  );
  assert(first.peak > 0.1 && first.peak < 0.95, `peak ${first.peak}`);
  assertEquals(first.broken, 0);
  for (const other of others) assertEquals(other, first);
});

Deno.test("Node renders the same bits from the bundled modules", async () => {
  const bundle = await Deno.makeTempFile({ suffix: ".mjs" });
  try {
    const source = new URL("./support/print_tide.ts", import.meta.url).pathname;
    // Minified, because a node's source is what is compiled.
    await run(Deno.execPath(), ["bundle", "--quiet", "--minify", "-o", bundle, source]);
    const rendering: Rendering = JSON.parse(await run("node", [bundle]));
    assertEquals(rendering, await renderTide(64, SECONDS));
  } finally {
    await Deno.remove(bundle);
  }
});

/** Runs a program; what it printed. */
async function run(program: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, text(stderr));
  return text(stdout);
}
