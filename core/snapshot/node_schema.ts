/** Schemas of nodes: of any type, or of given types, each with its own parameters. @module */
import type { ParamSpec } from "../kernel/definition.ts";
import { MAX_TABLES } from "../kernel/language/table_slots.ts";
import { MAX_CHANNELS, MAX_PARAMS } from "../layout.ts";
import type { LaneState, NodeSnapshot } from "./graph_snapshot.ts";
import { GRAPH_LIMITS } from "./limits.ts";
import { anyParam, paramOf } from "./param_schema.ts";
import * as s from "./schema/mod.ts";
import { type AnyNodeDefinition, typesByName } from "./types.ts";

/** A name of something. */
export const anyName: s.Schema<string> = s.string({ min: 1, max: GRAPH_LIMITS.name });

const table = { max: 4096, key: anyName };
const vector = s.float32Array({ max: GRAPH_LIMITS.line });

const lane: s.Schema<LaneState> = s.object({
  floats: s.withDefault(s.record(s.single({ special: true }), table), {}),
  integers: s.withDefault(s.record(s.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), table), {}),
  arrays: s.withDefault(s.record(vector, table), {}),
  lines: s.withDefault(s.record(vector, table), {}),
});

/** What every node has beside its type and parameters. */
const common = {
  name: s.string({ min: 1, max: GRAPH_LIMITS.name, about: "Name, unique in the graph" }),
  channels: s.withDefault(
    s.integer({ min: 1, max: MAX_CHANNELS, about: "Instances side by side" }),
    1,
  ),
  tables: s.optional(
    s.record(anyName, { max: MAX_TABLES, key: anyName, about: "Names of samples by tables" }),
  ),
  state: s.optional(s.array(lane, { min: 1, max: MAX_CHANNELS, about: "Memories by channel" })),
  latches: s.optional(
    s.record(s.single(), { ...table, about: "Values held by control-rate modulation" }),
  ),
} as const;

const params = s.withDefault(s.record(anyParam(), { max: MAX_PARAMS, key: anyName }), {});

/** A node of any type. */
export const anyNode: s.Schema<NodeSnapshot> = s.object({
  type: s.string({ min: 1, max: GRAPH_LIMITS.name, about: "Name of the node's type" }),
  name: common.name,
  channels: common.channels,
  params,
  tables: common.tables,
  state: common.state,
  latches: common.latches,
});

/** A node of one of these types. */
export function nodeOf(types: readonly AnyNodeDefinition[]): s.Schema<NodeSnapshot> {
  const cases = Array.from(typesByName(types), ([type, { params, spec }]) => {
    const fields = Object.entries<ParamSpec>(params).map(([name, param]) =>
      [name, s.optional(paramOf(param))] as const
    );
    const { name, channels, tables, state, latches } = common;
    const table = s.object(Object.fromEntries(fields), { about: "Parameters by name" });
    const object = { name, channels, params: s.withDefault(table, {}), tables, state, latches };
    return [type, s.object(object, { about: spec.about })];
  });
  return s.union("type", Object.fromEntries(cases)) as s.AnySchema;
}
