/**
 * Connections as a user holds them.
 *
 * @module
 */
import { EDGE_PARAM } from "./edge_gain.ts";
import type { GraphEdge, GraphNode } from "./graph.ts";
import type { Host } from "./host.ts";
import type { Port } from "./node_type.ts";
import { Param } from "./param.ts";

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
  readonly #host: Host;

  /** @internal */
  constructor(host: Host, edge: GraphEdge) {
    this.#host = host;
    this.edge = edge;
    this.gain = edge.gain && new Param(host, edge.gain, edge.gain.type.params[EDGE_PARAM.GAIN]);
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
    this.#host.disconnect(this.edge, options.fade);
  }
}
