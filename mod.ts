/**
 * Aether: a hard real-time modular audio engine. Nodes are plain per-sample arithmetic, compiled to
 * WebAssembly SIMD; the graph is edited while it sounds.
 *
 * @module
 */
export { Engine } from "./core/control/engine.ts";
export type {
  AddOptions,
  EditOptions,
  EngineOptions,
  RenderPort,
  ReplaceOptions,
} from "./core/control/engine_options.ts";
export { Table, type TableOptions, TableSlot, type TableValues } from "./core/control/table.ts";
export type { FreeMemory } from "./core/control/node_store.ts";
export { type AnyNode, type ConnectOptions, Node } from "./core/control/node.ts";
export { InputPort, OutputPort } from "./core/control/ports.ts";
export { Param, type ParamValue, type ParamValues } from "./core/control/param.ts";
export type { EngineStats, Fault, RenderStats } from "./core/control/engine_stats.ts";
export type { ChannelLevel } from "./core/control/meters.ts";
export { Profile } from "./core/control/profile.ts";
export type { Cost, CostProfile, NodeCost, TypeCost } from "./core/control/cost_profile.ts";
export { Connection, type Endpoint } from "./core/control/connection.ts";
export type { ChangeOptions, Destination, EdgeOptions } from "./core/control/host.ts";
export type { Feedback } from "./core/control/graph.ts";
export type { FadeCurve } from "./core/control/edge_gain.ts";
export { Edit } from "./core/control/history.ts";
export { hotReload } from "./core/control/hot_reload.ts";
export { array, channelIndex, defineNode, delayLine, i32 } from "./core/kernel/define_node.ts";
export { type Latency, latencyFrames } from "./core/kernel/latency.ts";
export type { NodeDefinition } from "./core/kernel/define_node.ts";
export { KernelError } from "./core/kernel/kernel_error.ts";
export type * from "./core/kernel/definition.ts";
export type { Oversampled } from "./core/kernel/oversampled.ts";
export { type Tail, tailSeconds } from "./core/kernel/tail.ts";
export type { MathContext } from "./core/math/context.ts";
export type { Capacity } from "./core/layout.ts";
export type { KernelMail, SharedEngine } from "./core/rt/shared.ts";
