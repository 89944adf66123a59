/**
 * An engine with the face of ours whose nodes are plain JavaScript, one call a node and block.
 *
 * @module
 */
import { QUANTUM } from "../../core/layout.ts";
import type { NodeDefinition } from "../../mod.ts";
import { PlainNode, type PlainOutput, type PlainParam, PlainType, sum } from "./node.ts";

/** Options of a connection, as for `Node.connect`. */
interface ConnectOptions {
  readonly from?: string;
  readonly to?: string;
  readonly amount?: number;
  readonly rate?: "audio" | "control";
}

/** Where a connection may end. */
type Destination = PlainHandle | PlainParamHandle | PlainMix;

/** The engine's output: what is summed on each channel. */
class PlainMix {
  readonly channels: readonly PlainOutput[][];
  constructor(count: number) {
    this.channels = Array.from({ length: count }, () => []);
  }
}

/** A parameter as the user of the engine sees it. */
class PlainParamHandle {
  readonly #engine: PlainEngine;
  constructor(engine: PlainEngine, readonly param: PlainParam) {
    this.#engine = engine;
  }
  set(value: number, { at = 0, ramp = this.param.smooth }: { at?: number; ramp?: number } = {}) {
    const frames = Math.round(ramp * this.#engine.sampleRate);
    this.param.schedule({ at: Math.max(at, this.#engine.now), value, frames });
  }
  rampTo(value: number, seconds: number, { at }: { at?: number } = {}) {
    this.set(value, { at, ramp: seconds });
  }
}

/** A node as the user of the engine sees it. */
class PlainHandle {
  readonly params: Readonly<Record<string, PlainParamHandle>>;
  constructor(engine: PlainEngine, readonly node: PlainNode) {
    this.params = Object.fromEntries(
      node.type.type.params.map((
        p,
      ) => [p.name, new PlainParamHandle(engine, node.params[p.index])]),
    );
  }

  connect<T extends Destination>(to: T, options: ConnectOptions = {}): T {
    const { outputs } = this.node.type.type;
    const port = outputs.find((p) => p.name === options.from) ?? outputs[0];
    const from = Array.from(
      { length: port.channels },
      (_, k): PlainOutput => ({ node: this.node, channel: port.first + k }),
    );
    if (to instanceof PlainParamHandle) {
      const { amount = 1, rate = "audio" } = options;
      to.param.modulate({ from: from[0], amount, rate });
    } else if (to instanceof PlainMix) {
      spread(from, to.channels);
    } else {
      const all = to.node.type.type.inputs;
      const input = all.find((p) => p.name === options.to) ?? all[0];
      spread(from, to.node.sources.slice(input.first, input.first + input.channels));
    }
    return to;
  }
}

/** One channel goes to all, equal numbers go side by side. */
function spread(from: readonly PlainOutput[], to: readonly PlainOutput[][]): void {
  to.forEach((channel, k) => channel.push(from[from.length === 1 ? 0 : k]));
}

/** Renders blocks of `QUANTUM` frames. */
export class PlainEngine {
  readonly output: PlainMix;
  now = 0;
  readonly #nodes: PlainNode[] = [];
  readonly #types = new Map<NodeDefinition, PlainType>();
  #order: readonly PlainNode[] = [];
  readonly #mixed: readonly Float32Array[];

  constructor(readonly sampleRate: number, outputs = 2) {
    this.output = new PlainMix(outputs);
    this.#mixed = Array.from({ length: outputs }, () => new Float32Array(QUANTUM));
  }

  add(definition: NodeDefinition, values: Readonly<Record<string, number | string>> = {}) {
    let type = this.#types.get(definition);
    if (!type) this.#types.set(definition, type = PlainType.of(definition, this.sampleRate));
    const node = new PlainNode(
      type,
      type.type.params.map((p) => {
        const value = values[p.name] ?? p.default;
        return typeof value === "number" ? value : p.values!.indexOf(value);
      }),
    );
    this.#nodes.push(node);
    return new PlainHandle(this, node);
  }

  /** Renders one block: planar channels, valid until the next. */
  process(): readonly Float32Array[] {
    if (this.#order.length !== this.#nodes.length) this.#order = sorted(this.#nodes);
    const { now } = this;
    for (let k = 0; k < this.#order.length; k++) this.#order[k].process(now);
    this.output.channels.forEach((sources, k) => sum(this.#mixed[k], sources));
    this.now += QUANTUM;
    return this.#mixed;
  }
}

/** Nodes after what feeds them. */
function sorted(nodes: readonly PlainNode[]): PlainNode[] {
  const order: PlainNode[] = [];
  const seen = new Set<PlainNode>();
  const open: [node: PlainNode, done: boolean][] = [...nodes].reverse().map((n) => [n, false]);
  while (open.length) {
    const [node, done] = open.pop()!;
    if (done) {
      order.push(node);
    } else if (!seen.has(node)) {
      seen.add(node);
      open.push([node, true]);
      const feeding = [
        ...node.sources.flat(),
        ...node.params.flatMap((p) => p.modulations.map((m) => m.from)),
      ];
      for (const { node: before } of feeding) open.push([before, false]);
    }
  }
  return order;
}
