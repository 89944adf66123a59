/**
 * Aether: a hard real-time modular audio engine. Nodes are plain per-sample arithmetic, compiled to
 * WebAssembly SIMD; the graph is edited while it sounds.
 *
 * @module
 */
export { Engine } from "./core/control/engine.ts";
export type { AddOptions, EngineOptions, RenderPort } from "./core/control/engine.ts";
export type { FreeMemory } from "./core/control/node_store.ts";
export { Connection, InputPort, Node, OutputPort, Param } from "./core/control/handles.ts";
export type {
  AnyNode,
  ChangeOptions,
  ConnectOptions,
  Destination,
  EdgeOptions,
  Endpoint,
  ParamValue,
  ParamValues,
} from "./core/control/handles.ts";
export type { Feedback } from "./core/control/graph.ts";
export type { FadeCurve } from "./core/control/edge_gain.ts";
export { Edit } from "./core/control/history.ts";
export { array, defineNode, delayLine, i32 } from "./core/kernel/define_node.ts";
export type { NodeDefinition } from "./core/kernel/define_node.ts";
export { KernelError } from "./core/kernel/kernel_error.ts";
export type * from "./core/kernel/definition.ts";
export type { MathContext } from "./core/math/context.ts";
export type { Capacity } from "./core/layout.ts";
export type { KernelMail, SharedEngine } from "./core/rt/shared.ts";
