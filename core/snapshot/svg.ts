/**
 * Drawings as SVG, through Graphviz compiled to WebAssembly. An entry of its own, so that only those
 * who draw load Graphviz (1.4 MB).
 *
 * @module
 */
import { instance, type Viz } from "@viz-js/viz";
import { toDot } from "./draw/dot.ts";
import type { DrawOptions } from "./draw/picture.ts";
import type { GraphSnapshot } from "./graph_snapshot.ts";

export type { DrawOptions, NodeStats } from "./draw/picture.ts";

let viz: Promise<Viz> | undefined;

/**
 * The drawing of {@linkcode toDot} as SVG.
 *
 * @example
 * ```ts
 * import { graphCodec } from "@aether/dsp/snapshot";
 * import { toSvg } from "@aether/dsp/snapshot/svg";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const patch = graphCodec().fromJson(`{
 *   "version": 1,
 *   "nodes": [{ "type": "oscillator", "name": "osc" }],
 *   "outputs": [{ "from": "osc" }]
 * }`);
 * assertStringIncludes(await toSvg(patch), "</svg>");
 * ```
 */
export async function toSvg(graph: GraphSnapshot, options: DrawOptions = {}): Promise<string> {
  viz ??= instance();
  return (await viz).renderString(toDot(graph, options), { format: "svg" });
}
