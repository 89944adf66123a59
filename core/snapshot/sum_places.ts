/**
 * Places of signals in sums, as snapshots say them: those that the engine would not give anyway. They
 * have gaps once connections have gone.
 *
 * @module
 */
import { type GraphEdge, span } from "../control/graph.ts";
import { hasPlace, SumPlaces } from "../control/sum_places.ts";

/** Places that a snapshot may name. */
export const MAX_PLACES = 2 ** 24;

/** The place of each edge that is not the next free one. `edges` in their order. */
export function unusualPlaces(edges: readonly GraphEdge[]): Map<GraphEdge, number> {
  const made = new SumPlaces();
  const unusual = new Map<GraphEdge, number>();
  for (const edge of edges.filter(hasPlace)) {
    if (edge.position !== made.next(edge)) unusual.set(edge, edge.position);
    made.take(edge, edge.position);
  }
  return unusual;
}

/**
 * The places that a snapshot says for edges, and the next free ones of the others.
 *
 * @throws {RangeError} If two would have one place, or a place is too high.
 */
export function givenPlaces(
  edges: readonly GraphEdge[],
  placeOf: (edge: GraphEdge) => number | undefined,
): Map<GraphEdge, number> {
  const given = new SumPlaces();
  const places = new Map<GraphEdge, number>();
  for (const edge of edges) {
    const place = placeOf(edge) ?? given.next(edge);
    if (place + span(edge) > MAX_PLACES || !given.take(edge, place)) {
      throw new RangeError(
        `Cannot connect "${edge.from.node.name}": its place in the sum must be free and below ${MAX_PLACES}, current value is ${place}`,
      );
    }
    places.set(edge, place);
  }
  return places;
}
