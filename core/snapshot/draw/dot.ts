/** Drawings in the language of Graphviz. @module */
import { ENGINE_INPUT } from "../check_graph.ts";
import type { GraphSnapshot } from "../graph_snapshot.ts";
import {
  type Box,
  clip,
  decibels,
  type DrawOptions,
  type Line,
  type NodeStats,
  percent,
  pictureOf,
} from "./picture.ts";

const HEAD = `  rankdir=LR
  graph [fontname="Helvetica", fontsize=14, labelloc=t, bgcolor="white", ranksep=0.5]
  node [fontname="Helvetica", fontsize=11, shape=box, style="filled,rounded", fillcolor="#f4f6fa", color="#5b6b86", margin="0.12,0.06"]
  edge [fontname="Helvetica", fontsize=9, color="#5b6b86", fontcolor="#44506a", arrowsize=0.7]
`;

/**
 * The graph in Graphviz' DOT: boxes with names, types and parameters, signals as solid lines,
 * modulations dashed, feedback dotted. With statistics, a box is filled by its share of time (white to
 * red for the dearest), and its border is green, amber or red by its peak.
 *
 * @example
 * ```ts
 * import { graphCodec, toDot } from "@aether/dsp/snapshot";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const patch = graphCodec().fromJson(`{
 *   "version": 1,
 *   "nodes": [{ "type": "oscillator", "name": "osc", "params": { "frequency": 110 } }],
 *   "outputs": [{ "from": "osc" }]
 * }`);
 * assertStringIncludes(toDot(patch), "frequency 110");
 * ```
 */
export function toDot(graph: GraphSnapshot, options: DrawOptions = {}): string {
  const { title, boxes, lines, hasInput, mostCpu } = pictureOf(graph, options);
  const ids = new Map(boxes.map(({ name }, i) => [name, `n${i}`]));
  if (hasInput) ids.set(ENGINE_INPUT, "input");
  const rows = [
    ...boxes.map((box) => `  ${ids.get(box.name)} [${attributes(nodeAttributes(box, mostCpu))}]`),
    ...(hasInput ? [`  input [label="input", shape=cds]`] : []),
    `  output [label="output", shape=cds]`,
    ...lines.map((line) => {
      const ends = `${ids.get(line.from)} -> ${line.to === null ? "output" : ids.get(line.to)}`;
      const list = attributes(lineAttributes(line));
      return `  ${ends}${list === "" ? "" : ` [${list}]`}`;
    }),
  ];
  const label = title === undefined ? "" : `  label=${quote(clip(title))}\n`;
  return `digraph patch {\n${HEAD}${label}${rows.join("\n")}\n}\n`;
}

function nodeAttributes(
  { name, type, params, stats }: Box,
  mostCpu: number,
): Record<string, string> {
  const figures = stats === undefined ? [] : figureTexts(stats);
  const small = [type, ...params, ...figures].map((text) =>
    `<br/><font point-size="9">${escape(text)}</font>`
  );
  return {
    label: `<<b>${escape(clip(name))}</b>${small.join("")}>`,
    ...(stats?.cpu === undefined ? {} : { fillcolor: `"${heat(stats.cpu / mostCpu)}"` }),
    ...(stats?.peak === undefined ? {} : { color: `"${level(stats.peak)}"`, penwidth: "2" }),
  };
}

/** "cpu 2.5 %", "peak -6.0 dB" */
function figureTexts({ cpu, peak }: NodeStats): string[] {
  return [
    ...(cpu === undefined ? [] : [`cpu ${percent(cpu)}`]),
    ...(peak === undefined ? [] : [`peak ${decibels(peak)}`]),
  ];
}

/** White at 0 to red at 1. */
function heat(share: number): string {
  const rest = Math.round(255 * (1 - 0.75 * Math.min(1, Math.max(0, share || 0))));
  const byte = rest.toString(16).padStart(2, "0");
  return `#ff${byte}${byte}`;
}

/** Green, amber from -6 dB, red above full scale. */
function level(peak: number): string {
  return peak > 1 ? "#d22f27" : peak > 0.5 ? "#e0a100" : "#2f9e44";
}

function lineAttributes({ kind, feedback, label }: Line): Record<string, string> {
  const loop = feedback === "sample" ? "1 frame" : "64 frames";
  const text = feedback === undefined ? label : label === "" ? loop : `${label}, ${loop}`;
  return {
    ...(text === "" ? {} : { label: quote(text) }),
    ...(feedback !== undefined
      ? { style: "dotted", constraint: "false" }
      : kind === "modulation"
      ? { style: "dashed" }
      : {}),
    ...(kind === "modulation" ? { color: `"#3b6fd4"`, arrowhead: "odot" } : {}),
  };
}

function attributes(table: Record<string, string>): string {
  return Object.entries(table).map(([key, value]) => `${key}=${value}`).join(", ");
}

/** Text in a label of markup. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Text in quotes. */
function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
