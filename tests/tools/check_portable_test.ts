import { assertEquals, assertMatch } from "@std/assert";
import { checkPortable, PORTABLE } from "../../tools/check_portable.ts";

Deno.test("core, nodes and tuning type-check without the types of Deno and the DOM", async () => {
  assertEquals(await checkPortable(PORTABLE), { success: true, output: "" });
});

Deno.test("checkPortable() knows WebAssembly, and neither Deno nor the DOM", async () => {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      file,
      "export const ok: boolean = WebAssembly.validate(new Uint8Array(8));",
    );
    assertEquals(await checkPortable([file]), { success: true, output: "" });
    await Deno.writeTextFile(
      file,
      "export const a = [Deno.args, document.title, performance.now()];",
    );
    const { success, output } = await checkPortable([file]);
    assertEquals(success, false);
    for (const name of ["Deno", "document", "performance"]) {
      assertMatch(output, new RegExp(`Cannot find name '${name}'`));
    }
  } finally {
    await Deno.remove(file);
  }
});
