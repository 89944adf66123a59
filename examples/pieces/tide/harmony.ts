/**
 * Chords in degrees of a scale, and how four voices get from one to the next.
 *
 * A degree counts the notes of the scale from the tonic; negative ones lie below it. Thirds are
 * stacked by leaving out every other note, so the same harmony works in scales of five notes, seven
 * notes, or any other number: only its colour changes.
 *
 * @module
 */

/** A chord: the degree of its root within one period, and what is stacked on it. */
export interface Chord {
  readonly root: number;
  /** Degrees above the root. */
  readonly tones: readonly number[];
}

/** Triad with a ninth: open and still. */
export const ADD_NINE: readonly number[] = [0, 2, 4, 8];
/** Seventh chord: wants to go on. */
export const SEVENTH: readonly number[] = [0, 2, 4, 6];
/** Ninth chord without its root, which the bass has. */
export const ROOTLESS_NINE: readonly number[] = [2, 4, 6, 8];

/** Every order in which four voices may take four tones. */
const ORDERS = permutations([0, 1, 2, 3]);

/**
 * The next position of the voices: each goes to a tone of the chord so that together they move as
 * little as possible, stay within [low, high], and no two meet.
 */
export function lead(
  voices: readonly number[],
  chord: Chord,
  size: number,
  low: number,
  high: number,
): number[] {
  let best: number[] = [];
  let least = Infinity;
  for (const order of ORDERS) {
    const next = voices.map((from, k) =>
      nearest(chord.root + chord.tones[order[k]], from, size, low, high)
    );
    let cost = next.reduce((sum, to, k) => sum + (to - voices[k]) ** 2, 0);
    if (new Set(next).size < next.length) cost += 1000;
    if (cost < least) [best, least] = [next, cost];
  }
  return best;
}

/** The degree of the same name as `degree` that is nearest to `from`, within [low, high]. */
export function nearest(
  degree: number,
  from: number,
  size: number,
  low: number,
  high: number,
): number {
  let at = degree + size * Math.round((from - degree) / size);
  while (at < low) at += size;
  while (at > high) at -= size;
  return at;
}

/** The chord's tones between two degrees, ascending. */
export function tonesBetween(chord: Chord, size: number, low: number, high: number): number[] {
  const names = new Set(chord.tones.map((t) => modulo(chord.root + t, size)));
  const tones: number[] = [];
  for (let degree = low; degree <= high; degree++) {
    if (names.has(modulo(degree, size))) tones.push(degree);
  }
  return tones;
}

/** The remainder that is never negative. */
export function modulo(x: number, n: number): number {
  return ((x % n) + n) % n;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest])
  );
}
