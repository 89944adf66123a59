/** Differences of graphs, as data. @module */
import type { GraphSnapshot, NodeSnapshot, ParamState } from "./graph_snapshot.ts";
import { same } from "./schema/data.ts";
import { type AnyWire, listOf, wireKey } from "./wires.ts";

/** One step from one graph to another. */
export type GraphChange =
  | { readonly kind: "disconnect" | "connect"; readonly wire: AnyWire }
  | { readonly kind: "remove"; readonly node: string }
  /** Another type in the place of the node of this name. */
  | { readonly kind: "replace" | "add"; readonly node: NodeSnapshot }
  /** Null: back to the default of the type. */
  | {
    readonly kind: "set";
    readonly node: string;
    readonly param: string;
    readonly value: ParamState | null;
  }
  /** Other sample data; null for none. */
  | {
    readonly kind: "table";
    readonly node: string;
    readonly table: string;
    readonly sample: string | null;
  }
  /** The gain of a connection that stays. */
  | { readonly kind: "gain"; readonly wire: AnyWire };

/**
 * The steps that turn graph `a` into graph `b`: what is in both, by name and type, is left alone and
 * keeps its state. The engine's settings, the states and the order of connections are not compared.
 *
 * @example
 * ```ts
 * import { diff, graphCodec } from "@aether/dsp/snapshot";
 * import { assertEquals } from "@std/assert";
 *
 * const read = (cutoff: number) =>
 *   graphCodec().fromJson(
 *     `{ "version": 1, "nodes": [{ "type": "svf", "name": "f", "params": { "cutoff": ${cutoff} } }] }`,
 *   );
 * assertEquals(diff(read(100), read(200)), [
 *   { kind: "set", node: "f", param: "cutoff", value: 200 },
 * ]);
 * ```
 */
export function diff(a: GraphSnapshot, b: GraphSnapshot): GraphChange[] {
  const before = new Map(a.nodes.map((node) => [node.name, node]));
  const after = new Map(b.nodes.map((node) => [node.name, node]));
  // A node of other channels is another node: its connections cannot stay either.
  const stays = (name: string) => {
    const [old, now] = [before.get(name), after.get(name)];
    return old === now || (old && now && old.channels === now.channels);
  };
  const staysWire = (wire: AnyWire) => stays(wire.from) && (!("to" in wire) || stays(wire.to));
  const keyOf = keysOf(a, b);
  const left = Map.groupBy(wiresOf(a).filter(staysWire), keyOf);
  const kept: [old: AnyWire, now: AnyWire][] = [];
  const connect = wiresOf(b).filter((wire) => {
    const old = staysWire(wire) ? left.get(keyOf(wire))?.shift() : undefined;
    if (old) kept.push([old, wire]);
    return !old;
  });
  const keptWires = new Set(kept.map(([old]) => old));
  return [
    ...wiresOf(a).filter((wire) => !keptWires.has(wire))
      .map((wire): GraphChange => ({ kind: "disconnect", wire })),
    ...a.nodes.filter(({ name }) => !after.has(name) || !stays(name))
      .map(({ name }): GraphChange => ({ kind: "remove", node: name })),
    ...b.nodes.flatMap((node) =>
      nodeChanges(stays(node.name) ? before.get(node.name) : undefined, node)
    ),
    ...connect.map((wire): GraphChange => ({ kind: "connect", wire })),
    ...kept.filter(([old, now]) => !same(old.gain, now.gain))
      .map(([, wire]): GraphChange => ({ kind: "gain", wire })),
  ];
}

/** All connections of a graph. */
export function wiresOf(graph: GraphSnapshot): AnyWire[] {
  return [...graph.edges, ...graph.modulations, ...graph.outputs];
}

