/** What the wires of a graph join: nodes, ports, channels; and names for more of them. @module */
import type { EdgeSnapshot, GraphSnapshot, NodeSnapshot, Wire } from "../graph_snapshot.ts";
import { type AnyNodeDefinition, portChannels } from "../types.ts";
import { signal } from "./signal.ts";

/** Looks up nodes, ports and channels by name. */
export class Shapes {
  readonly #nodes: Map<string, NodeSnapshot>;
  readonly #inputs = new Map<string, Map<string, number>>();
  readonly #outputs = new Map<string, Map<string, number>>();
  readonly #engineOutputs: number;

  /** @param types Those of all nodes of the graph. */
  constructor(graph: GraphSnapshot, types: readonly AnyNodeDefinition[]) {
    this.#nodes = new Map(graph.nodes.map((node) => [node.name, node]));
    this.#engineOutputs = graph.engine.outputs;
    for (const { name, inputs, outputs } of types) {
      this.#inputs.set(name, portChannels(inputs));
      this.#outputs.set(name, portChannels(outputs));
    }
  }

  /** Name of the port that a wire comes from. */
  outputOf({ from, output }: Wire): string {
    return output ?? this.#ports(this.#outputs, from).keys().next().value!;
  }

  /** Name of the port that a connection ends at; null for the engine's output. */
  inputOf(wire: Wire | EdgeSnapshot): string | null {
    if (!("to" in wire)) return null;
    return wire.input ?? this.#ports(this.#inputs, wire.to).keys().next().value!;
  }

  /** Channels that a wire takes: one, or all of its port, of all instances of the node. */
  channelsOf(wire: Wire): number[] {
    if (wire.outputChannel !== undefined) return [wire.outputChannel];
    const channels = this.#ports(this.#outputs, wire.from).get(this.outputOf(wire))!;
    return Array.from({ length: channels * this.#node(wire.from).channels }, (_, c) => c);
  }

  /** Channels of the port that a connection ends at, likewise. */
  inputChannels(wire: Wire | EdgeSnapshot): number {
    if (!("to" in wire)) return this.#engineOutputs;
    const ports = this.#ports(this.#inputs, wire.to);
    return ports.get(this.inputOf(wire)!)! * this.#node(wire.to).channels;
  }

  /** A node of its own that passes on what it is given. */
  addSignal(about: string, channels: number): NodeSnapshot {
    let name = about;
    for (let k = 2; this.#nodes.has(name); k++) name = `${about} ${k}`;
    const node = { type: signal.name, name, channels, params: {} };
    this.#nodes.set(name, node);
    return node;
  }

  #node(name: string): NodeSnapshot {
    return this.#nodes.get(name)!;
  }

  #ports(side: Map<string, Map<string, number>>, node: string): Map<string, number> {
    return side.get(this.#node(node).type)!;
  }
}

/** What every wire needs to say of its fades: nothing fades in a graph that is not edited. */
export const STILL: Pick<Wire, "fade" | "curve"> = { fade: 0.005, curve: "linear" };
