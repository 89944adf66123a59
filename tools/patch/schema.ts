/**
 * Writes the JSON Schema of patch files, with which editors complete and check them:
 * `deno task schema --help`.
 *
 * @module
 */
import { graphSchema } from "../../core/snapshot/mod.ts";
import { jsonSchema } from "../../core/snapshot/schema/mod.ts";
import { TYPES } from "./library.ts";
import { readCommandLine } from "./options.ts";
import { writeText } from "./read_patch.ts";
import { runCommand, UsageError } from "./usage_error.ts";

const HELP = `Writes the JSON Schema of patch files, with all node types and their ranges.

  deno task schema [options]

  -o, --output FILE   write it to a file (default: the terminal); the patches in examples/patches
                      look for it in examples/patches/patch.schema.json
  -h, --help          show this`;

/** Carries out a command line; the answer is the exit code. */
export async function schema(args: readonly string[]): Promise<number> {
  const line = readCommandLine(args, { output: "o" });
  if (line.files.length > 0) {
    throw new UsageError(`Cannot use "${line.files[0]}": schema takes only options`);
  }
  const { output } = line.texts;
  const text = line.help
    ? HELP
    : JSON.stringify(jsonSchema(graphSchema(TYPES), { title: "Aether patch" }), null, 1);
  if (line.help || output === undefined) console.log(text);
  else await writeText(output, `${text}\n`);
  return 0;
}

if (import.meta.main) await runCommand(schema);
