/**
 * Type-checks the parts that run anywhere without the types of Deno and of the DOM:
 * only ECMAScript and the little that `portable.d.ts` adds.
 *
 *     deno run -A tools/check_portable.ts
 *
 * @module
 */

/** Files and folders that run in any ECMAScript runtime. */
export const PORTABLE: readonly string[] = ["core", "nodes", "measure", "tuning", "mod.ts"];

const ROOT = new URL("../", import.meta.url);
const path = (relative: string) => decodeURIComponent(new URL(relative, ROOT).pathname);

/** Type-checks files of the project against ECMAScript alone; the compiler's words and whether it was content. */
export async function checkPortable(
  files: readonly string[],
): Promise<{ success: boolean; output: string }> {
  const project = JSON.parse(await Deno.readTextFile(path("deno.json")));
  const imports = Object.fromEntries(
    Object.entries<string>(project.imports).filter(([, target]) => target.startsWith("npm:")),
  );
  const compilerOptions = {
    ...project.compilerOptions,
    lib: ["esnext"],
    types: [path("tools/portable.d.ts")],
  };
  const config = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(config, JSON.stringify({ imports, compilerOptions }));
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--no-lock", "--config", config, ...files],
      cwd: path("."),
      env: { NO_COLOR: "1" },
    }).output();
    return { success, output: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(config);
  }
}

if (import.meta.main) {
  const { success, output } = await checkPortable(PORTABLE);
  if (!success) {
    console.error(output);
    Deno.exit(1);
  }
}
