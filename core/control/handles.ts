/**
 * The handles that users have of nodes and connections: one each, for as long as the engine knows them.
 *
 * @module
 */
import { Connection } from "./connection.ts";
import type { GraphEdge, GraphNode } from "./graph.ts";
import type { Host } from "./host.ts";
import type { AnyNode } from "./node.ts";

/** Handles by what they stand for. */
export class Handles {
  readonly #host: Host;
  readonly #nodes = new WeakMap<GraphNode, AnyNode>();
  readonly #connections = new WeakMap<GraphEdge, Connection>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Remembers the handle of a node, and returns it. */
  add<T extends AnyNode>(node: T): T {
    this.#nodes.set(node.record, node);
    return node;
  }

  /** The handle of a node, if users have one. */
  node(record: GraphNode): AnyNode | undefined {
    return this.#nodes.get(record);
  }

  /** The handle of a connection. */
  connection(edge: GraphEdge): Connection {
    let connection = this.#connections.get(edge);
    if (!connection) this.#connections.set(edge, connection = new Connection(this.#host, edge));
    return connection;
  }
}
