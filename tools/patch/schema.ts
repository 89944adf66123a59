/**
 * Writes the JSON Schema of patch files, with which editors complete and check them:
 * `deno task schema --help`.
 *
 * @module
 */
import { graphSchema } from "../../core/snapshot/mod.ts";
import { jsonSchema } from "../../core/snapshot/schema/mod.ts";
import { libraryWith, TYPES } from "./library.ts";
import { readCommandLine } from "./options.ts";
import { OwnNodes } from "./own_nodes.ts";
import { writeText } from "./read_patch.ts";
import { runCommand, UsageError } from "./usage_error.ts";

const HELP = `Writes the JSON Schema of patch files, with all node types and their ranges.

  deno task schema [options]

  -o, --output FILE   write it to a file (default: the terminal); the patches in examples/patches
                      look for it in examples/patch.schema.json
  --nodes FILE        a module whose nodes patches may use (again for another module)
  -h, --help          show this`;

/** Carries out a command line; the answer is the exit code. */
export async function schema(args: readonly string[]): Promise<number> {
  const line = readCommandLine(args, { output: "o" });
  if (line.files.length > 0) {
    throw new UsageError(`Cannot use "${line.files[0]}": schema takes only options`);
  }
  const { output } = line.texts;
  const { types } = libraryWith((await OwnNodes.open(line.nodes)).types);
  const text = line.help ? `${HELP}\n` : schemaText(types);
  if (line.help || output === undefined) console.log(text.trimEnd());
  else await writeText(output, text);
  return 0;
}

/** The JSON Schema with a line for each part: a node type that changes changes one line. */
export function schemaText(types = TYPES): string {
  const { $defs, ...rest } = jsonSchema(graphSchema(types), { title: "Aether patch" });
  const lines = (table: object, indent: string) =>
    Object.entries(table).map(([name, part]) =>
      `${indent}${JSON.stringify(name)}: ${JSON.stringify(part)}`
    ).join(",\n");
  return `{\n${lines(rest, "  ")},\n  "$defs": {\n${lines($defs as object, "    ")}\n  }\n}\n`;
}

if (import.meta.main) await runCommand(schema);
