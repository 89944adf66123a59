/** Connections as data, whatever they end at. @module */
import type { Connection } from "../control/connection.ts";
import type { Engine } from "../control/engine.ts";
import type { Source, Target } from "../control/graph.ts";
import type { Port } from "../control/node_type.ts";
import { ENGINE_INPUT } from "./check_graph.ts";
import type {
  EdgeSnapshot,
  ModulationSnapshot,
  OutputSnapshot,
  ParamState,
  Wire,
} from "./graph_snapshot.ts";

/** A connection of any kind. */
export type AnyWire = EdgeSnapshot | ModulationSnapshot | OutputSnapshot;

/** The list of a snapshot in which a connection stands. */
export function listOf(wire: AnyWire): "edges" | "modulations" | "outputs" {
  return "param" in wire ? "modulations" : "to" in wire ? "edges" : "outputs";
}

/** What makes two connections the same but for their gain and what is on its way in them. */
export function wireKey(wire: AnyWire): string {
  const { from, output, outputChannel, feedback, fade, curve, gain } = wire;
  const end = "param" in wire
    ? [wire.to, wire.param, wire.amount, wire.rate]
    : "to" in wire
    ? [wire.to, wire.input, wire.inputChannel]
    : [wire.channel];
  const how = [feedback, fade, curve, gain !== undefined];
  return JSON.stringify([listOf(wire), from, output, outputChannel, ...end, ...how]);
}

/** What a connection joins, with names that are not the first ports' left out. */
export function describeWire(connection: Connection, engine: Engine): AnyWire {
  const { from, to, amount, rate, feedback, fade, curve } = connection.edge;
  const wire: Wire = {
    from: from.node.name,
    ...sourceEnd(from),
    ...(feedback ? { feedback } : {}),
    fade,
    curve,
  };
  if (to.kind === "param") {
    const param = to.node.type.params[to.param].name;
    return { ...wire, to: to.node.name, param, amount, rate };
  }
  if (to.kind === "output") {
    return to.channels === engine.output.channels ? wire : { ...wire, channel: to.first };
  }
  return { ...wire, to: to.node.name, ...inputEnd(to) };
}

function sourceEnd({ node, first, channels, lane }: Source): Partial<Wire> {
  const { port, channel } = portOf(node.type.outputs, node.channels, first, channels, lane);
  return {
    ...(port === undefined ? {} : { output: port }),
    ...(channel === undefined ? {} : { outputChannel: channel }),
  };
}

function inputEnd(
  { node, first, channels, lane }: Target & { kind: "input" },
): Partial<EdgeSnapshot> {
  const { port, channel } = portOf(node.type.inputs, node.channels, first, channels, lane);
  return {
    ...(port === undefined ? {} : { input: port }),
    ...(channel === undefined ? {} : { inputChannel: channel }),
  };
}

/** A port by name if it is not the first, and the channel if it is not all. */
function portOf(
  ports: readonly Port[],
  lanes: number,
  first: number,
  channels: number,
  lane: number | undefined,
): { port?: string; channel?: number } {
  const index = ports.findLastIndex((p) => p.first <= first);
  const port = ports[index];
  const isWhole = lane === undefined && channels === port.channels * lanes;
  return {
    port: index > 0 ? port.name : undefined,
    channel: isWhole ? undefined : lane ?? first - port.first,
  };
}

/** Makes a connection. @throws {RangeError} As `engine.connect` does. */
export function connectWire(engine: Engine, wire: AnyWire): Connection {
  const { from, output, outputChannel, feedback, fade, curve, gain } = wire;
  const source = from === ENGINE_INPUT && engine.input
    ? engine.input
    : output === undefined
    ? Object.values(nodeOf(engine, from).outputs)[0]
    : nodeOf(engine, from).outputs[output];
  const options = {
    ...(feedback === undefined ? {} : { feedback }),
    ...(gain === undefined ? {} : { gain: gainNow(gain) }),
    ...("param" in wire ? { amount: wire.amount, rate: wire.rate } : {}),
    fade,
    curve,
  };
  if (source === undefined) {
    throw new RangeError(`Cannot connect "${from}": it has no output ${output ?? ""}`.trimEnd());
  }
  const start = outputChannel === undefined ? source : source.channel(outputChannel);
  return engine.connect(start, destination(engine, wire), options);
}

function destination(engine: Engine, wire: AnyWire) {
  if ("param" in wire) return nodeOf(engine, wire.to).params[wire.param];
  if (!("to" in wire)) {
    return wire.channel === undefined ? engine.output : engine.output.channel(wire.channel);
  }
  const node = nodeOf(engine, wire.to);
  if (wire.input === undefined && wire.inputChannel === undefined) return node;
  const port = wire.input === undefined ? Object.values(node.inputs)[0] : node.inputs[wire.input];
  return wire.inputChannel === undefined ? port : port.channel(wire.inputChannel);
}

/** The node of a name. @throws {RangeError} If there is none. */
export function nodeOf(engine: Engine, name: string): ReturnType<Engine["add"]> {
  const node = engine.node(name);
  if (node === undefined) {
    throw new RangeError(`Cannot use node "${name}": it is not in the engine`);
  }
  return node;
}

function gainNow(gain: ParamState): number {
  return (typeof gain === "object" ? gain.value : gain) as number;
}
