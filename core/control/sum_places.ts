/**
 * Places of signals in sums: which are taken, and which a new connection gets. A sum adds its signals
 * in eight partial sums, by place modulo 8, so places decide how it is rounded.
 *
 * @module
 */
import { type GraphEdge, portOf, span, type SumEdge } from "./graph.ts";

/** A place in sums is that of an edge at an input or at the engine's output. */
export function hasPlace({ to }: Pick<GraphEdge, "to">): boolean {
  return to.kind !== "param";
}

/** Which places are taken, by the port at which edges end. Edges at parameters have none. */
export class SumPlaces {
  /** By node (null for the output) and the first channel of the port. */
  readonly #ports = new Map<unknown, Map<number, Port>>();

  /** The first places that are free. */
  next(edge: SumEdge): number {
    const port = this.#port(edge);
    if (!port) return 0;
    while (port.taken.has(port.low)) port.low++;
    const width = span(edge);
    let place = port.low;
    for (let k = 0; k < width; k++) if (port.taken.has(place + k)) [place, k] = [place + k + 1, -1];
    return place;
  }

  /** Takes places for an edge; false if one of them is taken, and then nothing has changed. */
  take(edge: SumEdge, place: number): boolean {
    const port = this.#port(edge);
    if (!port) return true;
    const places = Array.from({ length: span(edge) }, (_, k) => place + k);
    if (places.some((p) => port.taken.has(p))) return false;
    for (const p of places) port.taken.add(p);
    return true;
  }

  /** Gives the places of an edge back. */
  release(edge: GraphEdge): void {
    const port = this.#port(edge);
    if (!port) return;
    for (let k = span(edge) - 1; k >= 0; k--) port.taken.delete(edge.position + k);
    port.low = Math.min(port.low, edge.position);
  }

  /** Puts edges in other places, which are free once all of them have left theirs. */
  move(places: ReadonlyMap<GraphEdge, number>): void {
    for (const edge of places.keys()) this.release(edge);
    for (const [edge, place] of places) this.take(edge, edge.position = place);
  }

  /** The places that are taken at the edge's port. */
  taken(edge: GraphEdge): ReadonlySet<number> {
    return this.#port(edge)?.taken ?? new Set();
  }

  #port({ to }: SumEdge): Port | null {
    if (to.kind === "param") return null;
    const node = to.kind === "output" ? null : to.node;
    const first = portOf(to);
    let ports = this.#ports.get(node);
    if (!ports) this.#ports.set(node, ports = new Map());
    let port = ports.get(first);
    if (!port) ports.set(first, port = { taken: new Set(), low: 0 });
    return port;
  }
}

interface Port {
  readonly taken: Set<number>;
  /** No place below it is free. */
  low: number;
}
