/** The declaration of the snapshot format. @module */
import { MAX_CHANNELS } from "../layout.ts";
import { checkGraph } from "./check_graph.ts";
import type {
  EdgeSnapshot,
  EngineSettings,
  GraphSnapshot,
  ModulationSnapshot,
  OutputSnapshot,
  SampleReference,
  TuningText,
} from "./graph_snapshot.ts";
import { GRAPH_LIMITS } from "./limits.ts";
import { anyName, anyNode, nodeOf } from "./node_schema.ts";
import { sampleMap } from "./sample_map_schema.ts";
import { numberParam } from "./param_schema.ts";
import * as s from "./schema/mod.ts";
import type { AnyNodeDefinition } from "./types.ts";
import { MAX_PLACES } from "./sum_places.ts";

/** An engine that begins there still counts its frames exactly for three thousand years. */
const MAX_FRAME = 2 ** 52;

const channel = s.integer({ min: 0, max: MAX_CHANNELS - 1 });

const engine: s.Schema<EngineSettings> = s.object({
  sampleRate: s.withDefault(s.number({ min: 8_000, max: 384_000, unit: "Hz" }), 48_000),
  outputs: s.withDefault(s.integer({ min: 1, max: MAX_CHANNELS, about: "Output channels" }), 2),
  inputs: s.withDefault(s.integer({ min: 0, max: MAX_CHANNELS, about: "Input channels" }), 0),
  capacity: s.optional(s.object({
    nodes: s.optional(s.integer({ min: 1, max: GRAPH_LIMITS.nodes })),
    heapBytes: s.optional(s.integer({ min: 1024, max: 2 ** 31 })),
    buffers: s.optional(s.integer({ min: 16, max: 2 ** 22 })),
    events: s.optional(s.integer({ min: 1, max: 65_536 })),
    planBytes: s.optional(s.integer({ min: 1024, max: 2 ** 26 })),
  }, { about: "Sizes of the engine's memory" })),
}, { about: "What the engine is made with" });

const wireStart = {
  from: s.string({ min: 1, max: GRAPH_LIMITS.name, about: "Node the signal comes from" }),
  output: s.optional(s.string({ min: 1, max: GRAPH_LIMITS.name, about: "Its output port" })),
  outputChannel: s.optional(channel),
} as const;
const wireEnd = {
  gain: s.optional(numberParam({ min: -1000, max: 1000, about: "Factor of the signal" })),
  feedback: s.optional(
    s.choice(["block", "sample"], { about: "Closes a loop, with a delay of 64 frames or of one" }),
  ),
  fade: s.withDefault(s.number({ min: 0, max: 60, unit: "s", about: "Time of fades" }), 0.005),
  curve: s.withDefault(s.choice(["linear", "power"], { about: "Shape of fades" }), "linear"),
  position: s.optional(
    s.integer({ min: 0, max: MAX_PLACES, about: "Place in the sum at its end" }),
  ),
  memory: s.optional(s.array(s.float32Array({ max: 4096 }), { max: MAX_CHANNELS })),
} as const;
const wires = { max: GRAPH_LIMITS.edges };

const edge: s.Schema<EdgeSnapshot> = s.object({
  ...wireStart,
  to: s.string({ min: 1, max: GRAPH_LIMITS.name, about: "Node the signal goes to" }),
  input: s.optional(s.string({ min: 1, max: GRAPH_LIMITS.name, about: "Its input port" })),
  inputChannel: s.optional(channel),
  ...wireEnd,
});

const modulation: s.Schema<ModulationSnapshot> = s.object({
  ...wireStart,
  to: s.string({ min: 1, max: GRAPH_LIMITS.name, about: "Node whose parameter is moved" }),
  param: s.string({ min: 1, max: GRAPH_LIMITS.name, about: "Name of the parameter" }),
  amount: s.withDefault(s.number({ about: "What a signal of 1 adds to the parameter" }), 1),
  rate: s.withDefault(
    s.choice(["audio", "control"], { about: "Each frame, or once in 64 frames" }),
    "audio",
  ),
  ...wireEnd,
});

const output: s.Schema<OutputSnapshot> = s.object({
  ...wireStart,
  channel: s.optional(channel),
  ...wireEnd,
});

const sample: s.Schema<SampleReference> = s.object({
  name: anyName,
  url: s.string({ min: 1, max: 2048 }),
  sha256: s.optional(s.string({ min: 64, max: 64, characters: "0-9a-f" })),
  channels: s.optional(s.integer({ min: 1, max: MAX_CHANNELS })),
  frames: s.optional(s.integer({ min: 0 })),
  sampleRate: s.optional(s.number({ min: 1, max: 1e6 })),
});

const tuning: s.Schema<TuningText> = s.object({
  scl: s.string({ max: GRAPH_LIMITS.tuning, about: "Text of a Scala scale" }),
  kbm: s.optional(
    s.string({ max: GRAPH_LIMITS.tuning, about: "Text of a Scala keyboard mapping" }),
  ),
});

/**
 * The format of snapshots. Given node types, it knows their parameters with ranges and choices, and
 * their ports; a type that is not among them is refused by name. Without, any type may appear.
 */
export function graphSchema(types?: readonly AnyNodeDefinition[]): s.Schema<GraphSnapshot> {
  const node = types === undefined ? anyNode : nodeOf(types);
  const graph: s.Schema<GraphSnapshot> = s.object({
    version: s.literal(1),
    $schema: s.optional(s.string({ max: 2048 })),
    title: s.optional(s.string({ max: 256 })),
    about: s.optional(s.string({ max: 4096 })),
    engine: s.withDefault(engine, { sampleRate: 48_000, outputs: 2, inputs: 0 }),
    frame: s.withDefault(
      s.integer({ min: 0, max: MAX_FRAME, about: "Frame time of the snapshot" }),
      0,
    ),
    nodes: s.array(node, { max: GRAPH_LIMITS.nodes }),
    edges: s.withDefault(s.array(edge, wires), []),
    modulations: s.withDefault(s.array(modulation, wires), []),
    outputs: s.withDefault(s.array(output, wires), []),
    samples: s.withDefault(s.array(sample, { max: GRAPH_LIMITS.samples }), []),
    sampleMaps: s.optional(s.array(sampleMap, {
      max: GRAPH_LIMITS.samples,
      about: "Samples put together for samplers",
    })),
    tuning: s.optional(tuning),
  });
  return s.refine(graph, (value, refuse) => checkGraph(value, refuse, types));
}
