/**
 * The node types that patch files may use: the whole library.
 *
 * @module
 */
import * as nodes from "../../nodes/mod.ts";
import { type AnyNodeDefinition, graphCodec } from "../../core/snapshot/mod.ts";

/** A definition, among what the library exports (a maker of definitions is a function). */
function isDefinition(value: unknown): value is AnyNodeDefinition {
  return typeof value === "object" && value !== null && "params" in value;
}

/** All node types of the library. */
export const TYPES: readonly AnyNodeDefinition[] = Object.values(nodes).filter(isDefinition);

/** Reads and writes patches, and checks them against {@linkcode TYPES}. */
export const CODEC: ReturnType<typeof graphCodec> = graphCodec(TYPES);
