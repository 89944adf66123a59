/** Drawings for a terminal. @module */
import { ENGINE_INPUT } from "../check_graph.ts";
import type { GraphSnapshot } from "../graph_snapshot.ts";
import {
  type Box,
  clip,
  decibels,
  type DrawOptions,
  type Line,
  percent,
  pictureOf,
} from "./picture.ts";

/**
 * The graph as a tree of text that begins at the output and goes back to the sources. A node that
 * feeds several others is shown in full once, and by name with a ↑ after that; modulations are marked
 * with ~, feedback with ↺. Nodes that do not reach the output come last.
 *
 * @example
 * ```ts
 * import { graphCodec, toTree } from "@aether/dsp/snapshot";
 * import { assertEquals } from "@std/assert";
 *
 * const patch = graphCodec().fromJson(`{
 *   "version": 1,
 *   "nodes": [
 *     { "type": "oscillator", "name": "osc", "params": { "frequency": 110 } },
 *     { "type": "svf", "name": "filter" },
 *     { "type": "lfo", "name": "wobble" }
 *   ],
 *   "edges": [{ "from": "osc", "to": "filter" }],
 *   "modulations": [{ "from": "wobble", "to": "filter", "param": "cutoff", "amount": 300 }],
 *   "outputs": [{ "from": "filter", "gain": 0.5 }]
 * }`);
 * assertEquals(
 *   toTree(patch),
 *   `output
 * └─ filter (svf)  [× 0.5]
 *    ├─ osc (oscillator)  frequency 110
 *    └─ ~ wobble (lfo)  [cutoff × 300]
 * `,
 * );
 * ```
 */
export function toTree(graph: GraphSnapshot, options: DrawOptions = {}): string {
  const { boxes, lines } = pictureOf(graph, options);
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const incoming = new Map<string | null, Line[]>();
  for (const line of lines) {
    const list = incoming.get(line.to);
    if (list) list.push(line);
    else incoming.set(line.to, [line]);
  }
  const shown = new Set<string>();
  const text: string[] = [];
  /** What is still to be written, the next one last; a stack, since graphs can be deep. */
  const open: Branch[] = [];
  const push = (name: string | null, indent: string) => {
    const list = incoming.get(name) ?? [];
    for (let i = list.length - 1; i >= 0; i--) {
      open.push({ line: list[i], indent, isLast: i === list.length - 1 });
    }
  };
  const draw = () => {
    for (let branch = open.pop(); branch; branch = open.pop()) {
      const { line, indent, isLast } = branch;
      const again = shown.has(line.from);
      const mark = line.feedback ? "↺ " : line.kind === "modulation" ? "~ " : "";
      const box = byName.get(line.from);
      const node = again || !box ? clip(line.from) : boxText(box);
      const label = line.label === "" ? "" : `  [${line.label}]`;
      text.push(`${indent}${isLast ? "└─ " : "├─ "}${mark}${node}${label}${again ? " ↑" : ""}`);
      if (again || line.from === ENGINE_INPUT && !box) continue;
      shown.add(line.from);
      push(line.from, indent + (isLast ? "   " : "│  "));
    }
  };
  text.push("output");
  push(null, "");
  draw();
  for (const box of boxes) {
    if (shown.has(box.name)) continue;
    shown.add(box.name);
    text.push(`not connected to the output: ${boxText(box)}`);
    push(box.name, "");
    draw();
  }
  return `${text.join("\n")}\n`;
}

interface Branch {
  readonly line: Line;
  readonly indent: string;
  readonly isLast: boolean;
}

/** "filter (svf)  cutoff 800 Hz, q 4" */
function boxText({ name, type, params, stats }: Box): string {
  const figures = [
    ...params,
    ...(stats?.cpu === undefined ? [] : [`cpu ${percent(stats.cpu)}`]),
    ...(stats?.peak === undefined ? [] : [`peak ${decibels(stats.peak)}`]),
  ];
  return `${clip(name)} (${type})${figures.length === 0 ? "" : `  ${figures.join(", ")}`}`;
}
