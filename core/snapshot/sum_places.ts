/**
 * Places of signals in sums, as snapshots say them: those that the engine would not give anyway. They
 * have gaps once connections have gone.
 *
 * @module
 */
import { type GraphEdge, span } from "../control/graph.ts";
import { hasPlace, SumPlaces } from "../control/sum_places.ts";

/** Signals of one row: one for each partial sum. */
const ROW = 8;

/** The place of each edge that is not the next free one, without empty rows. `edges` in their order. */
export function unusualPlaces(edges: readonly GraphEdge[]): Map<GraphEdge, number> {
  const places = edges.filter(hasPlace);
  const [now, made] = [new SumPlaces(), new SumPlaces()];
  for (const edge of places) now.take(edge, edge.position);
  const rows = new Rows();
  const unusual = new Map<GraphEdge, number>();
  for (const edge of places) {
    const place = rows.compact(edge.position, now.taken(edge));
    if (place !== made.next(edge)) unusual.set(edge, place);
    made.take(edge, place);
  }
  return unusual;
}

/** Rows of sums without those in which nothing is left, which changes no sum. */
class Rows {
  /** New numbers of the rows that are in use. */
  readonly #numbers = new Map<ReadonlySet<number>, ReadonlyMap<number, number>>();

  compact(place: number, taken: ReadonlySet<number>): number {
    let numbers = this.#numbers.get(taken);
    if (!numbers) {
      const rows = new Set(Array.from(taken, (place) => Math.floor(place / ROW)));
      numbers = new Map([...rows].sort((a, b) => a - b).map((row, i) => [row, i]));
      this.#numbers.set(taken, numbers);
    }
    const row = Math.floor(place / ROW);
    return place - ROW * (row - numbers.get(row)!);
  }
}

/**
 * The places that a snapshot says for edges, and the next free ones of the others.
 *
 * @throws {RangeError} If two would have one place, or a place is so high that rows must be empty.
 */
export function givenPlaces(
  edges: readonly GraphEdge[],
  placeOf: (edge: GraphEdge) => number | undefined,
): Map<GraphEdge, number> {
  const all = new SumPlaces();
  for (const edge of edges) all.take(edge, all.next(edge));
  const given = new SumPlaces();
  const places = new Map<GraphEdge, number>();
  for (const edge of edges) {
    const place = placeOf(edge) ?? given.next(edge);
    const limit = ROW * all.taken(edge).size;
    if (place + span(edge) > limit || !given.take(edge, place)) {
      throw new RangeError(
        `Cannot connect "${edge.from.node.name}": its place in the sum must be free and below ${limit}, current value is ${place}`,
      );
    }
    places.set(edge, place);
  }
  return places;
}
