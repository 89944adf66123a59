/**
 * Draws a patch: `deno task draw --help`.
 *
 * @module
 */
import { type GraphSnapshot, toDot, toMermaid, toTree } from "../../core/snapshot/mod.ts";
import { TYPES } from "./library.ts";
import { onlyFile, readCommandLine } from "./options.ts";
import { readPatch, writeText } from "./read_patch.ts";
import { runCommand, UsageError } from "./usage_error.ts";

const HELP = `Draws a patch.

  deno task draw patch.json [options]

  -o, --output FILE   .svg, .dot (Graphviz), .mmd (Mermaid) or .txt (a tree of text)
                      (default: the tree, on the terminal)
  -h, --help          show this`;

type Draw = (graph: GraphSnapshot) => string | Promise<string>;

const options = { types: TYPES };

/** Drawings by the ending of the file they go to. */
const DRAWINGS: Readonly<Record<string, Draw>> = {
  // Graphviz (1.4 MB) is loaded only for those who need it.
  svg: async (graph) => (await import("../../core/snapshot/svg.ts")).toSvg(graph, options),
  dot: (graph) => toDot(graph, options),
  mmd: (graph) => toMermaid(graph, options),
  txt: (graph) => toTree(graph, options),
};

/** Carries out a command line; the answer is the exit code. */
export async function draw(args: readonly string[]): Promise<number> {
  const line = readCommandLine(args, { output: "o" });
  if (line.help) {
    console.log(HELP);
    return 0;
  }
  const file = onlyFile(line);
  const { output } = line.texts;
  if (output === undefined) {
    console.log(toTree(await readPatch(file), options).trimEnd());
    return 0;
  }
  const ending = /\.(\w+)$/.exec(output)?.[1].toLowerCase() ?? "";
  if (!Object.hasOwn(DRAWINGS, ending)) {
    throw new UsageError(
      `Cannot draw to "${output}": its ending must be .svg, .dot, .mmd or .txt`,
    );
  }
  const text = await DRAWINGS[ending](await readPatch(file));
  await writeText(output, text.endsWith("\n") ? text : `${text}\n`);
  return 0;
}

if (import.meta.main) await runCommand(draw);
