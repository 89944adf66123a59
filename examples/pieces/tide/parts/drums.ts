/**
 * Drums: a soft kick, brushes on two and four, hats and a shaker; a fill before each new section.
 *
 * @module
 */
import type { Context, Note, Player } from "../score.ts";
import { swing } from "./plucks.ts";

/** The drums of one bar. */
export function drums({ place, random }: Context): Note[] {
  const { section, bar } = place;
  const notes: Note[] = [];
  const hit = (player: Player, beat: number, velocity: number) =>
    notes.push({ player, beat, beats: 0.1, degree: 0, velocity });

  if (bar >= section.shaker) {
    for (let step = 0; step < 16; step++) {
      const accent = step % 4 === 2 ? 0.35 : step % 2 ? 0.1 : 0.2;
      hit("shaker", swing(step), accent + random.between(0, 0.12));
    }
  }
  if (bar < section.drums) return notes;

  const full = section.name === "crest";
  hit("kick", 0, 0.9);
  hit("kick", full && bar % 2 ? 1.75 : 2, 0.75);
  if (full && bar % 4 === 3) hit("kick", 3.5, 0.6);
  for (const beat of [1, 3]) hit("brush", beat, full ? 0.8 : 0.55);
  if (full && random.chance(0.6)) hit("brush", 2.75, 0.25);
  for (let step = 2; step < 16; step += 4) hit("hat", swing(step), 0.6);
  for (let step = 0; step < 16; step += 2) {
    if (full && random.chance(0.5)) hit("hat", swing(step), 0.25);
  }
  if (bar === 7) {
    for (let step = 10; step < 16; step++) hit("brush", step / 4, 0.2 + 0.1 * (step - 10));
  }
  return notes;
}
