/**
 * The plucked figure: a rhythm spread evenly over sixteen steps, walking through the chord.
 *
 * @module
 */
import { tonesBetween } from "../harmony.ts";
import type { Context, Note } from "../score.ts";

const STEPS = 16;

/**
 * `count` strokes spread over `steps` as evenly as whole steps allow, the first on `rotation`
 * (G. Toussaint, "The Euclidean algorithm generates traditional musical rhythms", BRIDGES 2005;
 * by rounding down, as a line is drawn in pixels).
 */
export function euclid(count: number, steps: number, rotation = 0): boolean[] {
  const strokes = Array.from({ length: steps }, (_, k) => (k * count) % steps < count);
  return strokes.map((_, k) => strokes[(k - rotation + steps) % steps]);
}

/** The figure of one bar; it walks up for two bars and down for two. */
export function plucks({ size, place, random }: Context, index: number): Note[] {
  const { section, bar, chord, brightness } = place;
  const last = bar === 7;
  const tones = tonesBetween(chord, size, size - 2, 3 * size);
  const strokes = euclid(section.density + (last ? 2 : 0), STEPS, (index & 3) === 3 ? 2 : 0);
  const rising = (index & 2) === 0;
  const stride = random.chance(0.25) ? 2 : 1;
  const notes: Note[] = [];
  let at = rising ? Math.floor(random.next() * 3) : tones.length - 2;
  let direction = rising ? 1 : -1;
  strokes.forEach((stroke, step) => {
    if (!stroke) return;
    const swell = 0.5 - 0.5 * Math.cos(2 * Math.PI * (index * STEPS + step) / (4 * STEPS));
    const accent = step % 6 === 0 ? 0.25 : 0;
    notes.push({
      player: "pluck",
      beat: swing(step) + random.between(-0.006, 0.012),
      beats: 0.22,
      degree: tones[at],
      velocity: Math.min(1, 0.35 + accent + 0.2 * swell + 0.2 * brightness),
    });
    if (at + direction * stride < 0 || at + direction * stride >= tones.length) direction *= -1;
    at += direction * (random.chance(0.15) ? 0 : stride);
    at = Math.min(tones.length - 1, Math.max(0, at));
  });
  return notes.map((note) => ({ ...note, beat: Math.max(0, note.beat) }));
}

/** Beat of a sixteenth: every other one comes a little late. */
export function swing(step: number): number {
  return step / 4 + (step % 2 ? 0.025 : 0);
}
