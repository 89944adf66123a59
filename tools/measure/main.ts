/**
 * Measures the node library and writes its reference: `deno task measure`.
 *
 *     deno task measure           # docs/nodes.md and the pictures in docs/nodes
 *     deno task measure svf saw   # only prints the figures of these
 *
 * @module
 */
import { isMet } from "./entry.ts";
import { ENTRIES } from "./nodes/mod.ts";
import { PICTURES, REFERENCE, referencePictures, referenceText } from "./reference.ts";

const ROOT = new URL("../../", import.meta.url);

/** Prints the figures of some nodes; whether all are as promised. */
function printFigures(names: readonly string[]): boolean {
  let allMet = true;
  for (const name of names) {
    for (const { what, unit, limit, measure } of ENTRIES[name]?.figures ?? []) {
      const value = measure();
      const met = isMet(value, limit);
      allMet &&= met;
      console.log(`${met ? "ok    " : "MISSED"}  ${name}: ${what}: ${value} ${unit}`);
    }
  }
  return allMet;
}

async function write(): Promise<void> {
  const folder = new URL(`${PICTURES}/`, ROOT);
  await Deno.mkdir(folder, { recursive: true });
  const written = new Set<string>();
  for (const [name, svg] of referencePictures()) {
    written.add(name);
    await Deno.writeTextFile(new URL(name, folder), svg);
  }
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".svg") && !written.has(name)) await Deno.remove(new URL(name, folder));
  }
  await Deno.writeTextFile(new URL(REFERENCE, ROOT), referenceText());
  console.log(`wrote ${REFERENCE} and ${written.size} pictures in ${PICTURES}`);
}

if (import.meta.main) {
  if (Deno.args.length > 0) Deno.exit(printFigures(Deno.args) ? 0 : 1);
  await write();
}
