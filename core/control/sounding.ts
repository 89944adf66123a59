/**
 * What sounds while something fades out.
 *
 * @module
 */
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

/**
 * The edited graph, the leaving edges whose end is still there, and the dying nodes behind them
 * with all that fed them in the last plan.
 */
export function soundingGraph(
  graph: Graph,
  lastEdges: ReadonlySet<GraphEdge>,
  leaving: readonly GraphEdge[],
): { nodes: Set<GraphNode>; edges: Set<GraphEdge> } {
  const nodes = new Set(graph.nodes);
  const edges = new Set(graph.edges);
  const dying: GraphNode[] = [];
  const keep = (edge: GraphEdge) => {
    edges.add(edge);
    const { node } = edge.from;
    if (nodes.has(node)) return;
    nodes.add(node);
    dying.push(node);
  };
  for (const edge of leaving) {
    if (edge.to.kind === "output" || graph.nodes.has(edge.to.node)) keep(edge);
  }
  if (dying.length === 0) return { nodes, edges };
  const incoming = new Map<GraphNode, GraphEdge[]>();
  for (const edge of lastEdges) {
    if (edge.to.kind === "output") continue;
    const list = incoming.get(edge.to.node);
    if (list) list.push(edge);
    else incoming.set(edge.to.node, [edge]);
  }
  for (let node = dying.pop(); node; node = dying.pop()) incoming.get(node)?.forEach(keep);
  return { nodes, edges };
}
