/**
 * From what a user names to where a connection begins and ends.
 *
 * @module
 */
import type { Source, Target } from "./graph.ts";
import { type Destination, InputPort, Node, OutputPort, Param } from "./handles.ts";

/** The output that is meant: a port, or a node's port by name, by default its first. */
// deno-lint-ignore no-explicit-any
export function resolveSource(from: Node<any, any, any> | OutputPort, port?: string): Source {
  if (from instanceof OutputPort) return from.source;
  const ports = from.outputs as Record<string, OutputPort>;
  return choose(from, "output", ports, port).source;
}

/** The input or parameter that is meant, likewise. */
export function resolveTarget(to: Destination, port?: string): Target {
  if (to instanceof InputPort) return to.target;
  if (to instanceof Param) return { kind: "param", node: to.node, param: to.info.index };
  const ports = to.inputs as Record<string, InputPort>;
  return choose(to, "input", ports, port).target;
}

function choose<T>(
  // deno-lint-ignore no-explicit-any
  node: Node<any, any, any>,
  what: string,
  ports: Readonly<Record<string, T>>,
  name: string | undefined,
): T {
  const names = Object.keys(ports);
  const chosen = name ?? names[0];
  if (chosen !== undefined && Object.hasOwn(ports, chosen)) return ports[chosen];
  if (names.length === 0) throw new RangeError(`Cannot connect "${node.name}": it has no ${what}`);
  throw new RangeError(
    `Cannot connect ${what} "${name}" of "${node.name}": it must be one of ${
      names.map((n) => `"${n}"`).join(", ")
    }`,
  );
}
