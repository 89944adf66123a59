/**
 * The changes that put a node of another type in a node's place.
 *
 * @module
 */
import { startValues } from "./checks.ts";
import type { Change } from "./editor.ts";
import type { Graph, GraphEdge, GraphNode, Source, Target } from "./graph.ts";
import type { NodeType, Port } from "./node_type.ts";
import type { Table } from "./table.ts";
import { startTables } from "./table_store.ts";
import { ParamTrack } from "./param_track.ts";

/**
 * Disconnects and removes the old node, adds the new one under its name, connects it again by port
 * name and carries values and state over.
 *
 * @throws {RangeError} If the new type lacks a port or parameter that is connected.
 */
export function replaceChanges(
  graph: Graph,
  old: GraphNode,
  type: NodeType,
  given: Readonly<Record<string, unknown>>,
  tables: Readonly<Record<string, Table | null | undefined>>,
  now: number,
  nextEdge: () => number,
): { record: GraphNode; changes: Change[] } {
  const values = startValues(type, old.name, given);
  for (const { name, index, min, max } of type.params) {
    const same = old.type.params.find((p) => p.name === name);
    if (!same || name in given) continue;
    values[index] = Math.min(max, Math.max(min, old.tracks[same.index].at(now)));
  }
  const kept = Object.fromEntries(
    old.type.tables.flatMap((name, k) => type.tables.includes(name) ? [[name, old.tables[k]]] : []),
  );
  const record: GraphNode = {
    name: old.name,
    type,
    channels: old.channels,
    tracks: values.map((v) => new ParamTrack(v)),
    tables: startTables(type, { ...kept, ...tables }),
    place: null,
  };
  const edges = [...new Set([...graph.incoming(old), ...graph.outgoing(old)])];
  const again = edges.map((edge): GraphEdge => ({
    ...edge,
    id: nextEdge(),
    from: moveSource(edge.from, old, record),
    to: moveTarget(edge.to, old, record),
    rings: [],
    gain: edge.hasGain && edge.gain ? { ...edge.gain, place: null } : null,
  }));
  again.sort((a, b) => a.id - b.id);
  return {
    record,
    changes: [
      ...edges.map((edge): Change => ({ kind: "disconnect", edge })),
      { kind: "remove", node: old },
      { kind: "add", node: record },
      ...again.map((edge): Change => ({ kind: "connect", edge })),
      { kind: "carry", from: old, to: record },
    ],
  };
}

function moveSource(from: Source, old: GraphNode, node: GraphNode): Source {
  if (from.node !== old) return from;
  const { first } = samePort(old, node, "output", old.type.outputs, node.type.outputs, from.first);
  return { ...from, node, first };
}

function moveTarget(to: Target, old: GraphNode, node: GraphNode): Target {
  if (to.kind === "output" || to.node !== old) return to;
  if (to.kind === "param") {
    const { name } = old.type.params[to.param];
    const param = node.type.params.findIndex((p) => p.name === name);
    if (param < 0) throw missing(old, node, "parameter", name);
    return { ...to, node, param };
  }
  const { first } = samePort(old, node, "input", old.type.inputs, node.type.inputs, to.first);
  return { ...to, node, first };
}

/** The port of the new type that corresponds to the one at channel `first` of the old. */
function samePort(
  old: GraphNode,
  node: GraphNode,
  what: string,
  before: readonly Port[],
  after: readonly Port[],
  first: number,
): { first: number } {
  const port = before.findLast((p) => p.first <= first)!;
  const match = after.find((p) => p.name === port.name && p.channels === port.channels);
  if (!match) throw missing(old, node, what, port.name);
  return { first: match.first + (first - port.first) };
}

function missing(old: GraphNode, node: GraphNode, what: string, name: string): RangeError {
  return new RangeError(
    `Cannot replace "${old.name}": its ${what} "${name}" is connected and "${node.type.name}" has none like it`,
  );
}
