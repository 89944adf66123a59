/** What all drawings show of a graph, as short texts. @module */
import type { NumberParamSpec, ParamSpec } from "../../kernel/definition.ts";
import { ENGINE_INPUT } from "../check_graph.ts";
import type { GraphSnapshot, NodeSnapshot, ParamState, Wire } from "../graph_snapshot.ts";
import { type AnyNodeDefinition, typesByName } from "../types.ts";

/** Measured figures of one node. */
export interface NodeStats {
  /** Share of the block's deadline that it takes, in [0, 1]. */
  readonly cpu?: number;
  /** Largest magnitude of its output, 1 is full scale. */
  readonly peak?: number;
}

/** Time that one node took, as `engine.profile()` measures it. */
export interface NodeShare {
  /** Name of the node. */
  readonly node: string;
  /** Share of the time that the rendered frames last. */
  readonly share: number;
}

/**
 * Figures for drawings from those of an engine.
 *
 * @example
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { sine } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 * import { nodeStats, snapshot, toDot } from "@aether/dsp/snapshot";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const engine = new Engine();
 * engine.add(sine, {}, { name: "osc" }).connect(engine.output);
 * const profile = engine.profile();
 * for await (const _ of render(engine, { seconds: 0.1 }));
 * const stats = nodeStats(profile.stop().nodes, new Map([["osc", 1]]));
 * assertStringIncludes(toDot(snapshot(engine), { stats }), "peak 0.0 dB");
 * ```
 *
 * @param costs The nodes of a cost profile.
 * @param peaks Largest magnitudes by node name, where they are known.
 */
export function nodeStats(
  costs: readonly NodeShare[],
  peaks: ReadonlyMap<string, number> = new Map(),
): Record<string, NodeStats> {
  const stats = new Map<string, NodeStats>();
  for (const { node, share } of costs) stats.set(node, { cpu: share });
  for (const [node, peak] of peaks) stats.set(node, { ...stats.get(node), peak });
  return Object.fromEntries(stats);
}

/** What a drawing shows. */
export interface DrawOptions {
  /** Node types, for the units of parameters. */
  readonly types?: readonly AnyNodeDefinition[];
  /** Figures by node name: drawn as colours and numbers. */
  readonly stats?: Readonly<Record<string, NodeStats>>;
  /** Whether parameters are shown. Default true. */
  readonly params?: boolean;
}

/** One line of a drawing: a connection with what is written next to it. */
export interface Line {
  readonly from: string;
  /** Name of the node it ends at; null for the engine's output. */
  readonly to: string | null;
  readonly kind: "signal" | "modulation";
  readonly feedback?: "block" | "sample";
  /** Ports, channels, gain, amount; empty if there is nothing special. */
  readonly label: string;
}

/** One box: a node with what is written in it. */
export interface Box {
  readonly name: string;
  readonly type: string;
  readonly params: readonly string[];
  readonly stats?: NodeStats;
}

/** A graph as boxes and lines. */
export interface Picture {
  readonly title?: string;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** Whether the engine's input is used, and so has a box. */
  readonly hasInput: boolean;
  /** The largest share of the time that a node takes. */
  readonly mostCpu: number;
}

/** Longest text that is written in a drawing. */
const CLIP = 40;

/** Reads off what is to be drawn. */
export function pictureOf(graph: GraphSnapshot, options: DrawOptions = {}): Picture {
  const types = typesByName(options.types ?? []);
  const boxes = graph.nodes.map((node): Box => ({
    name: node.name,
    type: node.channels > 1 ? `${clip(node.type)} × ${node.channels}` : clip(node.type),
    params: options.params === false ? [] : paramTexts(node, types.get(node.type)),
    stats: options.stats && Object.hasOwn(options.stats, node.name)
      ? options.stats[node.name]
      : undefined,
  }));
  const lines = [
    ...graph.edges.map((edge): Line => ({
      ...line(edge),
      to: edge.to,
      label: words(end(edge), into(portText(edge.input, edge.inputChannel)), factor(edge.gain)),
    })),
    ...graph.modulations.map((edge): Line => ({
      ...line(edge),
      to: edge.to,
      kind: "modulation",
      label: words(end(edge), clip(edge.param), factor(edge.amount), factor(edge.gain)),
    })),
    ...graph.outputs.map((edge): Line => ({
      ...line(edge),
      to: null,
      label: words(end(edge), into(portText(undefined, edge.channel)), factor(edge.gain)),
    })),
  ];
  const hasInput = graph.engine.inputs > 0 && lines.some(({ from }) => from === ENGINE_INPUT);
  const mostCpu = boxes.reduce((most, { stats }) => Math.max(most, stats?.cpu ?? 0), 0);
  return { title: graph.title, boxes, lines, hasInput, mostCpu };
}

/** A text cut to a bearable length, on one line. */
export function clip(text: string): string {
  // deno-lint-ignore no-control-regex
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
  return flat.length > CLIP ? `${flat.slice(0, CLIP - 1).toWellFormed()}…` : flat;
}

/** A number in a few digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A share as percent, to two digits: they are never as steady as that. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** A magnitude in decibels of full scale. */
export function decibels(peak: number): string {
  // + 0: what rounds to -0 has no sign.
  return peak > 0 ? `${(Math.round(200 * Math.log10(peak)) / 10 + 0).toFixed(1)} dB` : "-∞ dB";
}

function paramTexts({ params }: NodeSnapshot, type: AnyNodeDefinition | undefined): string[] {
  return Object.entries(params).map(([name, state]) => {
    const spec: ParamSpec | undefined = type?.params[name];
    const unit = spec && "unit" in spec ? (spec as NumberParamSpec).unit : undefined;
    return words(clip(name), valueText(state), unit);
  });
}

function valueText(state: ParamState): string {
  if (typeof state === "number") return short(state);
  if (typeof state === "string") return clip(state);
  const value = typeof state.value === "number" ? short(state.value) : clip(state.value);
  const coming = state.events?.length ?? 0;
  return words(state.frames ? "→" : "", value, coming > 0 ? `(${coming} to come)` : "");
}

function line({ from, feedback }: Wire): Omit<Line, "to" | "label"> {
  return { from, feedback, kind: "signal" };
}

function end({ output, outputChannel }: Wire): string {
  const text = portText(output, outputChannel);
  return text === "" ? "" : `${text} →`;
}

function into(text: string): string {
  return text === "" ? "" : `→ ${text}`;
}

function portText(port: string | undefined, channel: number | undefined): string {
  if (port === undefined) return channel === undefined ? "" : `channel ${channel}`;
  return channel === undefined ? clip(port) : `${clip(port)}:${channel}`;
}

function factor(gain: ParamState | undefined): string {
  return gain === undefined || gain === 1 ? "" : `× ${valueText(gain)}`;
}

function words(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part).join(" ").replace("→ →", "→");
}
