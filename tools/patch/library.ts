/**
 * The node types that patch files may use: the library's, and those of modules that are named.
 *
 * @module
 */
import * as nodes from "../../nodes/mod.ts";
import { type AnyNodeDefinition, graphCodec } from "../../core/snapshot/mod.ts";

/** Node types, and the codec of patches made of them. */
export interface Library {
  readonly types: readonly AnyNodeDefinition[];
  /** Reads and writes patches, and checks them against the types. */
  readonly codec: ReturnType<typeof graphCodec>;
}

/** The definitions among what a module exports (a maker of definitions is a function). */
export function definitionsIn(exports: Readonly<Record<string, unknown>>): AnyNodeDefinition[] {
  return Object.values(exports).filter(isDefinition);
}

function isDefinition(value: unknown): value is AnyNodeDefinition {
  return typeof value === "object" && value !== null && "params" in value && "spec" in value;
}

/** All node types of the library. */
export const TYPES: readonly AnyNodeDefinition[] = definitionsIn(nodes);

/** The types that play maps of recordings, and not a recording as it is. */
const SAMPLERS: ReadonlySet<string> = new Set(
  [nodes.sampler, nodes.samplerNearest, nodes.samplerLinear, nodes.samplerSinc]
    .map(({ name }) => name),
);
const NAMES: ReadonlySet<string> = new Set(TYPES.map(({ name }) => name));

/** The list of a patch that names what a type of the library plays; of other types nothing is known. */
export function playedBy(type: string): "samples" | "sampleMaps" | undefined {
  return SAMPLERS.has(type) ? "sampleMaps" : NAMES.has(type) ? "samples" : undefined;
}

/** Reads and writes patches, and checks them against {@linkcode TYPES}. */
export const CODEC: Library["codec"] = graphCodec(TYPES);

/** The library with other types beside its own; one of a name that it has takes the place of its own. */
export function libraryWith(own: readonly AnyNodeDefinition[]): Library {
  if (own.length === 0) return { types: TYPES, codec: CODEC };
  const names = new Set(own.map(({ name }) => name));
  const types = [...TYPES.filter(({ name }) => !names.has(name)), ...own];
  return { types, codec: graphCodec(types) };
}
