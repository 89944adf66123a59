/**
 * Ports as a user holds them.
 *
 * @module
 */
import type { Source, Target } from "./graph.ts";
import type { Destination, EdgeOptions, Host } from "./host.ts";

/** An output port of a node. */
export class OutputPort {
  /** Name in the node's definition. */
  readonly name: string;
  /** @internal */
  readonly source: Source;
  readonly #host: Host;

  /** @internal */
  constructor(host: Host, name: string, source: Source) {
    this.#host = host;
    this.name = name;
    this.source = source;
  }

  /** Channels of the port. */
  get channels(): number {
    return this.source.channels;
  }

  /** @internal */
  sourceOf(): Source {
    return this.source;
  }

  /** One channel of the port, counted from 0. */
  channel(index: number): OutputPort {
    checkChannel(this.name, index, this.channels);
    const { node, first } = this.source;
    if (node.channels > 1) {
      return new OutputPort(this.#host, this.name, { node, first, channels: 1, lane: index });
    }
    return new OutputPort(this.#host, this.name, { node, first: first + index, channels: 1 });
  }

  /** Connects to an input, a parameter, a node's first input, or the engine's output; returns it. */
  connect<T extends Destination>(to: T, options: EdgeOptions = {}): T {
    this.#host.connect(this.source, to.targetOf(), options);
    return to;
  }
}

/** An input port of a node, or the engine's output. */
export class InputPort implements Destination {
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

  /** @internal */
  targetOf(): Target {
    return this.target;
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
