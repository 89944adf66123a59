/**
 * Whether two definitions mean the same node, though they come from two readings of a file.
 *
 * @module
 */
import { type NodeType, nodeType } from "../../core/control/node_type.ts";
import type { AnyNodeDefinition } from "../../core/snapshot/mod.ts";

/** Sizes in seconds and sizes in frames differ at one of them. */
const SAMPLE_RATES = [48_000, 96_000];

/** Whether an engine makes the same of both: ports, parameters and programs, not their texts. */
export function isSameDefinition(a: AnyNodeDefinition, b: AnyNodeDefinition): boolean {
  try {
    return SAMPLE_RATES.every((rate) => isSame(meaning(a, rate), meaning(b, rate)));
  } catch {
    // What does not compile is like nothing else; whoever uses it will be told why.
    return false;
  }
}

function meaning(definition: AnyNodeDefinition, sampleRate: number): Omit<NodeType, "definition"> {
  const { definition: _, ...rest } = nodeType(definition, sampleRate);
  return rest;
}

/** Whether two values of plain data are the same. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return left.length === right.length &&
    left.every(([key, value], k) => key === right[k][0] && isSame(value, right[k][1]));
}
