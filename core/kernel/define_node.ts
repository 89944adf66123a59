/** {@linkcode defineNode} and the makers of state. @module */
import type {
  ArrayState,
  ChannelState,
  DelayLineState,
  IntegerState,
  NodeSpec,
  ParamsSpec,
  PortsSpec,
  StateSpec,
  TablesSpec,
  UsesSpec,
} from "./definition.ts";
import { stackPlace } from "./language/tick_place.ts";

/** A node type, ready to be added to an engine. Made by {@linkcode defineNode}. */
export interface NodeDefinition<
  I extends PortsSpec = PortsSpec,
  O extends PortsSpec = PortsSpec,
  P extends ParamsSpec = ParamsSpec,
  T extends TablesSpec = Readonly<Record<never, never>>,
> {
  /** Name in errors, snapshots and drawings. */
  readonly name: string;
  /** Ports that take signals. */
  readonly inputs: I;
  /** Ports that give signals. */
  readonly outputs: O;
  /** Parameters by name. */
  readonly params: P;
  /** Tables that each node is given. */
  readonly tables: T;
  /** The object as it was given, with its `tick`. */
  // deno-lint-ignore no-explicit-any
  readonly spec: NodeSpec<I, O, P, any, any, any>;
  /** "file:line:column" of the definition where the runtime tells it, for messages. */
  readonly where: string;
}

/**
 * A 32-bit signed integer state variable: a counter, a seed, an index.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineNode, i32 } from "@aether/dsp";
 *
 * const noise = defineNode({
 *   name: "white",
 *   outputs: ["out"],
 *   state: { seed: i32(1) },
 *   tick(_inputs, _params, s) {
 *     s.seed = Math.imul(s.seed, 1664525) + 1013904223 | 0;
 *     return s.seed / 2 ** 31;
 *   },
 * });
 * assertEquals(noise.outputs, ["out"]);
 * ```
 *
 * @param initial Value of a new node.
 */
export function i32(initial = 0): IntegerState {
  return { kind: "i32", initial };
}
/**
 * Which of its node's channels an instance is: 0 for the first. A node of several channels has one
 * instance for each, with the same parameters; this lets them differ. A whole number that `tick` can
 * only read.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { channelIndex, defineNode } from "@aether/dsp";
 *
 * const fan = defineNode({
 *   name: "fan",
 *   outputs: ["out"],
 *   params: { spread: { min: 0, max: 1, default: 0.1 } },
 *   state: { channel: channelIndex() },
 *   tick(_inputs, { spread }, s) {
 *     return s.channel * spread;
 *   },
 * });
 * assertEquals(fan.outputs, ["out"]);
 * ```
 */
export function channelIndex(): ChannelState {
  return { kind: "channel" };
}
/**
 * A fixed array of `length` f32, all zero at first. Indices are truncated and clamped.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { array, defineNode, i32 } from "@aether/dsp";
 *
 * const mean = defineNode({
 *   name: "mean",
 *   inputs: ["in"],
 *   outputs: ["out"],
 *   state: { last: array(4), at: i32() },
 *   tick({ in: x }, _params, s) {
 *     s.last[s.at] = x;
 *     s.at = s.at + 1 & 3;
 *     let sum = 0;
 *     for (const y of s.last) sum += y;
 *     return sum / 4;
 *   },
 * });
 * assertEquals(mean.inputs, ["in"]);
 * ```
 */
export function array(length: number): ArrayState {
  return { kind: "array", length };
}
/**
 * A delay line of so many frames or seconds, or of frames computed from the sample rate. What is
 * written to it in a sample can be read from the next one on.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineNode, delayLine } from "@aether/dsp";
 *
 * const slapback = defineNode({
 *   name: "slapback",
 *   inputs: ["in"],
 *   outputs: ["out"],
 *   params: { time: { unit: "s", min: 0.001, max: 0.2, default: 0.08 } },
 *   state: { line: delayLine({ seconds: 0.2 }) },
 *   tick({ in: x }, { time }, s, { sampleRate }) {
 *     s.line.write(x);
 *     return x + 0.5 * s.line.readLinear(time * sampleRate);
 *   },
 * });
 * assertEquals(slapback.params.time.default, 0.08);
 * ```
 */
export function delayLine(
  size: { frames: number } | { seconds: number } | ((sampleRate: number) => number),
): DelayLineState {
  if (typeof size === "function") return { kind: "line", frames: size };
  if ("frames" in size) return { kind: "line", frames: () => size.frames };
  return { kind: "line", frames: (sampleRate) => Math.ceil(size.seconds * sampleRate) };
}

/**
 * Makes a node type. Its `tick` is read from its source text and compiled on first use by an engine;
 * `core/kernel/language/language.md` says what it may contain.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineNode } from "@aether/dsp";
 *
 * const tremolo = defineNode({
 *   name: "tremolo",
 *   inputs: ["in"],
 *   outputs: ["out"],
 *   params: {
 *     rate: { unit: "Hz", min: 0.1, max: 20, default: 4 },
 *     depth: { min: 0, max: 1, default: 0.5 },
 *   },
 *   state: { phase: "phase" },
 *   tick({ in: x }, { rate, depth }, s, { sampleRate, sinTurns }) {
 *     s.phase += rate / sampleRate;
 *     return x * (1 - depth * (0.5 + 0.5 * sinTurns(s.phase)));
 *   },
 * });
 * assertEquals(Object.keys(tremolo.params), ["rate", "depth"]);
 * ```
 */
export function defineNode<
  const I extends PortsSpec = readonly [],
  const O extends PortsSpec = readonly [],
  const P extends ParamsSpec = Readonly<Record<never, never>>,
  const S extends StateSpec = Readonly<Record<never, never>>,
  const U extends UsesSpec = Readonly<Record<never, never>>,
  const T extends TablesSpec = Readonly<Record<never, never>>,
>(spec: NodeSpec<I, O, P, S, U, T>): NodeDefinition<I, O, P, T> {
  return {
    name: spec.name,
    inputs: (spec.inputs ?? []) as I,
    outputs: (spec.outputs ?? []) as O,
    params: (spec.params ?? {}) as P,
    tables: (spec.tables ?? {}) as T,
    spec,
    // Frame 0 is this function, frame 1 whoever calls it.
    where: stackPlace(new Error().stack, 1),
  };
}
