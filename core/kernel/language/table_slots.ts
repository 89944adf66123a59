/** Tables that a node is given, as a kernel reads them. @module */
import type { Node } from "acorn";
import { TABLE_SLOT_BYTES } from "../../layout.ts";
import type { TablesSpec } from "../definition.ts";
import type { Lowering } from "./lowering.ts";
import { indexId } from "./state.ts";
import { float, type GivenValue, int, record, type RecordValue, type Value } from "./values.ts";

/** Values that one channel of a table may have, so that its bytes are less than half of an address. */
export const MAX_TABLE_LENGTH = 2 ** 28;

/** Tables that one node type may have. */
export const MAX_TABLES: number = 256 / TABLE_SLOT_BYTES;

/** The names, in the order of their slots. */
export function tableNames(spec: TablesSpec): readonly string[] {
  return Array.isArray(spec) ? spec : Object.keys(spec);
}

/** The tables of the context. */
export function tablesValue(names: readonly string[]): RecordValue {
  return record(
    "table",
    new Map(names.map((name, index): [string, Value] => [name, { kind: "given", index }])),
  );
}

/** What a table says of itself. */
export function slotMember(m: Lowering, { index }: GivenValue, name: string): Value | undefined {
  switch (name) {
    case "length":
      return int(m.builder.emit("given.length", [], index), MAX_TABLE_LENGTH);
    case "sampleRate":
      return float(m.builder.emit("given.rate", [], index));
    case "id":
      return int(m.builder.emit("given.id", [], index));
    default:
      return undefined;
  }
}

/** One value of a table. */
export function slotElement(m: Lowering, { index }: GivenValue, key: Value, node: Node): Value {
  const at = indexId(m, key, MAX_TABLE_LENGTH, node);
  return float(m.builder.emit("given.load", [at], index));
}
