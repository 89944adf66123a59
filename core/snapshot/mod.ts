/**
 * Graphs as data: snapshots of an engine in JSON, CBOR and text for URLs, with migrations between
 * versions; differences of graphs, and drawings of them.
 *
 * @example
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { oscillator, svf } from "@aether/dsp/nodes";
 * import { graphCodec, load, restore, snapshot, toTree } from "@aether/dsp/snapshot";
 * import { assertEquals } from "@std/assert";
 *
 * const engine = new Engine();
 * const osc = engine.add(oscillator, { frequency: 110 }, { name: "osc" });
 * osc.connect(engine.add(svf, { cutoff: 800 }, { name: "filter" })).connect(engine.output);
 *
 * const types = [oscillator, svf];
 * const codec = graphCodec(types);
 * const file = codec.toJson(snapshot(engine, { title: "Drone" }));
 * const link = `https://example.org/#${codec.toUrl(snapshot(engine))}`;
 *
 * const copy = restore(codec.fromJson(file), { types }); // a new engine
 * load(engine, codec.fromUrl(link.split("#")[1]), { types }); // or into this one, crossfaded
 * assertEquals(toTree(snapshot(copy)), toTree(snapshot(engine)));
 * ```
 *
 * @module
 */
export type {
  CapacitySettings,
  EdgeSnapshot,
  EngineSettings,
  GraphSnapshot,
  LaneState,
  LoopSnapshot,
  ModulationSnapshot,
  MovingParam,
  NodeSnapshot,
  OutputSnapshot,
  ParamEvent,
  ParamState,
  SampleMapSnapshot,
  SampleReference,
  TuningText,
  Wire,
  ZoneSnapshot,
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
export { nodeStats } from "./draw/picture.ts";
export type { DrawOptions, NodeShare, NodeStats } from "./draw/picture.ts";
export { snapshot } from "./capture.ts";
export type { SnapshotOptions } from "./capture.ts";
export { load, restore } from "./restore.ts";
export type { LoadOptions, RestoreOptions } from "./restore.ts";
export { loadSamples } from "./samples.ts";
export type { LoadSamplesOptions, SampleData, Samples } from "./samples.ts";
export type { MakeMap, MapZone } from "./sample_maps.ts";
export { diff, patch } from "./diff.ts";
export type { GraphChange } from "./diff.ts";
export { apply } from "./apply.ts";
export type { ApplyOptions } from "./apply.ts";
export type { AnyWire } from "./wires.ts";
