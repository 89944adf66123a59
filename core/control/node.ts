/**
 * Nodes as a user holds them: names and types; the engine does the work.
 *
 * @module
 */
import type { ParamsSpec, PortName, PortsSpec, TablesSpec } from "../kernel/definition.ts";
import { latencyFrames } from "../kernel/latency.ts";
import type { GraphNode, Source, Target } from "./graph.ts";
import type { Destination, EdgeOptions, Host } from "./host.ts";
import { Param, type ParamValue } from "./param.ts";
import { TableSlot } from "./table.ts";
import { InputPort, OutputPort } from "./ports.ts";

/** Options of {@linkcode Node.connect}: ports by name. */
export type ConnectOptions<O extends PortsSpec, T> = EdgeOptions & {
  /** Output to take. Default: the first. */
  readonly from?: PortName<O>;
  /** Input of the destination node. Default: its first. */
  // deno-lint-ignore no-explicit-any
  readonly to?: T extends Node<infer I, any, any, any> ? PortName<I> : never;
};

/** A node in an engine. Made by {@linkcode Engine.add}. */
export class Node<
  I extends PortsSpec = PortsSpec,
  O extends PortsSpec = PortsSpec,
  P extends ParamsSpec = ParamsSpec,
  T extends TablesSpec = Readonly<Record<never, never>>,
> implements Destination {
  /** Unique in its engine. */
  readonly name: string;
  /** Parameters by name. */
  readonly params: { readonly [K in keyof P]: Param<ParamValue<P[K]>> };
  /** Places for tables by name. */
  readonly tables: { readonly [K in PortName<T>]: TableSlot };
  /** Input ports by name. */
  readonly inputs: { readonly [K in PortName<I>]: InputPort };
  /** Output ports by name. */
  readonly outputs: { readonly [K in PortName<O>]: OutputPort };
  /** @internal */
  readonly record: GraphNode;
  readonly #host: Host;

  /** @internal */
  constructor(host: Host, record: GraphNode) {
    const { type, channels } = record;
    this.#host = host;
    this.record = record;
    this.name = record.name;
    this.params = table(type.params, (p) => new Param(host, record, p));
    const slots = type.tables.map((name, index) => new TableSlot(host, record, name, index));
    this.tables = table(slots, (slot) => slot);
    this.inputs = table(
      type.inputs,
      ({ name, first, channels: width }) =>
        new InputPort(name, { kind: "input", node: record, first, channels: width * channels }),
    );
    this.outputs = table(
      type.outputs,
      ({ name, first, channels: width }) =>
        new OutputPort(host, name, { node: record, first, channels: width * channels }),
    );
  }

  /** Name of the node's type. */
  get type(): string {
    return this.record.type.name;
  }

  /** Whole frames by which the node's output lags its input. */
  get latency(): number {
    const { definition, program } = this.record.type;
    return latencyFrames(definition, program.sampleRate);
  }

  /**
   * Connects an output to a node, an input, a parameter or the engine's output; returns the
   * destination, so that connections can be chained.
   *
   * @throws {RangeError} If it would close a loop, or channels do not match.
   * @thread control
   */
  connect<T extends Destination>(to: T, options: ConnectOptions<O, T> = {}): T {
    this.#host.connect(this.sourceOf(options.from), to.targetOf(options.to), options);
    return to;
  }

  /** Removes the node and its connections. @thread control */
  remove(): void {
    this.#host.remove(this.record);
  }

  /** @internal */
  sourceOf(port?: string): Source {
    return choose(this.name, "output", this.outputs as Record<string, OutputPort>, port).source;
  }

  /** @internal */
  targetOf(port?: string): Target {
    return choose(this.name, "input", this.inputs as Record<string, InputPort>, port).target;
  }
}

/** A node of whatever type. */
// deno-lint-ignore no-explicit-any
export type AnyNode = Node<any, any, any, any>;

function table<T extends { readonly name: string }, V>(
  items: readonly T[],
  make: (item: T) => V,
  // deno-lint-ignore no-explicit-any
): any {
  return Object.fromEntries(items.map((item) => [item.name, make(item)]));
}

function choose<T>(
  node: string,
  what: string,
  ports: Readonly<Record<string, T>>,
  name: string | undefined,
): T {
  const names = Object.keys(ports);
  const chosen = name ?? names[0];
  if (chosen !== undefined && Object.hasOwn(ports, chosen)) return ports[chosen];
  if (names.length === 0) throw new RangeError(`Cannot connect "${node}": it has no ${what}`);
  throw new RangeError(
    `Cannot connect ${what} "${name}" of "${node}": it must be one of ${
      names.map((n) => `"${n}"`).join(", ")
    }`,
  );
}
