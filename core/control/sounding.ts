/**
 * What sounds while something fades out.
 *
 * @module
 */
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

/** What sounds besides the edited graph. */
export interface Ghosts {
  readonly nodes: ReadonlySet<GraphNode>;
  readonly edges: ReadonlySet<GraphEdge>;
}

/**
 * The leaving edges whose end is still there, and the dying nodes behind them with all that fed them
 * in the last plan.
 *
 * @param last The graph of the last plan.
 */
export function ghostsOf(graph: Graph, last: Graph, leaving: readonly GraphEdge[]): Ghosts {
  const nodes = new Set<GraphNode>();
  const edges = new Set<GraphEdge>();
  const keep = (edge: GraphEdge) => {
    if (!graph.edges.has(edge)) edges.add(edge);
    const { node } = edge.from;
    if (!graph.nodes.has(node)) nodes.add(node);
  };
  for (const edge of leaving) {
    if (edge.to.kind === "output" || graph.nodes.has(edge.to.node)) keep(edge);
  }
  for (const node of nodes) if (last.nodes.has(node)) last.incoming(node).forEach(keep);
  return { nodes, edges };
}
