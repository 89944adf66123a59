/**
 * Writes the op that runs a node type's hop on some of its instances.
 *
 * @module
 */
import type { BatchContext, KernelCall } from "./batch_context.ts";
import type { BatchKind } from "./flat_graph.ts";

/** Writes the hop of the lanes, if their type has one; the op of the lanes themselves comes next. */
export function writeHop(
  { writer, kernels }: Pick<BatchContext, "writer" | "kernels">,
  { type, sources }: BatchKind,
  { lanes, rows }: Pick<KernelCall, "lanes" | "rows">,
): void {
  const { hop } = type;
  if (!hop) return;
  const kernel = kernels.hop(type, hop, sources);
  writer.word(lanes.length);
  for (const address of lanes[0].place.hopTables) writer.word(address);
  for (const [k, { place, state }] of lanes.entries()) {
    writer.word(state);
    writer.word(place.params);
    for (let p = 0; p < hop.params; p++) writer.word(rows[p] ? rows[p]! + 4 * k : 0);
  }
  writer.builtin(kernel);
}
