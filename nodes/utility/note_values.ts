// This module is real-time safe.
/**
 * Time in beats of a tempo.
 *
 * @module
 */
import type { NumberParamSpec } from "../../core/kernel/definition.ts";

/** A note value as a part of a whole note; with "." half as long again, with "T" a triplet's note. */
export type Note = `${number}/${number}${"" | "." | "T"}`;

/**
 * Beats of a note value, a beat being a quarter note: what `delay`, `pingPong`, `lfo` and `tremolo` take
 * as `beats`.
 *
 * ```ts
 * import { noteBeats } from "@aether/dsp/nodes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(noteBeats("1/4"), 1);
 * assertEquals(noteBeats("1/8."), 0.75);
 * assertEquals(noteBeats("1/8T"), 1 / 3);
 * ```
 *
 * @throws {RangeError} If it is no note value.
 * @thread control
 */
export function noteBeats(note: Note): number {
  const parts = /^(\d+)\/(\d+)([.T]?)$/.exec(note);
  if (!parts || !(Number(parts[1]) > 0 && Number(parts[2]) > 0)) {
    throw new RangeError(
      `Cannot read a note value: it must be like "1/4", "1/8." or "1/16T", current value is "${note}"`,
    );
  }
  const plain = 4 * Number(parts[1]) / Number(parts[2]);
  return parts[3] === "." ? plain * 1.5 : parts[3] === "T" ? plain * 2 / 3 : plain;
}

/** The tempo that beats are counted in. */
export const TEMPO: NumberParamSpec = {
  unit: "1/min",
  min: 20,
  max: 999,
  default: 120,
  curve: "log",
  smooth: 0.05,
  about: "Tempo, for beats.",
};

/** The length of a cycle in beats. */
export const CYCLE_BEATS: NumberParamSpec = {
  unit: "beats",
  min: 0,
  max: 64,
  default: 0,
  smooth: 0,
  about: "Length of a cycle at bpm; at 0 it is free.",
};
