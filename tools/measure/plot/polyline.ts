/** Lines with as few points as look the same. @module */

type Point = readonly [x: number, y: number];

/** Pixels by which a drawn line may miss a point. */
const TOLERANCE = 0.25;

/** Path data of a line through points in pixels. */
export function polyline(points: readonly Point[]): string {
  const kept = simplify(columns(points));
  let d = "";
  let [lastX, lastY] = [0, 0];
  for (const [k, [a, b]] of kept.entries()) {
    const [x, y] = [Math.round(10 * a), Math.round(10 * b)];
    d += k === 0 ? `M${x / 10} ${y / 10}` : `l${pair((x - lastX) / 10, (y - lastY) / 10)}`;
    [lastX, lastY] = [x, y];
  }
  return d;
}

function pair(x: number, y: number): string {
  return y < 0 ? `${x}${y}` : `${x} ${y}`;
}

/** Where many points share a column of a pixel: its first, lowest, highest and last. */
function columns(points: readonly Point[]): Point[] {
  if (points.length < 3000) return [...points];
  const kept: Point[] = [];
  for (let from = 0; from < points.length;) {
    const column = Math.floor(points[from][0]);
    let to = from;
    while (to < points.length && Math.floor(points[to][0]) === column) to++;
    const slice = points.slice(from, to);
    const low = slice.reduce((a, b) => b[1] < a[1] ? b : a);
    const high = slice.reduce((a, b) => b[1] > a[1] ? b : a);
    const few = new Set([slice[0], low, high, slice[slice.length - 1]]);
    kept.push(...[...few].sort((a, b) => a[0] - b[0]));
    from = to;
  }
  return kept;
}

/**
 * Douglas and Peucker's line: the farthest point is kept while it is farther than the tolerance.
 *
 * Source: D. Douglas and T. Peucker, "Algorithms for the reduction of the number of points required to
 * represent a digitized line or its caricature", The Canadian Cartographer 10(2), 1973.
 */
function simplify(points: readonly Point[]): Point[] {
  if (points.length < 3) return [...points];
  const kept = new Uint8Array(points.length);
  kept[0] = kept[points.length - 1] = 1;
  const spans: [number, number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let [farthest, at] = [TOLERANCE, -1];
    for (let k = from + 1; k < to; k++) {
      const distance = distanceToLine(points[k], points[from], points[to]);
      if (distance > farthest) [farthest, at] = [distance, k];
    }
    if (at < 0) continue;
    kept[at] = 1;
    spans.push([from, at], [at, to]);
  }
  return points.filter((_, k) => kept[k]);
}

function distanceToLine([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = Math.hypot(dx, dy);
  if (length === 0) return Math.hypot(x - ax, y - ay);
  return Math.abs(dy * (x - ax) - dx * (y - ay)) / length;
}
