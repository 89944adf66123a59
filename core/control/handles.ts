/**
 * What a user holds: nodes, ports, parameters, connections. Handles carry names and types; the
 * engine does the work.
 *
 * @module
 */
import type { ChoiceParamSpec, ParamsSpec, PortName, PortsSpec } from "../kernel/definition.ts";
import { EDGE_PARAM, type FadeCurve } from "./edge_gain.ts";
import type { Engine } from "./engine.ts";
import type { Feedback, GraphEdge, GraphNode, Source, Target } from "./graph.ts";
import type { ParamInfo, Port } from "./node_type.ts";

/** Value of a parameter as the user writes it: a number, or a name for a parameter with choices. */
export type ParamValue<S> = S extends ChoiceParamSpec<infer V> ? V : number;
/** Values by parameter name, all optional. */
export type ParamValues<P extends ParamsSpec> = { readonly [K in keyof P]?: ParamValue<P[K]> };

/** When and how a parameter changes. */
export interface ChangeOptions {
  /** Frame on which the change begins; a past one, or none, means at once. */
  readonly at?: number;
  /** Seconds of the linear ramp; by default the parameter's own smoothing time. */
  readonly ramp?: number;
}

/** A parameter of a node in an engine. */
export class Param<V extends number | string = number> {
  /** Name in the node's definition. */
  readonly name: string;
  /** @internal */
  readonly node: GraphNode;
  /** @internal */
  readonly info: ParamInfo;
  readonly #engine: Engine;

  /** @internal */
  constructor(engine: Engine, node: GraphNode, info: ParamInfo) {
    this.name = info.name;
    this.node = node;
    this.info = info;
    this.#engine = engine;
  }

  /** Smallest and largest value, and the unit. */
  get range(): { readonly min: number; readonly max: number; readonly unit?: string } {
    const { min, max, unit } = this.info;
    return { min, max, unit };
  }

  /** The value now, without modulation. */
  get value(): V {
    const value = this.node.tracks[this.info.index].at(this.#engine.now);
    return (this.info.values ? this.info.values[Math.round(value)] : value) as V;
  }

  /**
   * Changes the value over the parameter's smoothing time, or over `ramp` seconds; with `at`, from
   * exactly that frame on.
   *
   * @throws {RangeError} If the value is out of range, or the command ring is full.
   * @thread control
   */
  set(value: V, options: ChangeOptions = {}): void {
    this.#engine.setParam(this.node, this.info, value, options);
  }

  /** Goes to `value` in a straight line of so many seconds. @thread control */
  rampTo(value: V, seconds: number, options: { readonly at?: number } = {}): void {
    this.set(value, { ...options, ramp: seconds });
  }
}

/** An output port of a node. */
export class OutputPort {
  /** Name in the node's definition. */
  readonly name: string;
  /** @internal */
  readonly source: Source;
  readonly #engine: Engine;

  /** @internal */
  constructor(engine: Engine, name: string, source: Source) {
    this.#engine = engine;
    this.name = name;
    this.source = source;
  }

  /** Channels of the port. */
  get channels(): number {
    return this.source.channels;
  }

