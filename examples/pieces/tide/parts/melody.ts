/**
 * The melody: a motif of two bars, answered. Strong beats take notes of the chord, weak ones pass.
 *
 * @module
 */
import { nearest, tonesBetween } from "../harmony.ts";
import type { Context, Note } from "../score.ts";

/** Rhythms of one bar: lengths in beats; negative ones are rests. */
const CELLS: readonly (readonly number[])[] = [
  [1.5, 0.5, 1, 1],
  [-0.5, 0.5, 1, 0.5, 1.5],
  [2, -0.5, 0.5, 1],
  [1, 0.5, 0.5, 2],
  [-1, 1, 1.5, 0.5],
];
/** How a phrase ends. */
const CLOSES: readonly (readonly number[])[] = [[3, -1], [-0.5, 0.5, 2, -1], [1, 2.5, -0.5]];

/** The melody, which remembers its motif and where it was. */
export class Melody {
  #motif: readonly (readonly number[])[] = [];
  #contour: readonly number[] = [];
  #at = 0;

  /** The melody of one bar. */
  bar({ size, place, random }: Context): Note[] {
    const { section, bar, chord } = place;
    if (bar === 0) {
      this.#motif = [random.pick(CELLS), random.pick(CELLS)];
      this.#contour = Array.from({ length: 5 }, () => random.pick([-2, -1, -1, 1, 1, 2]));
    }
    if (bar < section.melody) return [];
    if (bar === section.melody) this.#at = size + random.pick([0, 2, 4]);
    const phrase = bar % 4;
    const cell = phrase === 3 ? random.pick(CLOSES) : this.#motif[phrase % 2];
    const low = size - 2;
    const high = 2 * size + Math.round(size / 2);
    const tones = tonesBetween(chord, size, low, high);
    const notes: Note[] = [];
    let beat = 0;
    cell.forEach((beats, k) => {
      if (beats > 0) {
        // The second phrase answers the first upside down.
        const step = this.#contour[k % this.#contour.length] * (bar >= 4 ? -1 : 1);
        let degree = this.#at + step;
        if (degree < low || degree > high) degree = this.#at - step;
        const strong = Number.isInteger(beat) || beats >= 1;
        if (strong) degree = closest(tones, degree);
        if (phrase === 3 && beats >= 2) degree = nearest(chord.root, degree, size, low, high);
        notes.push({
          player: "melody",
          beat,
          beats: beats * 0.92,
          degree,
          velocity: Math.min(1, 0.55 + 0.25 * place.brightness + 0.05 * beats),
        });
        this.#at = degree;
      }
      beat += Math.abs(beats);
    });
    return notes;
  }
}

function closest(tones: readonly number[], degree: number): number {
  return tones.reduce((best, tone) =>
    Math.abs(tone - degree) < Math.abs(best - degree) ? tone : best
  );
}
