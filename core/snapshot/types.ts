/** Node types by their names. @module */
import type { NodeDefinition } from "../kernel/define_node.ts";
import type { PortsSpec } from "../kernel/definition.ts";

/** A node definition, whatever its ports and parameters. */
// deno-lint-ignore no-explicit-any
export type AnyNodeDefinition = NodeDefinition<any, any, any, any>;

/**
 * The types by name.
 *
 * @throws {RangeError} If two different types have one name.
 */
export function typesByName(
  types: readonly AnyNodeDefinition[],
): ReadonlyMap<string, AnyNodeDefinition> {
  const map = new Map<string, AnyNodeDefinition>();
  for (const type of types) {
    const known = map.get(type.name);
    if (known !== undefined && known !== type) {
      throw new RangeError(`Cannot tell node types apart: two of them are named "${type.name}"`);
    }
    map.set(type.name, type);
  }
  return map;
}

/** Channels of each port by name, in order. */
export function portChannels(ports: PortsSpec): Map<string, number> {
  return Array.isArray(ports)
    ? new Map(ports.map((name: string) => [name, 1]))
    : new Map(Object.entries(ports).map(([name, port]) => [name, port.channels ?? 1]));
}
