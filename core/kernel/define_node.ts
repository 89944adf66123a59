/** {@linkcode defineNode} and the makers of state. @module */
import type {
  ArrayState,
  DelayLineState,
  IntegerState,
  NodeSpec,
  ParamsSpec,
  PortsSpec,
  StateSpec,
  UsesSpec,
} from "./definition.ts";
import { stackPlace } from "./tick_place.ts";

/** A node type, ready to be added to an engine. Made by {@linkcode defineNode}. */
export interface NodeDefinition<
  I extends PortsSpec = PortsSpec,
  O extends PortsSpec = PortsSpec,
  P extends ParamsSpec = ParamsSpec,
> {
  readonly name: string;
  readonly inputs: I;
  readonly outputs: O;
  readonly params: P;
  /** The object as it was given, with its `tick`. */
  // deno-lint-ignore no-explicit-any
  readonly spec: NodeSpec<I, O, P, any, any>;
  /** "file:line:column" of the definition where the runtime tells it, for messages. */
  readonly where: string;
}

/** A 32-bit signed integer state variable. */
export function i32(initial = 0): IntegerState {
  return { kind: "i32", initial };
}
/** A fixed array of `length` f32, all zero at first. Indices are truncated and clamped. */
export function array(length: number): ArrayState {
  return { kind: "array", length };
}
/** A delay line of so many frames or seconds, or of frames computed from the sample rate. */
export function delayLine(
  size: { frames: number } | { seconds: number } | ((sampleRate: number) => number),
): DelayLineState {
  if (typeof size === "function") return { kind: "line", frames: size };
  if ("frames" in size) return { kind: "line", frames: () => size.frames };
  return { kind: "line", frames: (sampleRate) => Math.ceil(size.seconds * sampleRate) };
}

/** Makes a node type. (Checked and compiled on first use by an engine.) */
export function defineNode<
  const I extends PortsSpec = readonly [],
  const O extends PortsSpec = readonly [],
  const P extends ParamsSpec = Readonly<Record<never, never>>,
  const S extends StateSpec = Readonly<Record<never, never>>,
  const U extends UsesSpec = Readonly<Record<never, never>>,
>(spec: NodeSpec<I, O, P, S, U>): NodeDefinition<I, O, P> {
  return {
    name: spec.name,
    inputs: (spec.inputs ?? []) as I,
    outputs: (spec.outputs ?? []) as O,
    params: (spec.params ?? {}) as P,
    spec,
    // Frame 0 is this function, frame 1 whoever calls it.
    where: stackPlace(new Error().stack, 1),
  };
}
