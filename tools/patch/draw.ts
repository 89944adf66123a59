/**
 * Draws a patch: `deno task draw --help`.
 *
 * @module
 */
import {
  type DrawOptions,
  type GraphSnapshot,
  toDot,
  toMermaid,
  toTree,
} from "../../core/snapshot/mod.ts";
import { libraryWith } from "./library.ts";
import { measureNodes } from "./measure.ts";
import { OwnNodes } from "./own_nodes.ts";
import { numberOption, onlyFile, readCommandLine } from "./options.ts";
import { readPatch, writeText } from "./read_patch.ts";
import { readSamples } from "./read_samples.ts";
import { runCommand, UsageError } from "./usage_error.ts";

const HELP = `Draws a patch.

  deno task draw patch.json [options]

  -o, --output FILE   .svg, .dot (Graphviz), .mmd (Mermaid) or .txt (a tree of text)
                      (default: the tree, on the terminal)
  --measure N         render N seconds of it, and colour the boxes by their share of the time,
                      their borders by their peaks
  --nodes FILE        a module whose nodes the patch may use (again for another module)
  -h, --help          show this`;

type Draw = (graph: GraphSnapshot, options: DrawOptions) => string | Promise<string>;

/** Drawings by the ending of the file they go to. */
const DRAWINGS: Readonly<Record<string, Draw>> = {
  // Graphviz (1.4 MB) is loaded only for those who need it.
  svg: async (graph, options) => (await import("../../core/snapshot/svg.ts")).toSvg(graph, options),
  dot: (graph, options) => toDot(graph, options),
  mmd: (graph, options) => toMermaid(graph, options),
  txt: (graph, options) => toTree(graph, options),
};

/** Carries out a command line; the answer is the exit code. */
export async function draw(args: readonly string[]): Promise<number> {
  const line = readCommandLine(args, { output: "o", measure: undefined });
  if (line.help) {
    console.log(HELP);
    return 0;
  }
  const file = onlyFile(line);
  const { output } = line.texts;
  const drawing = drawingFor(output);
  const seconds = numberOption(line, "measure", { min: 0.01, max: 3600 });
  const { types, codec } = libraryWith((await OwnNodes.open(line.nodes)).types);
  const graph = await readPatch(file, codec);
  const stats = seconds === undefined
    ? {}
    : { stats: await measureNodes(graph, seconds, await readSamples(file, graph), types) };
  const text = await drawing(graph, { types, ...stats });
  if (output === undefined) console.log(text.trimEnd());
  else await writeText(output, text.endsWith("\n") ? text : `${text}\n`);
  return 0;
}

/** The drawing that goes to a file of this name; without one, to the terminal. */
function drawingFor(output = ".txt"): Draw {
  const ending = /\.(\w+)$/.exec(output)?.[1].toLowerCase() ?? "";
  if (Object.hasOwn(DRAWINGS, ending)) return DRAWINGS[ending];
  throw new UsageError(`Cannot draw to "${output}": its ending must be .svg, .dot, .mmd or .txt`);
}

if (import.meta.main) await runCommand(draw);
