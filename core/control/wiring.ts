/**
 * From what a user names to where a connection begins and ends.
 *
 * @module
 */
import { MAX_EDGE_GAIN } from "./edge_gain.ts";
import type { GraphEdge, Source, Target } from "./graph.ts";
import {
  type Destination,
  type EdgeOptions,
  InputPort,
  type Node,
  OutputPort,
  Param,
} from "./handles.ts";

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

/**
 * A connection that is not in the graph yet.
 *
 * @throws {RangeError} If channels do not match or an option is out of range.
 */
export function makeEdge(
  id: number,
  from: Source,
  to: Target,
  options: EdgeOptions & { readonly fade: number },
): GraphEdge {
  const { amount = 1, rate = "audio", feedback = false, fade, curve = "linear", gain } = options;
  const name = to.kind === "output" ? "the output" : `"${to.node.name}"`;
  const refuse = (what: string) =>
    new RangeError(`Cannot connect "${from.node.name}" to ${name}: ${what}`);
  const width = to.kind === "param" ? to.node.channels : to.channels;
  const isSum = width === 1 && to.kind !== "param";
  if (from.channels !== width && from.channels !== 1 && !isSum) {
    throw refuse(
      `channels must be equal or one of them 1, current values are ${from.channels} and ${width}; choose one with channel(index)`,
    );
  }
  if (!Number.isFinite(amount)) throw refuse(`amount must be finite, current value is ${amount}`);
  if (!(fade >= 0 && fade <= 60)) {
    throw refuse(`fade must be in [0, 60] s, current value is ${fade}`);
  }
  if (gain !== undefined && !(Math.abs(gain) <= MAX_EDGE_GAIN)) {
    throw refuse(`gain must be in [-${MAX_EDGE_GAIN}, ${MAX_EDGE_GAIN}], current value is ${gain}`);
  }
  return {
    id,
    from,
    to,
    position: 0,
    amount,
    rate,
    feedback: feedback === true ? "block" : feedback || null,
    fade,
    curve,
    hasGain: gain !== undefined,
    gain: null,
    rings: [],
  };
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
