/** {@linkcode graphCodec}: snapshots in all formats and of all versions. @module */
import type { GraphSnapshot } from "./graph_snapshot.ts";
import { graphSchema } from "./graph_schema.ts";
import { type Limits, versioned, type VersionedCodec } from "./schema/mod.ts";
import type { AnyNodeDefinition } from "./types.ts";

/**
 * Reads and writes snapshots. Given node types, it checks every parameter against its range, every
 * port and channel, and refuses types that are not among them; its JSON Schema lets editors complete
 * and check patch files.
 *
 * @example
 * ```ts
 * import { defineNode } from "@aether/dsp";
 * import { graphCodec } from "@aether/dsp/snapshot";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const gain = defineNode({
 *   name: "gain",
 *   inputs: ["in"],
 *   outputs: ["out"],
 *   params: { level: { min: 0, max: 2, default: 1 } },
 *   tick: ({ in: x }, { level }) => x * level,
 * });
 * const codec = graphCodec([gain]);
 * const patch = codec.fromJson(`{
 *   "version": 1,
 *   "nodes": [{ "type": "gain", "name": "a", "params": { "level": 0.5 } }],
 *   "outputs": [{ "from": "a" }]
 * }`);
 * assertEquals(patch.nodes[0].params.level, 0.5);
 * assertEquals(codec.fromUrl(codec.toUrl(patch)), patch);
 * assertThrows(
 *   () => codec.fromJson(`{ "version": 1, "nodes": [{ "type": "gian", "name": "a" }] }`),
 *   TypeError,
 *   `nodes[0].type: expected "gain", got "gian"`,
 * );
 * ```
 *
 * @param types Node types that may appear. Default: any, unchecked.
 * @param limits Bounds on input; see `LIMITS` of `@aether/dsp/schema`.
 */
export function graphCodec(
  types?: readonly AnyNodeDefinition[],
  limits: Partial<Limits> = {},
): VersionedCodec<GraphSnapshot> {
  return versioned(graphSchema(types), limits);
}
