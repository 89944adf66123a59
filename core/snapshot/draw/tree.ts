/** Drawings for a terminal. @module */
import type { GraphSnapshot } from "../graph_snapshot.ts";
import {
  type Box,
  clip,
  decibels,
  type DrawOptions,
  type Line,
  percent,
  type Picture,
  pictureOf,
} from "./picture.ts";

/** Levels of one tree; what lies deeper is drawn as a tree of its own below, so lines stay short. */
const MAX_DEPTH = 32;

/**
 * The graph as a tree of text that begins at the output and goes back to the sources. A node that
 * feeds several others is shown in full once, and by name with a ↑ after that; modulations are marked
 * with ~, feedback with ↺. Nodes that do not reach the output come last. Below 32 levels, a … sends on
 * to another tree.
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
  const tree = new Tree(pictureOf(graph, options));
  tree.draw(null, "output");
  tree.drawDeeper();
  for (const { name } of graph.nodes) {
    tree.drawNode(name, "not connected to the output: ");
    tree.drawDeeper();
  }
  return `${tree.text.join("\n")}\n`;
}

/** A line that is still to be written. */
interface Branch {
  readonly line: Line;
  readonly indent: string;
  readonly isLast: boolean;
  readonly depth: number;
}

class Tree {
  readonly text: string[] = [];
  /** Nodes that were too deep for the tree in which they came up. */
  readonly #deeper: string[] = [];
  readonly #boxes: ReadonlyMap<string, Box>;
  readonly #incoming: ReadonlyMap<string | null, readonly Line[]>;
  readonly #shown = new Set<string>();
  /** The next one last: a stack of its own, since graphs can be deep. */
  readonly #open: Branch[] = [];

  constructor({ boxes, lines }: Picture) {
    this.#boxes = new Map(boxes.map((box) => [box.name, box]));
    this.#incoming = Map.groupBy(lines, (line) => line.to);
  }

  /** A tree with a node at its root, if the node has not been drawn. */
  drawNode(name: string, prefix: string): void {
    if (this.#shown.has(name)) return;
    this.#shown.add(name);
    this.draw(name, prefix + boxText(this.#boxes.get(name)!));
  }

  /** The trees of nodes that were too deep. */
  drawDeeper(): void {
    // Grows while it is gone through.
    for (const name of this.#deeper) this.drawNode(name, "… ");
    this.#deeper.length = 0;
  }

  draw(name: string | null, root: string): void {
    this.text.push(root);
    this.#push(name, "", 1);
    for (let branch = this.#open.pop(); branch; branch = this.#open.pop()) this.#branch(branch);
  }

  #push(name: string | null, indent: string, depth: number): void {
    const lines = this.#incoming.get(name) ?? [];
    for (let i = lines.length - 1; i >= 0; i--) {
      this.#open.push({ line: lines[i], indent, isLast: i === lines.length - 1, depth });
    }
  }

  #branch({ line, indent, isLast, depth }: Branch): void {
    const { from, kind, feedback, label } = line;
    const box = this.#boxes.get(from); // none for the engine's input
    const again = this.#shown.has(from);
    const isDeep = box !== undefined && !again && depth > MAX_DEPTH;
    const mark = feedback ? "↺ " : kind === "modulation" ? "~ " : "";
    const node = again || isDeep || !box ? clip(from) : boxText(box);
    const note = `${label === "" ? "" : `  [${label}]`}${again ? " ↑" : isDeep ? " …" : ""}`;
    this.text.push(`${indent}${isLast ? "└─ " : "├─ "}${mark}${node}${note}`);
    if (isDeep) this.#deeper.push(from);
    if (!box || again || isDeep) return;
    this.#shown.add(from);
    this.#push(from, indent + (isLast ? "   " : "│  "), depth + 1);
  }
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
