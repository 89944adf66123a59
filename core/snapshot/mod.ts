/**
 * Graphs as data: snapshots of an engine in JSON, CBOR and text for URLs, and drawings of them.
 *
 * @module
 */
export type {
  CapacitySettings,
  EdgeSnapshot,
  EngineSettings,
  GraphSnapshot,
  LaneState,
  ModulationSnapshot,
  MovingParam,
  NodeSnapshot,
  OutputSnapshot,
  ParamEvent,
  ParamState,
  SampleReference,
  TuningText,
  Wire,
} from "./graph_snapshot.ts";
export { graphCodec } from "./graph_codec.ts";
export { graphSchema } from "./graph_schema.ts";
export { GRAPH_LIMITS } from "./limits.ts";
export type { AnyNodeDefinition } from "./types.ts";
export { LIMITS, SchemaError } from "./schema/mod.ts";
export type { Codec, Limits, Path, VersionedCodec } from "./schema/mod.ts";
export { toDot } from "./draw/dot.ts";
export { toMermaid } from "./draw/mermaid.ts";
export { toTree } from "./draw/tree.ts";
export type { DrawOptions, NodeStats } from "./draw/picture.ts";
export { snapshot } from "./capture.ts";
export type { SnapshotOptions } from "./capture.ts";
export { load, restore } from "./restore.ts";
export type { LoadOptions, RestoreOptions } from "./restore.ts";
export { diff, patch } from "./diff.ts";
export type { GraphChange } from "./diff.ts";
export { apply } from "./apply.ts";
export type { ApplyOptions } from "./apply.ts";
export type { AnyWire } from "./wires.ts";
