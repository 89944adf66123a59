/** What must be true of a graph beyond the form of its parts. @module */
import { tableNames } from "../kernel/language/table_slots.ts";
import type { GraphSnapshot, NodeSnapshot, Wire } from "./graph_snapshot.ts";
import type { Path, Refuse } from "./schema/mod.ts";
import { show, showChoices } from "./schema/error.ts";
import { type AnyNodeDefinition, portChannels, typesByName } from "./types.ts";

/** Name of the engine's input where it is a source. */
export const ENGINE_INPUT = "input";

/** Refuses names that appear twice, and connections to what is not there. */
export function checkGraph(
  graph: GraphSnapshot,
  refuse: Refuse,
  types?: readonly AnyNodeDefinition[],
): void {
  const check = new GraphCheck(graph, refuse, types);
  check.samples();
  graph.edges.forEach((edge, i) => {
    const node = check.node(edge.to, ["edges", i, "to"]);
    check.source(edge, ["edges", i]);
    check.port(node, "input", edge.input, edge.inputChannel, ["edges", i]);
  });
  graph.modulations.forEach((edge, i) => {
    const node = check.node(edge.to, ["modulations", i, "to"]);
    check.source(edge, ["modulations", i]);
    check.param(node, edge.param, ["modulations", i, "param"]);
  });
  graph.outputs.forEach((edge, i) => {
    check.source(edge, ["outputs", i]);
    check.channel(edge.channel, graph.engine.outputs, ["outputs", i, "channel"]);
  });
}

class GraphCheck {
  readonly #nodes = new Map<string, NodeSnapshot>();
  readonly #types: ReadonlyMap<string, AnyNodeDefinition> | undefined;

  constructor(
    readonly graph: GraphSnapshot,
    readonly refuse: Refuse,
    types: readonly AnyNodeDefinition[] | undefined,
  ) {
    this.#types = types && typesByName(types);
    graph.nodes.forEach((node, i) => {
      const taken = this.#nodes.has(node.name) ||
        (graph.engine.inputs > 0 && node.name === ENGINE_INPUT);
      if (taken) {
        refuse(["nodes", i, "name"], `expected a name of its own, ${show(node.name)} is taken`);
      }
      this.#nodes.set(node.name, node);
      this.tables(node, ["nodes", i, "tables"]);
    });
  }

  node(name: string, path: Path): NodeSnapshot {
    return this.#nodes.get(name) ??
      this.refuse(path, `expected the name of a node, got ${show(name)}`);
  }

  source({ from, output, outputChannel }: Wire, path: Path): void {
    const { inputs } = this.graph.engine;
    if (inputs > 0 && from === ENGINE_INPUT) {
      if (output !== undefined) this.refuse([...path, "output"], "expected no port: it has one");
      this.channel(outputChannel, inputs, [...path, "outputChannel"]);
      return;
    }
    this.port(this.node(from, [...path, "from"]), "output", output, outputChannel, path);
  }

  /** Checks a port and a channel of it, as far as the node's type is known. */
  port(
    node: NodeSnapshot,
    side: "input" | "output",
    name: string | undefined,
    channel: number | undefined,
    path: Path,
  ): void {
    const type = this.#types?.get(node.type);
    if (type === undefined) return;
    const ports = portChannels(side === "input" ? type.inputs : type.outputs);
    const of = `of ${show(node.name)}`;
    const [first] = ports.keys();
    if (first === undefined) this.refuse(path, `expected ${of.slice(3)} to have an ${side}`);
    const width = ports.get(name ?? first);
    if (width === undefined) {
      const names = showChoices([...ports.keys()]);
      this.refuse([...path, side], `expected an ${side} ${of}: ${names}, got ${show(name)}`);
    }
    this.channel(channel, width * node.channels, [...path, `${side}Channel`]);
  }

  /** Refuses a name of sample data that appears twice, and zones of a sample that is not there. */
  samples(): void {
    const { samples, sampleMaps = [] } = this.graph;
    const names = new Set<string>();
    const own = (name: string, path: Path) => {
      if (names.has(name)) {
        this.refuse(path, `expected a name of its own, ${show(name)} is taken`);
      }
      names.add(name);
    };
    samples.forEach(({ name }, i) => own(name, ["samples", i, "name"]));
    const recordings = new Set(names);
    sampleMaps.forEach(({ name, zones }, i) => {
      own(name, ["sampleMaps", i, "name"]);
      zones.forEach(({ sample }, k) => {
        if (recordings.has(sample)) return;
        const path = ["sampleMaps", i, "zones", k, "sample"];
        this.refuse(path, `expected the name of a sample, got ${show(sample)}`);
      });
    });
  }

  tables(node: NodeSnapshot, path: Path): void {
    const type = this.#types?.get(node.type);
    if (type === undefined) return;
    const names = tableNames(type.tables);
    for (const name of Object.keys(node.tables ?? {})) {
      if (names.includes(name)) continue;
      const choices = names.length === 0 ? "none" : showChoices([...names]);
      this.refuse(path, `expected tables of ${show(node.name)}: ${choices}, got ${show(name)}`);
    }
  }

  param(node: NodeSnapshot, name: string, path: Path): void {
    const type = this.#types?.get(node.type);
    if (type === undefined || Object.hasOwn(type.params, name)) return;
    const names = showChoices(Object.keys(type.params));
    this.refuse(path, `expected a parameter of ${show(node.name)}: ${names}, got ${show(name)}`);
  }

  channel(channel: number | undefined, channels: number, path: Path): void {
    if (channel === undefined || channel < channels) return;
    this.refuse(path, `expected a channel in [0, ${channels - 1}], got ${channel}`);
  }
}
