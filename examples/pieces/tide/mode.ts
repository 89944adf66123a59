/**
 * From degrees of a scale to hertz.
 *
 * @module
 */

/** The scale a piece is played in. */
export interface Mode {
  readonly name: string;
  /** Notes in one period. */
  readonly size: number;
  /** Frequency of a degree; 0 is the tonic of the middle octave. */
  hz(degree: number): number;
}

/** The D below middle C, in equal temperament with A at 440 Hz. */
export const TONIC_HZ = 440 * 2 ** (-19 / 12);

/** Natural minor, in cents: what a tuning of more notes than a mode has is thinned out to. */
const MINOR: readonly number[] = [0, 200, 300, 500, 700, 800, 1000];
/** A tuning of at most so many notes is taken as it is. */
const MAX_NOTES = 9;

/**
 * A mode from the cents of a scale, the last of which is its period (1200 for an octave). A scale of
 * more than nine notes is thinned out to the seven nearest to natural minor.
 */
export function modeFromCents(name: string, cents: readonly number[], tonic = TONIC_HZ): Mode {
  const period = cents.at(-1)!;
  const all = [0, ...cents.slice(0, -1)];
  const wanted = MINOR.map((minor) => minor * period / 1200);
  const notes = all.length <= MAX_NOTES
    ? all
    : wanted.map((to) => all.reduce((a, b) => Math.abs(b - to) < Math.abs(a - to) ? b : a));
  const size = notes.length;
  return {
    name,
    size,
    hz(degree) {
      const octave = Math.floor(degree / size);
      return tonic * 2 ** ((notes[degree - octave * size] + octave * period) / 1200);
    },
  };
}

/** Natural minor in twelve equal steps. */
export const EQUAL_MINOR: Mode = modeFromCents("minor", [200, 300, 500, 700, 800, 1000, 1200]);
