/**
 * Everything that can be checked without running the engine: `deno task check`.
 *
 * Each step is one line with its time; the words of a step that fails follow it.
 *
 * @module
 */

/** A step: what it is called, and the arguments of `deno` that carry it out. */
type Step = readonly [name: string, ...args: string[]];

const project = JSON.parse(Deno.readTextFileSync("deno.json"));
const exported = Object.values<string>(project.exports);

const STEPS: readonly Step[] = [
  ["format", "fmt", "--check"],
  ["lint", "lint"],
  ["types", "check", "--quiet", "."],
  ["types without Deno and the DOM", "run", "-A", "tools/check_portable.ts"],
  ["documentation", "doc", "--lint", ...exported],
  ["package", "publish", "--quiet", "--dry-run", "--allow-dirty"],
];

const decoder = new TextDecoder();
let failed = 0;
for (const [name, ...args] of STEPS) {
  const start = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${success ? "ok    " : "FAILED"}  ${name.padEnd(34)}${seconds.padStart(6)} s`);
  if (success) continue;
  failed++;
  console.error(decoder.decode(stdout) + decoder.decode(stderr));
}
Deno.exit(failed ? 1 : 0);
