/**
 * Why nothing is heard.
 *
 * @module
 */
import { EDGE_PARAM } from "./edge_gain.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

/** What besides the graph the explanation looks at. */
export interface SilenceContext {
  readonly graph: Graph;
  readonly now: number;
  /** Whether a rendering thread has taken a plan. */
  readonly isRendered: boolean;
  /** Names of nodes that were reset because their signal was not finite. */
  readonly faulted: ReadonlySet<string>;
}

/** Parameters that silence a node when they are zero. */
const LEVELS = ["gain", "level", "amplitude", "volume"];

/**
 * Walks back from the output and says what is in the way on each path, one sentence each. Empty if
 * some source reaches the output unhindered.
 */
export function explainSilence(context: SilenceContext): string[] {
  const { graph, isRendered, faulted } = context;
  const reasons: string[] = [];
  if (!isRendered) {
    reasons.push("Nothing renders the engine: open a sound card or render it to a file");
  }
  const ends = [...graph.edges].filter((edge) => edge.to.kind === "output");
  if (ends.length === 0) reasons.push("Nothing is connected to the output");
  const seen = new Set<GraphNode>();
  const open = ends;
  let reaches = false;
  for (let edge = open.pop(); edge; edge = open.pop()) {
    const obstacle = inEdge(edge, context);
    if (obstacle) {
      reasons.push(obstacle);
      continue;
    }
    const { node } = edge.from;
    if (seen.has(node)) continue;
    seen.add(node);
    if (faulted.has(node.name)) {
      reasons.push(`"${node.name}" was reset because its signal was not finite`);
    }
    const silent = inNode(node, context);
    if (silent) {
      reasons.push(silent);
      continue;
    }
    const feeding = [...graph.incoming(node)].filter((e) => e.to.kind === "input");
    if (node.type.inputs.length === 0) reaches = true;
    else if (feeding.length === 0) {
      reasons.push(`Nothing is connected to the input of "${node.name}"`);
    }
    open.push(...feeding);
  }
  return reaches && isRendered ? [] : reasons;
}

function inEdge({ gain, from }: GraphEdge, { now }: SilenceContext): string | null {
  if (gain?.tracks[EDGE_PARAM.GAIN].at(now) !== 0) return null;
  return `The connection from "${from.node.name}" has a gain of 0`;
}

function inNode(node: GraphNode, { graph, now }: SilenceContext): string | null {
  const modulated = new Set(
    [...graph.incoming(node)].flatMap(({ to }) => to.kind === "param" ? [to.param] : []),
  );
  for (const { name, index } of node.type.params) {
    const track = node.tracks[index];
    if (modulated.has(index) || track.at(now) !== 0) continue;
    if (LEVELS.includes(name)) return `"${node.name}" has a ${name} of 0`;
    if (name === "gate" && track.isUntouched) return `The gate of "${node.name}" was never opened`;
  }
  return null;
}
