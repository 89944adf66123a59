/**
 * New nodes of one engine, and their types.
 *
 * @module
 */
import type { NodeDefinition } from "../kernel/define_node.ts";
import { startValues } from "./checks.ts";
import { edgeGains } from "./edge_gain.ts";
import type { GraphEdge, GraphNode } from "./graph.ts";
import { audioInputType, type NodeType, nodeType } from "./node_type.ts";
import type { Table } from "./table.ts";
import { startTables } from "./table_store.ts";
import { ParamTrack } from "./param_track.ts";

/** Makes nodes that have no place yet. @thread control */
export class NodeMaker {
  readonly #sampleRate: number;
  #nextName = 1;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** The type of a definition; compiled when it is first asked for. */
  type(definition: NodeDefinition): NodeType {
    return nodeType(definition, this.#sampleRate);
  }

  /** A name for a node of this type that is not taken. */
  name(type: NodeType, isTaken: (name: string) => boolean): string {
    let name: string;
    do name = `${type.name}${this.#nextName++}`; while (isTaken(name));
    return name;
  }

  /** A node; values that are not given are the type's defaults, tables that are not given none. */
  node(
    name: string,
    type: NodeType,
    channels: number,
    values: Readonly<Record<string, unknown>>,
    tables: Readonly<Record<string, Table | null | undefined>> = {},
  ): GraphNode {
    const tracks = startValues(type, name, values).map((value) => new ParamTrack(value));
    return { name, type, channels, tracks, tables: startTables(type, tables), place: null };
  }

  /** The source of recorded sound. */
  input(channels: number): GraphNode {
    return this.node("input", audioInputType(channels, this.#sampleRate), 1, {});
  }

  /** The hidden gain of a connection. */
  gain(edge: GraphEdge, gain: number): GraphNode {
    const type = this.type(edgeGains[edge.curve]);
    return this.node(`connection ${edge.id}`, type, edge.from.channels, { gain });
  }
}
