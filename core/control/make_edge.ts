/**
 * Connections from what a user wants of them.
 *
 * @module
 */
import { MAX_EDGE_GAIN } from "./edge_gain.ts";
import type { GraphEdge, Source, Target } from "./graph.ts";
import type { EdgeOptions } from "./host.ts";

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
