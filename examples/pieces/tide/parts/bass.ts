/**
 * The bass: long roots when it is quiet, a line with a step into the next chord when it moves.
 *
 * @module
 */
import { nearest } from "../harmony.ts";
import type { Context, Note } from "../score.ts";

/** The bass of one bar. */
export function bassLine({ size, place, random }: Context): Note[] {
  const { section, bar, chord, next } = place;
  if (bar < section.bass) return [];
  // Roots lie between a fourth below and a fifth above the tonic of the low octave.
  const low = -size - Math.round(size * 0.4);
  const high = -size + Math.round(size * 0.4);
  const root = nearest(chord.root, -size, size, low, high);
  const note = (beat: number, beats: number, degree: number, velocity: number): Note => ({
    player: "bass",
    beat,
    beats,
    degree,
    velocity,
  });
  if (section.name === "opening" || section.name === "ebb") return [note(0, 3.6, root, 0.6)];

  const goal = nearest(next.root, root, size, low, high);
  const fifth = root + chord.tones[2] - chord.tones[0];
  const line = [note(0, 1.4, root, 0.85), note(1.5, 0.45, root, 0.6)];
  if (section.name === "rise") return [...line, note(2.5, 1.2, fifth, 0.65)];
  line.push(note(2, 0.4, root, 0.7), note(2.5, 0.4, root + size, 0.6));
  if (random.chance(0.7)) line.push(note(3, 0.45, fifth, 0.65));
  if (goal !== root) line.push(note(3.5, 0.45, goal > root ? goal - 1 : goal + 1, 0.7));
  return line;
}
