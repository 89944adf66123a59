/**
 * The form of the piece: four sections of eight bars, each with its harmony and its forces.
 *
 * @module
 */
import { ADD_NINE, type Chord, ROOTLESS_NINE, SEVENTH } from "./harmony.ts";

/** What a section asks of the players. */
export interface Section {
  readonly name: string;
  /** Roots of the chords, one a bar, in degrees of a scale of seven notes. */
  readonly roots: readonly number[];
  /** What is stacked on the roots. */
  readonly tones: readonly number[];
  /** Notes of the plucked figure in one bar of sixteen steps. */
  readonly density: number;
  /** Bars, counted in the section, from which on these play; 8 is never. */
  readonly bass: number;
  readonly drums: number;
  readonly shaker: number;
  readonly melody: number;
  /** Brightness of the pads at the first and at the last bar, in [0, 1]. */
  readonly brightness: readonly [first: number, last: number];
}

export const BARS_PER_SECTION = 8;

/**
 * Opening: four chords, two bars each, that circle round the tonic. Rise: the bass climbs by steps.
 * Crest: falling fifths from the fourth degree home to the tonic. Ebb: the sixth and seventh degrees
 * lean on the tonic, and the fifth at the end asks for the beginning.
 */
export const SECTIONS: readonly Section[] = [
  {
    name: "opening",
    roots: [0, 0, 5, 5, 2, 2, 6, 4],
    tones: ADD_NINE,
    density: 7,
    bass: 1,
    drums: 8,
    shaker: 4,
    melody: 8,
    brightness: [0.15, 0.4],
  },
  {
    name: "rise",
    roots: [3, 4, 5, 6, 0, 4, 5, 6],
    tones: SEVENTH,
    density: 9,
    bass: 0,
    drums: 4,
    shaker: 0,
    melody: 0,
    brightness: [0.35, 0.85],
  },
  {
    name: "crest",
    roots: [3, 6, 2, 5, 1, 4, 0, 0],
    tones: ROOTLESS_NINE,
    density: 11,
    bass: 0,
    drums: 0,
    shaker: 0,
    melody: 0,
    brightness: [0.9, 0.7],
  },
  {
    name: "ebb",
    roots: [5, 6, 0, 0, 5, 3, 1, 4],
    tones: ADD_NINE,
    density: 5,
    bass: 2,
    drums: 8,
    shaker: 8,
    melody: 4,
    brightness: [0.5, 0.1],
  },
];

/** Degrees by which the tonic moves in each round of the form: another mode of the same scale. */
const TONICS = [0, 3, 5, 2];

/** Where a bar stands in the form. */
export interface Place {
  readonly section: Section;
  /** Bar within its section. */
  readonly bar: number;
  /** How often the form has been played through before. */
  readonly round: number;
  readonly chord: Chord;
  /** The chord of the bar after this one. */
  readonly next: Chord;
  readonly brightness: number;
}

/** Finds a bar's place, for a scale of `size` notes. */
export function placeOf(index: number, size: number): Place {
  const section = sectionOf(index);
  const bar = index % BARS_PER_SECTION;
  const [first, last] = section.brightness;
  return {
    section,
    bar,
    round: Math.floor(index / (SECTIONS.length * BARS_PER_SECTION)),
    chord: chordOf(index, size),
    next: chordOf(index + 1, size),
    brightness: first + (last - first) * bar / (BARS_PER_SECTION - 1),
  };
}

function sectionOf(index: number): Section {
  return SECTIONS[Math.floor(index / BARS_PER_SECTION) % SECTIONS.length];
}

function chordOf(index: number, size: number): Chord {
  const { roots, tones } = sectionOf(index);
  const round = Math.floor(index / (SECTIONS.length * BARS_PER_SECTION));
  const degree = roots[index % BARS_PER_SECTION] + TONICS[round % TONICS.length];
  return { root: Math.round(degree * size / 7) % size, tones };
}
