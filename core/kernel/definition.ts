/**
 * What a node type is: one object whose `tick` is plain per-sample arithmetic.
 *
 * @module
 */
import type { MathContext } from "../math/context.ts";
import type { Latency } from "./latency.ts";
import type { Oversampled } from "./oversampled.ts";
import type { Tail } from "./tail.ts";

/** A port with more than one channel, or with a description. */
export interface PortSpec {
  /** Channels of the port; in `tick` a port with channels is an array of that many numbers. Default: one, a number. */
  readonly channels?: number;
  /** One sentence for the reference. */
  readonly about?: string;
}

/** Ports: a list of names of mono ports, or a table. */
export type PortsSpec = readonly string[] | Readonly<Record<string, PortSpec>>;

/** A parameter with a continuous value. */
export interface NumberParamSpec {
  /** Unit, e.g. "Hz", "s", "dB"; none for a plain factor. */
  readonly unit?: string;
  /** Smallest value, inclusive. */
  readonly min: number;
  /** Largest value, inclusive. */
  readonly max: number;
  /** Value of a new node. */
  readonly default: number;
  /** How a control surface should scale it. Default "linear". */
  readonly curve?: "linear" | "log";
  /** Seconds that an unscheduled change takes (a linear ramp). Default 0.005; 0 for gates, triggers and counts. */
  readonly smooth?: number;
  /** One sentence for the reference. */
  readonly about?: string;
}

/** A parameter with named values; `tick` sees the index as a number. Changes are steps. */
export interface ChoiceParamSpec<V extends string = string> {
  /** The names, in the order of their indices. */
  readonly values: readonly V[];
  /** Name of a new node's value. */
  readonly default: NoInfer<V>;
  /** One sentence for the reference. */
  readonly about?: string;
}

/** A parameter: a number, or one of several names. */
export type ParamSpec = NumberParamSpec | ChoiceParamSpec;
/** Parameters by name. Their order is that of the table. */
export type ParamsSpec = Readonly<Record<string, ParamSpec>>;
/**
 * The type of a table of parameters: the names of those with a number, and for those with named values
 * the names of these. Packages whose types are all explicit declare an exported node with it.
 *
 * ```ts
 * import type { NodeDefinition, Params } from "@aether/dsp";
 * import { svf } from "@aether/dsp/nodes";
 *
 * type Filter = NodeDefinition<readonly ["in"], readonly ["out"], Params<"cutoff" | "q">>;
 * const filter: Filter = svf;
 * ```
 */
export type Params<
  Numbers extends string = never,
  Choices extends Readonly<Record<string, string>> = Readonly<Record<never, never>>,
> =
  & { readonly [K in Numbers]: NumberParamSpec }
  & { readonly [K in keyof Choices]: ChoiceParamSpec<Choices[K]> };

/** A 32-bit signed integer. Made by {@linkcode i32}. */
export interface IntegerState {
  /** What it is. */
  readonly kind: "i32";
  /** Value of a new node. */
  readonly initial: number;
}
/** Which of its node's channels an instance is. Made by {@linkcode channelIndex}. */
export interface ChannelState {
  /** What it is. */
  readonly kind: "channel";
}
/** A fixed array of f32. Made by {@linkcode array}. */
export interface ArrayState {
  /** What it is. */
  readonly kind: "array";
  /** Number of values. */
  readonly length: number;
}
/** A delay line. Made by {@linkcode delayLine}. */
export interface DelayLineState {
  /** What it is. */
  readonly kind: "line";
  /** Frames as a function of the sample rate. */
  readonly frames: (sampleRate: number) => number;
}

/** One state variable: an initial number (f32), "phase", i32(…), channelIndex(), array(…), delayLine(…). */
export type StateItem =
  | number
  | "phase"
  | IntegerState
  | ChannelState
  | ArrayState
  | DelayLineState;
/** State by name; a list is indexed by constants in `tick`. */
export type StateSpec = Readonly<Record<string, StateItem | readonly StateItem[]>>;

/** A delay line as `tick` sees it. */
export interface DelayLine {
  /** Frames the line holds. */
  readonly length: number;
  /** The value written `frames` ticks ago: 1 is the previous tick's. Truncated and clamped to [1, length]. */
  read(frames: number): number;
  /** The same between frames, by a straight line; clamped to [1, length - 1]. */
  readLinear(frames: number): number;
  /** The same by a cubic through four values (Catmull-Rom); clamped to [2, length - 2]. */
  readCubic(frames: number): number;
  /** Writes this tick's value; exactly once on each path. */
  write(value: number): void;
}

/** One item of state as `tick` sees it. */
export type StateItemView<T> = T extends number | "phase" | IntegerState | ChannelState ? number
  : T extends ArrayState ? Float32Array
  : T extends DelayLineState ? DelayLine
  : never;