/** What tells connections apart: where there are several with the same ends, their gains too. */
function keysOf(...graphs: readonly GraphSnapshot[]): (wire: AnyWire) => string {
  const several = new Set<string>();
  for (const graph of graphs) {
    for (const [key, { length }] of Map.groupBy(wiresOf(graph), wireKey)) {
      if (length > 1) several.add(key);
    }
  }
  return (wire) => {
    const key = wireKey(wire);
    return several.has(key) ? key + JSON.stringify(wire.gain) : key;
  };
}

function nodeChanges(old: NodeSnapshot | undefined, node: NodeSnapshot): GraphChange[] {
  if (old === undefined) return [{ kind: "add", node }];
  if (old.type !== node.type) return [{ kind: "replace", node }];
  const names = new Set([...Object.keys(old.params), ...Object.keys(node.params)]);
  const params = Array.from(names).flatMap((param): GraphChange[] => {
    const value = Object.hasOwn(node.params, param) ? node.params[param] : null;
    const before = Object.hasOwn(old.params, param) ? old.params[param] : null;
    return same(before, value) ? [] : [{ kind: "set", node: node.name, param, value }];
  });
  return [...params, ...tableChanges(old, node)];
}

function tableChanges(old: NodeSnapshot, { name, tables = {} }: NodeSnapshot): GraphChange[] {
  const slots = new Set([...Object.keys(old.tables ?? {}), ...Object.keys(tables)]);
  const of = (table: string, all: Readonly<Record<string, string>> = {}) =>
    Object.hasOwn(all, table) ? all[table] : null;
  return Array.from(slots).flatMap((table): GraphChange[] => {
    const sample = of(table, tables);
    return sample === of(table, old.tables) ? [] : [{ kind: "table", node: name, table, sample }];
  });
}

/**
 * Graph `a` after the steps of {@linkcode diff}; `a` itself stays as it is.
 *
 * @throws {RangeError} If a step does not fit the graph.
 */
export function patch(a: GraphSnapshot, changes: readonly GraphChange[]): GraphSnapshot {
  const nodes = new Map(a.nodes.map((node) => [node.name, node]));
  let wires = wiresOf(a);
  for (const change of changes) {
    switch (change.kind) {
      case "add":
        nodes.set(change.node.name, change.node);
        break;
      case "remove":
        known(nodes, change.node);
        nodes.delete(change.node);
        break;
      case "replace":
        known(nodes, change.node.name);
        nodes.set(change.node.name, change.node);
        break;
      case "set": {
        const { [change.param]: _, ...params } = known(nodes, change.node).params;
        if (change.value !== null) params[change.param] = change.value;
        nodes.set(change.node, { ...known(nodes, change.node), params });
        break;
      }
      case "table": {
        const node = known(nodes, change.node);
        const { [change.table]: _, ...tables } = node.tables ?? {};
        if (change.sample !== null) tables[change.table] = change.sample;
        nodes.set(change.node, { ...node, tables });
        break;
      }
      case "connect":
        wires.push(change.wire);
        break;
      case "disconnect":
      case "gain": {
        const key = wireKey(change.wire);
        const of = (wire: AnyWire) => wireKey(wire) === key;
        const exact = wires.findLastIndex((wire) => of(wire) && same(wire.gain, change.wire.gain));
        const at = exact >= 0 ? exact : wires.findLastIndex(of);
        if (at < 0) throw new RangeError(`Cannot ${change.kind}: there is no such connection`);
        wires = wires.toSpliced(at, 1, ...(change.kind === "gain" ? [change.wire] : []));
      }
    }
  }
  const graph = { ...a, nodes: [...nodes.values()], edges: [], modulations: [], outputs: [] };
  for (const wire of wires) (graph[listOf(wire)] as AnyWire[]).push(wire);
  return graph;
}

function known(nodes: ReadonlyMap<string, NodeSnapshot>, name: string): NodeSnapshot {
  const node = nodes.get(name);
  if (node === undefined) {
    throw new RangeError(`Cannot change node "${name}": it is not in the graph`);
  }
  return node;
}
