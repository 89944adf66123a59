/** The nodes of the library as the reference orders them: by the folder that they are in. @module */
import * as nodes from "../../nodes/mod.ts";
import type { AnyDefinition } from "./play.ts";

const ROOT = new URL("../../", import.meta.url);

/** Titles of the folders, in the order of the reference. */
const TITLES: Readonly<Record<string, string>> = {
  oscillators: "Oscillators and strings",
  noise: "Noise",
  sampler: "Samplers",
  granular: "Grains",
  filters: "Filters",
  envelopes: "Envelopes",
  dynamics: "Dynamics",
  delays: "Delays and reverberation",
  convolution: "Convolution",
  shapers: "Distortion",
  spectral: "Spectral",
  tuning: "Tuning",
  utility: "Levels and control",
};

/** One node of the library. */
export interface LibraryNode {
  readonly name: string;
  readonly definition: AnyDefinition;
  /** Path of its module from the root of the project. */
  readonly path: string;
  /** Its doc comment, as paragraphs. */
  readonly doc: readonly string[];
}

/** Nodes of one kind. */
export interface Category {
  readonly title: string;
  readonly nodes: readonly LibraryNode[];
}

/** The whole library, from what `nodes/mod.ts` exports and from the comments of its modules. */
export function libraryCategories(): Category[] {
  const text = Deno.readTextFileSync(new URL("nodes/mod.ts", ROOT));
  const folders = new Map<string, LibraryNode[]>(Object.keys(TITLES).map((f) => [f, []]));
  for (const [name, definition] of Object.entries(nodes) as [string, unknown][]) {
    if (!isDefinition(definition)) continue;
    const found = new RegExp(`export \\{[^}]*\\b${name}\\b[^}]*\\} from "\\./([^"]+)"`).exec(text);
    const path = found ? found[1] : "";
    const [folder] = path.split("/");
    const node = { name, definition, path: `nodes/${path}`, doc: docOf(path, name) };
    if (!folders.has(folder)) folders.set(folder, []);
    folders.get(folder)!.push(node);
  }
  return [...folders].filter(([, list]) => list.length > 0).map(([folder, list]) => ({
    title: TITLES[folder] ?? folder[0].toUpperCase() + folder.slice(1),
    nodes: list.sort((a, b) => a.name < b.name ? -1 : 1),
  }));
}

function isDefinition(value: unknown): value is AnyDefinition {
  return typeof value === "object" && value !== null && "spec" in value;
}

/** The paragraphs of the comment before an exported constant, without examples and tags. */
function docOf(path: string, name: string): string[] {
  if (!path) return [];
  const text = Deno.readTextFileSync(new URL(`nodes/${path}`, ROOT));
  const end = text.search(new RegExp(`\\*/\\s*export const ${name}\\b`));
  if (end < 0) return [];
  const comment = text.slice(text.lastIndexOf("/**", end) + 3, end);
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  return lines.join("\n").replace(/```[\s\S]*?```/g, "").split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph && !paragraph.startsWith("@"))
    .map((paragraph) => paragraph.replace(/\{@linkcode (\w+)\}/g, "`$1`"));
}