/** State as `tick` sees it. */
export type StateView<S> = {
  -readonly [K in keyof S]: S[K] extends readonly (infer I)[] ? StateItemView<I>[]
    : StateItemView<S[K]>;
};

/** A table that a node reads: samples, an impulse response, a tuning. */
export interface TableSpec {
  /** One sentence for the reference. */
  readonly about?: string;
}
/** Tables: a list of names, or a record of them. */
export type TablesSpec = readonly string[] | Readonly<Record<string, TableSpec>>;

/**
 * A table as `tick` sees it: f32 values in shared memory, chosen for each node by `node.tables` and
 * for each of its channels by the table's own. Without a table, `length` is 0 and all values are 0.
 */
export interface TableView {
  /** Number of values. */
  readonly length: number;
  /** Frames per second of the values; of the engine, if the table does not say. */
  readonly sampleRate: number;
  /** A whole number that changes when another table takes the place; 0 without a table. */
  readonly id: number;
  /** A value; the index is truncated and clamped. */
  readonly [index: number]: number;
}
/** Tables as `tick` sees them, in its context. */
export type TableViews<T> = { readonly [K in PortName<T>]: TableView };

/** Names of the ports of a `PortsSpec`. */
export type PortName<P> = P extends readonly (infer N extends string)[] ? N : keyof P & string;
/** One port as `tick` sees it. */
export type PortValue<S> = S extends { channels: infer C extends number }
  ? (C extends 1 ? number : number[])
  : number;
/** Ports as `tick` sees them: a number, or an array for a port with channels. */
export type PortValues<P> = P extends readonly (infer N extends string)[] ? Record<N, number>
  : { [K in keyof P]: PortValue<P[K]> };

/** The last argument of `tick`: sample rate, mathematics, tables, and whatever the definition passes in `uses`. */
export type TickContext<U, T = Readonly<Record<never, never>>> =
  & MathContext
  & U
  & { readonly tables: TableViews<T> };
/** Functions and constants (numbers, arrays of numbers) that a `tick` may use by name. */
export type UsesSpec = Readonly<Record<string, unknown>>;

/** What a node does every so many frames. */
export interface HopSpec<P, S, U, T = Readonly<Record<never, never>>> {
  /** Frames between two runs: a multiple of 64, or such a number computed from the sample rate. */
  readonly frames: number | ((sampleRate: number) => number);
  /**
   * Runs when the frame time is a multiple of `frames`, before the `tick` of that frame: once for each
   * instance, whatever the block size. The kernel language with loops and branches at run time.
   */
  run(
    state: StateView<S>,
    params: { readonly [K in keyof P]: number },
    context: TickContext<U, T>,
  ): void;
}

/** What `tick` may return: the one output's value, or a table of all of them. */
export type TickResult<O> = O extends readonly [string] ? number | PortValues<O> : PortValues<O>;

/** The object given to {@linkcode defineNode}. */
export interface NodeSpec<
  I extends PortsSpec,
  O extends PortsSpec,
  P extends ParamsSpec,
  S extends StateSpec,
  U extends UsesSpec,
  T extends TablesSpec = Readonly<Record<never, never>>,
> {
  /** Name in errors, snapshots and drawings; unique among the types an engine uses. */
  readonly name: string;
  /** What it is, in a sentence or two. */
  readonly about?: string;
  /** Paper, book or project this is taken from. */
  readonly source?: string;
  /**
   * Whole frames by which the output lags the input, or these as a function of the sample rate.
   * Default 0. {@linkcode latencyFrames} reads it.
   */
  readonly latency?: Latency;
  /** For how long it goes on after its input has ended, see {@linkcode Tail}. Default: not stated. */
  readonly tail?: Tail;
  /** The node that runs several times a frame within this one; set by `oversample`. Default: none. */
  readonly oversampled?: Oversampled;
  /** Ports that take signals. Default: none. */
  readonly inputs?: I;
  /** Ports that give signals. Default: none. */
  readonly outputs?: O;
  /** Parameters. Default: none. */
  readonly params?: P;
  /** What is kept from sample to sample. Default: nothing. */
  readonly state?: S;
  /** Functions and constants that `tick` takes from its context; it sees nothing else outside. */
  readonly uses?: U;
  /** Work on blocks of frames, beside `tick`: transforms, analysis, convolution. It shares the state. */
  readonly hop?: HopSpec<P, S, U, T>;
  /** Tables that each node is given, found in the context as `tables`. Default: none. */
  readonly tables?: T;
  /** One sample. Plain arithmetic in the kernel language; compiled, never called on the audio thread. */
  tick(
    inputs: PortValues<I>,
    params: { readonly [K in keyof P]: number },
    state: StateView<S>,
    context: TickContext<U, T>,
  ): TickResult<O>;
}
