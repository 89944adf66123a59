/**
 * Places of signals in sums. A sum adds its signals in eight partial sums, by place modulo 8, so places
 * decide how it is rounded. They have gaps once connections have gone.
 *
 * @module
 */
import { type GraphEdge, span } from "../control/graph.ts";

/** Signals of one row: one for each partial sum. */
const ROW = 8;

/** A place in sums is that of an edge at an input or at the engine's output. */
export function hasPlace({ to }: GraphEdge): boolean {
  return to.kind !== "param";
}

/** Which places are taken, by the port at which edges end. */
export class SumPlaces {
  readonly #ports = new Map<unknown, Map<number, Port>>();

  /** The first places that are free, as the engine gives them to a new edge. */
  next(edge: GraphEdge): number {
    const port = this.#port(edge);
    while (port.taken.has(port.low)) port.low++;
    const width = span(edge);
    let place = port.low;
    for (let k = 0; k < width; k++) if (port.taken.has(place + k)) [place, k] = [place + k + 1, -1];
    return place;
  }

  /** Takes places for an edge; false if one of them is taken, and then nothing has changed. */
  take(edge: GraphEdge, place: number): boolean {
    const { taken } = this.#port(edge);
    const places = Array.from({ length: span(edge) }, (_, k) => place + k);
    if (places.some((p) => taken.has(p))) return false;
    for (const p of places) taken.add(p);
    return true;
  }

  /** How many places of the edge's port are taken. */
  count(edge: GraphEdge): number {
    return this.#port(edge).taken.size;
  }

  /** The place of an edge when rows in which nothing is left are taken out, which changes no sum. */
  compact(edge: GraphEdge): number {
    const port = this.#port(edge);
    if (port.rows === undefined) {
      const rows = new Set(Array.from(port.taken, (place) => Math.floor(place / ROW)));
      port.rows = new Map([...rows].sort((a, b) => a - b).map((row, i) => [row, i]));
    }
    const row = Math.floor(edge.position / ROW);
    return edge.position - ROW * (row - port.rows.get(row)!);
  }

  #port({ to }: GraphEdge): Port {
    const [node, first] = to.kind === "output"
      ? [null, 0]
      : to.kind === "param"
      ? [to.node, -1]
      : [to.node, to.node.type.inputs.findLast((port) => port.first <= to.first)!.first];
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
  /** New numbers of the rows that are in use. */
  rows?: ReadonlyMap<number, number>;
}

/** The place of each edge that is not the next free one, without empty rows. `edges` in their order. */
export function unusualPlaces(edges: readonly GraphEdge[]): Map<GraphEdge, number> {
  const places = edges.filter(hasPlace);
  const [now, made] = [new SumPlaces(), new SumPlaces()];
  for (const edge of places) now.take(edge, edge.position);
  const unusual = new Map<GraphEdge, number>();
  for (const edge of places) {
    const place = now.compact(edge);
    if (place !== made.next(edge)) unusual.set(edge, place);
    made.take(edge, place);
  }
  return unusual;
}

/**
 * Gives edges the places that a snapshot says, and the next free ones to the others.
 *
 * @throws {RangeError} If two would have one place, or a place is so high that rows must be empty.
 */
export function givePlaces(
  edges: readonly GraphEdge[],
  placeOf: (edge: GraphEdge) => number | undefined,
): void {
  const all = new SumPlaces();
  for (const edge of edges) all.take(edge, all.next(edge));
  const given = new SumPlaces();
  for (const edge of edges) {
    const place = placeOf(edge) ?? given.next(edge);
    const limit = ROW * all.count(edge);
    if (place + span(edge) > limit || !given.take(edge, place)) {
      throw new RangeError(
        `Cannot connect "${edge.from.node.name}": its place in the sum must be free and below ${limit}, current value is ${place}`,
      );
    }
    edge.position = place;
  }
}
