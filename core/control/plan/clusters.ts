/**
 * What of a graph belongs closely together: what stays connected when wide sums and signals with
 * many readers are cut, a voice of a synthesizer for example.
 *
 * @module
 */
import { MAX_LANES } from "../../layout.ts";
import { type Graph, type GraphEdge, type GraphNode, portOf } from "../graph.ts";

/** What stays together. */
export interface Cluster {
  readonly nodes: readonly GraphNode[];
  /** The first place that its signals have in a sum of many; Infinity for none. */
  readonly place: number;
}

/**
 * The clusters of some nodes, in an order in which signals flow forward and neighbours in a sum are
 * neighbours; null if signals between clusters run in a circle.
 */
export function clusters(graph: Graph, nodes: ReadonlySet<GraphNode>): Cluster[] | null {
  const index = new Map<GraphNode, number>();
  for (const node of nodes) index.set(node, index.size);
  const parent = Int32Array.from(index.values());
  const find = (k: number): number => {
    while (parent[k] !== k) k = parent[k] = parent[parent[k]];
    return k;
  };
  const cut: GraphEdge[] = [];
  const widths = new Map<GraphNode, Map<number, number>>();
  /** Place in a sum that decides the order. */
  const place = new Float64Array(index.size).fill(Infinity);
  for (const [node, k] of index) {
    const outgoing = graph.outgoing(node);
    for (const edge of outgoing) {
      const { to, feedback } = edge;
      if (to.kind === "output") {
        place[k] = Math.min(place[k], edge.position);
        continue;
      }
      const end = index.get(to.node);
      if (end === undefined) continue;
      const isWide = outgoing.size > MAX_LANES || widthOf(graph, edge, widths) > MAX_LANES;
      if (feedback !== "sample" && (isWide || feedback)) {
        if (!feedback) cut.push(edge);
        if (to.kind === "input") place[k] = Math.min(place[k], edge.position);
      } else parent[find(k)] = find(end);
    }
  }
  const found = new Map<number, Waiting>();
  for (const [node, k] of index) {
    const root = find(k);
    let cluster = found.get(root);
    if (!cluster) found.set(root, cluster = { nodes: [], place: Infinity, waits: 0, after: [] });
    cluster.nodes.push(node);
    cluster.place = Math.min(cluster.place, place[k]);
  }
  for (const { from, to } of cut) {
    const [a, b] = [from.node, to.kind === "output" ? from.node : to.node]
      .map((node) => found.get(find(index.get(node)!))!);
    if (a === b) continue;
    a.after.push(b);
    b.waits++;
  }
  return inOrder([...found.values()]);
}

interface Waiting extends Cluster {
  readonly nodes: GraphNode[];
  place: number;
  waits: number;
  readonly after: Waiting[];
}

/** Edges of the port where an edge ends. */
function widthOf(
  graph: Graph,
  { to }: GraphEdge,
  known: Map<GraphNode, Map<number, number>>,
): number {
  if (to.kind !== "input") return 1;
  let ports = known.get(to.node);
  if (!ports) {
    known.set(to.node, ports = new Map());
    for (const edge of graph.incoming(to.node)) {
      if (edge.to.kind !== "input") continue;
      const first = portOf(edge.to);
      ports.set(first, (ports.get(first) ?? 0) + 1);
    }
  }
  return ports.get(portOf(to)) ?? 0;
}

/** Wave after wave: what waits for nothing, then what waited for that only. */
function inOrder(list: Waiting[]): Cluster[] | null {
  const order: Cluster[] = [];
  let wave = list.filter(({ waits }) => waits === 0);
  while (wave.length > 0) {
    wave.sort((a, b) => a.place === b.place ? 0 : a.place - b.place);
    const next: Waiting[] = [];
    for (const done of wave) {
      order.push(done);
      for (const cluster of done.after) if (--cluster.waits === 0) next.push(cluster);
    }
    wave = next;
  }
  return order.length === list.length ? order : null;
}