  /** One channel of the port, counted from 0. */
  channel(index: number): OutputPort {
    checkChannel(this.name, index, this.channels);
    const { node, first } = this.source;
    if (node.channels > 1) {
      return new OutputPort(this.#engine, this.name, { node, first, channels: 1, lane: index });
    }
    return new OutputPort(this.#engine, this.name, { node, first: first + index, channels: 1 });
  }

  /** Connects to an input, a parameter, a node's first input, or the engine's output; returns it. */
  connect<T extends Destination>(to: T, options: EdgeOptions = {}): T {
    this.#engine.connect(this, to, options);
    return to;
  }
}

/** An input port of a node, or the engine's output. */
export class InputPort {
  /** Name in the node's definition. */
  readonly name: string;
  /** @internal */
  readonly target: Target;

  /** @internal */
  constructor(name: string, target: Target) {
    this.name = name;
    this.target = target;
  }

  /** Channels of the port. */
  get channels(): number {
    return this.target.kind === "param" ? 1 : this.target.channels;
  }

  /** One channel of the port, counted from 0. */
  channel(index: number): InputPort {
    checkChannel(this.name, index, this.channels);
    const { target } = this;
    if (target.kind === "param") return this;
    if (target.kind === "input" && target.node.channels > 1) {
      return new InputPort(this.name, { ...target, channels: 1, lane: index });
    }
    return new InputPort(this.name, { ...target, first: target.first + index, channels: 1 });
  }
}

function checkChannel(port: string, index: number, channels: number): void {
  if (Number.isInteger(index) && index >= 0 && index < channels) return;
  throw new RangeError(
    `Cannot take a channel of port "${port}": index must be an integer in [0, ${
      channels - 1
    }], current value is ${index}`,
  );
}

/** Where a connection may end. */
// deno-lint-ignore no-explicit-any
export type Destination = Node<any, any, any> | InputPort | Param<any>;

/** How a signal is connected. */
export interface EdgeOptions {
  /** For a parameter: what a signal of 1 adds to the value. Default 1. */
  readonly amount?: number;
  /** For a parameter: each frame, or once every 64 frames (cheaper; one channel only). Default "audio". */
  readonly rate?: "audio" | "control";
  /**
   * Closes a loop: with a delay of exactly 64 frames (true or "block"), or of one frame ("sample").
   * With "sample" the nodes of the loop run frame by frame, which costs more. Default false.
   */
  readonly feedback?: boolean | Feedback;
  /** Factor of the signal; with it the connection gets a `gain` that can move. Default 1. */
  readonly gain?: number;
  /** Seconds in which a change of the connection fades while it sounds. Default: the engine's. */
  readonly fade?: number;
  /** Whether fades are straight in amplitude or keep the power of two unrelated signals. Default "linear". */
  readonly curve?: FadeCurve;
}

/** Options of {@linkcode Node.connect}: ports by name. */
export type ConnectOptions<O extends PortsSpec, T> = EdgeOptions & {
  /** Output to take. Default: the first. */
  readonly from?: PortName<O>;
  /** Input of the destination node. Default: its first. */
  // deno-lint-ignore no-explicit-any
  readonly to?: T extends Node<infer I, any, any> ? PortName<I> : never;
};

/** One end of a connection, by names. */
export interface Endpoint {
  /** Name of the node; null for the engine. */
  readonly node: string | null;
  /** Name of the port, unless a parameter is meant. */
  readonly port?: string;
  /** Name of the parameter. */
  readonly param?: string;
  /** The one channel of the port that is meant. */
  readonly channel?: number;
}

function endpoint(
  node: GraphNode,
  ports: readonly Port[],
  first: number,
  lane: number | undefined,
  channels: number,
): Endpoint {
  const port = ports.findLast((p) => p.first <= first)!;
  if (lane !== undefined) return { node: node.name, port: port.name, channel: lane };
  const isWhole = channels === port.channels * node.channels;
  return isWhole
    ? { node: node.name, port: port.name }
    : { node: node.name, port: port.name, channel: first - port.first };
}

/** A connection. Made by {@linkcode Engine.connect}. */
export class Connection {
  /** @internal */
  readonly edge: GraphEdge;
  /** The connection's gain, if it was made with one. */
  readonly gain: Param | null;
  readonly #engine: Engine;

  /** @internal */
  constructor(engine: Engine, edge: GraphEdge) {
    this.#engine = engine;
    this.edge = edge;
    this.gain = edge.gain && new Param(engine, edge.gain, edge.gain.type.params[EDGE_PARAM.GAIN]);
  }

  /** Where it begins. */
  get from(): Endpoint {
    const { node, first, lane, channels } = this.edge.from;
    return endpoint(node, node.type.outputs, first, lane, channels);
  }

  /** Where it ends: a node's input or parameter; no node for the engine's output. */
  get to(): Endpoint {
    const { to } = this.edge;
    if (to.kind === "output") return { node: null, port: "output", channel: to.first };
    if (to.kind === "param") {
      return { node: to.node.name, param: to.node.type.params[to.param].name };
    }
    return endpoint(to.node, to.node.type.inputs, to.first, to.lane, to.channels);
  }

  /** Takes the connection away; it fades out. @throws {RangeError} If it is not there any more. */
  remove(options: { readonly fade?: number } = {}): void {
    this.#engine.disconnect(this, options);
  }
}

/** A node in an engine. Made by {@linkcode Engine.add}. */
export class Node<
  I extends PortsSpec = PortsSpec,
  O extends PortsSpec = PortsSpec,
  P extends ParamsSpec = ParamsSpec,
> {
  /** Unique in its engine. */
  readonly name: string;
  /** Parameters by name. */
  readonly params: { readonly [K in keyof P]: Param<ParamValue<P[K]>> };
  /** Input ports by name. */
  readonly inputs: { readonly [K in PortName<I>]: InputPort };
  /** Output ports by name. */
  readonly outputs: { readonly [K in PortName<O>]: OutputPort };
  /** @internal */
  readonly record: GraphNode;
  readonly #engine: Engine;

  /** @internal */
  constructor(engine: Engine, record: GraphNode) {
    const { type, channels } = record;
    this.#engine = engine;
    this.record = record;
    this.name = record.name;
    this.params = table(type.params, (p) => new Param(engine, record, p));
    this.inputs = table(
      type.inputs,
      ({ name, first, channels: width }) =>
        new InputPort(name, { kind: "input", node: record, first, channels: width * channels }),
    );
    this.outputs = table(
      type.outputs,
      ({ name, first, channels: width }) =>
        new OutputPort(engine, name, { node: record, first, channels: width * channels }),
    );
  }

  /** Name of the node's type. */
  get type(): string {
    return this.record.type.name;
  }

  /**
   * Connects an output to a node, an input, a parameter or the engine's output; returns the
   * destination, so that connections can be chained.
   *
   * @throws {RangeError} If it would close a loop, or channels do not match.
   * @thread control
   */
  connect<T extends Destination>(to: T, options: ConnectOptions<O, T> = {}): T {
    this.#engine.connect(this, to, options);
    return to;
  }

  /** Removes the node and its connections. @thread control */
  remove(): void {
    this.#engine.remove(this);
  }
}

/** A node of whatever type. */
// deno-lint-ignore no-explicit-any
export type AnyNode = Node<any, any, any>;

function table<T extends { readonly name: string }, V>(
  items: readonly T[],
  make: (item: T) => V,
  // deno-lint-ignore no-explicit-any
): any {
  return Object.fromEntries(items.map((item) => [item.name, make(item)]));
}
