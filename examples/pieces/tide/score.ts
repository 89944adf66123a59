/**
 * The score: bar after bar of notes in degrees and beats, without end.
 *
 * @module
 */
import { type Place, placeOf } from "./form.ts";
import { lead } from "./harmony.ts";
import { Random } from "./random.ts";
import { bassLine } from "./parts/bass.ts";
import { drums } from "./parts/drums.ts";
import { Melody } from "./parts/melody.ts";
import { plucks } from "./parts/plucks.ts";

/** Who plays a note. */
export type Player = "pad" | "bass" | "pluck" | "melody" | "kick" | "brush" | "hat" | "shaker";

/** One note. */
export interface Note {
  readonly player: Player;
  /** Beats from the start of its bar. */
  readonly beat: number;
  /** Length in beats. */
  readonly beats: number;
  /** Degree of the scale, 0 being the tonic; without meaning for drums. */
  readonly degree: number;
  /** In (0, 1]. */
  readonly velocity: number;
  /** Which of the player's voices; for pads. */
  readonly voice?: number;
}

/** One bar of four beats. */
export interface Bar {
  readonly index: number;
  readonly place: Place;
  readonly notes: readonly Note[];
}

/** What the parts compose from. */
export interface Context {
  /** Notes in one period of the scale. */
  readonly size: number;
  readonly place: Place;
  readonly random: Random;
}

export const BEATS_PER_BAR = 4;

/** All bars of the piece, one after another. */
export function* score(seed: number, size: number): Generator<Bar, never> {
  // Each player has a random stream of its own: a change in one part leaves the others alone.
  const [forPlucks, forBass, forDrums, forMelody] = [1, 2, 3, 4].map((k) =>
    new Random(Math.imul(seed, 0x632be5ab) + k)
  );
  const melody = new Melody();
  let voices = [0, 2, 4, size + 1];
  for (let index = 0;; index++) {
    const place = placeOf(index, size);
    const held = index > 0 && samePlace(place, placeOf(index - 1, size));
    if (!held) voices = lead(voices, place.chord, size, -2, 2 * size - 1);
    yield {
      index,
      place,
      notes: [
        ...(held ? [] : pads(place, placeOf(index + 1, size), voices)),
        ...bassLine({ size, place, random: forBass }),
        ...plucks({ size, place, random: forPlucks }, index),
        ...melody.bar({ size, place, random: forMelody }),
        ...drums({ size, place, random: forDrums }),
      ],
    };
  }
}

/** A chord that stays for two bars is struck once. */
function samePlace(a: Place, b: Place): boolean {
  return a.section === b.section && a.chord.root === b.chord.root;
}

function pads(place: Place, after: Place, voices: readonly number[]): Note[] {
  const bars = samePlace(place, after) ? 2 : 1;
  return voices.map((degree, voice) => ({
    player: "pad",
    beat: 0,
    beats: bars * BEATS_PER_BAR - 0.1,
    degree,
    velocity: 0.55 + 0.3 * place.brightness,
    voice,
  }));
}
