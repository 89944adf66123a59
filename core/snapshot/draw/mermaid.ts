/** Drawings in the language of Mermaid, which many Markdown viewers show. @module */
import { ENGINE_INPUT } from "../check_graph.ts";
import type { GraphSnapshot } from "../graph_snapshot.ts";
import { clip, decibels, type DrawOptions, percent, pictureOf } from "./picture.ts";

/**
 * The graph as a Mermaid flowchart: signals as solid arrows, modulations dotted, feedback thick.
 *
 * @example
 * ```ts
 * import { graphCodec, toMermaid } from "@aether/dsp/snapshot";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const patch = graphCodec().fromJson(`{
 *   "version": 1,
 *   "nodes": [{ "type": "noise", "name": "hiss" }],
 *   "outputs": [{ "from": "hiss", "gain": 0.5 }]
 * }`);
 * assertStringIncludes(toMermaid(patch), `n0 -->|"× 0.5"| output`);
 * ```
 */
export function toMermaid(graph: GraphSnapshot, options: DrawOptions = {}): string {
  const { title, boxes, lines, hasInput } = pictureOf(graph, options);
  const ids = new Map(boxes.map(({ name }, i) => [name, `n${i}`]));
  if (hasInput) ids.set(ENGINE_INPUT, "input");
  const rows = boxes.map(({ name, type, params, stats }, i) => {
    const figures = [
      ...(stats?.cpu === undefined ? [] : [`cpu ${percent(stats.cpu)}`]),
      ...(stats?.peak === undefined ? [] : [`peak ${decibels(stats.peak)}`]),
    ];
    const text = [`<b>${escape(clip(name))}</b>`, ...[type, ...params, ...figures].map(escape)];
    return `  n${i}["${text.join("<br/>")}"]`;
  });
  if (hasInput) rows.push(`  input(["input"])`);
  rows.push(`  output(["output"])`);
  for (const { from, to, kind, feedback, label } of lines) {
    const arrow = feedback !== undefined ? "==>" : kind === "modulation" ? "-.->" : "-->";
    const text = label === "" ? "" : `|"${escape(label)}"|`;
    rows.push(`  ${ids.get(from)} ${arrow}${text} ${to === null ? "output" : ids.get(to)}`);
  }
  const head = title === undefined ? "" : `---\ntitle: ${JSON.stringify(clip(title))}\n---\n`;
  return `${head}flowchart LR\n${rows.join("\n")}\n`;
}

/** Everything that Mermaid or Markdown could read as their own, as numbered entities. */
function escape(text: string): string {
  return text.replace(/["#&<>`|\\[\]{}]/g, (char) => `#${char.charCodeAt(0)};`);
}
