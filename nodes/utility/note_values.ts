// This module is real-time safe.
/**
 * Time in note values.
 *
 * @module
 */
import type { ChoiceParamSpec, NumberParamSpec } from "../../core/kernel/definition.ts";

/** A note value: of a whole note, dotted (half as long again) or a triplet (two thirds as long); "free" is none. */
export type Note =
  | "free"
  | "4/1"
  | "2/1"
  | "1/1"
  | "1/2."
  | "1/2"
  | "1/2T"
  | "1/4."
  | "1/4"
  | "1/4T"
  | "1/8."
  | "1/8"
  | "1/8T"
  | "1/16."
  | "1/16"
  | "1/16T"
  | "1/32";

const NOTES: readonly Note[] = [
  "free",
  "4/1",
  "2/1",
  "1/1",
  "1/2.",
  "1/2",
  "1/2T",
  "1/4.",
  "1/4",
  "1/4T",
  "1/8.",
  "1/8",
  "1/8T",
  "1/16.",
  "1/16",
  "1/16T",
  "1/32",
];

/** Beats of a note value. @thread control */
function beatsOf(note: Note): number {
  if (note === "free") return 1;
  const [whole, part] = note.split("/").map((text) => Number.parseInt(text));
  return 4 * whole / part * (note.endsWith(".") ? 1.5 : note.endsWith("T") ? 2 / 3 : 1);
}

/** Beats of each note value, a beat being a quarter note; 1 for "free". */
export const BEATS: readonly number[] = NOTES.map(beatsOf);

/** The parameter that chooses a note value. @param about What it sets, and what "free" means. @thread control */
export function noteParam(about: string): ChoiceParamSpec<Note> {
  return { values: NOTES, default: "free", about };
}

/** The tempo that note values count in. */
export const TEMPO: NumberParamSpec = {
  unit: "1/min",
  min: 20,
  max: 999,
  default: 120,
  curve: "log",
  smooth: 0.05,
  about: "Tempo, for note.",
};
