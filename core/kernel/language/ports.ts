/** Ports and parameters as a `tick` sees them, and the outputs it returns. @module */
import type { Node } from "acorn";
import type { ParamsSpec, PortsSpec } from "../definition.ts";
import type { Id } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { toFloat } from "./numbers.ts";
import { float, record, type RecordValue, UNDEFINED, type Value } from "./values.ts";

/** A port with its number of channels. */
export interface PortShape {
  readonly name: string;
  readonly channels: number;
}

/** The ports of a specification in order; their channels follow one another. */
export function portShapes(spec: PortsSpec): PortShape[] {
  if (Array.isArray(spec)) return spec.map((name: string) => ({ name, channels: 1 }));
  return Object.entries(spec).map(([name, port]) => ({ name, channels: port?.channels ?? 1 }));
}

/** The first argument of `tick`: a number, or a list for a port with channels. */
export function inputValues(m: Lowering, ports: readonly PortShape[]): RecordValue {
  let channel = 0;
  const next = () => float(m.builder.emit("input", [], channel++));
  const members = ports.map(({ name, channels }): [string, Value] => {
    if (channels === 1) return [name, next()];
    return [name, { kind: "list", items: Array.from({ length: channels }, next) }];
  });
  return record("input", new Map(members));
}

/** The second argument of `tick`. */
export function paramValues(m: Lowering, params: ParamsSpec): RecordValue {
  const members = Object.keys(params).map((name, k): [string, Value] => [
    name,
    float(m.builder.emit("param", [], k)),
  ]);
  return record("parameter", new Map(members));
}

/** What `tick` returned, as the values of the output channels. */
export function outputIds(
  m: Lowering,
  result: Value,
  ports: readonly PortShape[],
  node: Node,
): Id[] {
  const names = ports.map(({ name }) => name);
  if (result.kind !== "record") {
    if (result === UNDEFINED) return ports.length === 0 ? [] : m.refuse(node, "noReturn");
    const isNumber = result.kind !== "list" && result.kind !== "nothing";
    if (isNumber && (ports.length !== 1 || ports[0].channels !== 1)) {
      m.refuse(node, "manyOutputs", names);
    }
    return [toFloat(m, result, node)];
  }
  const unknown = result.names.find((name) => !names.includes(name));
  if (unknown !== undefined) m.refuse(node, "unknownMember", "output", unknown, names);
  return ports.flatMap(({ name, channels }) => {
    const value = result.get(name);
    if (!value) return m.refuse(node, "missingOutput", name);
    if (channels === 1 && value.kind !== "list") return toFloat(m, value, node);
    if (channels === 1 || value.kind !== "list" || value.items.length !== channels) {
      return m.refuse(node, "portChannels", name, channels);
    }
    return value.items.map((item) => toFloat(m, item, node));
  });
}
