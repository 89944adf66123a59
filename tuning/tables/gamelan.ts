/**
 * Javanese gamelan: slendro and pelog.
 *
 * All of it is measured, on saron demung or gender barung. No two gamelans are tuned alike, and none
 * is meant to be: the tuning is part of an ensemble's name. The octave is wider than 2/1, as on most
 * of the instruments, so these scales repeat at 1214 to 1223 cents. The means are useful as a
 * middle, but no gamelan has them.
 *
 * @module
 */
import { Scale } from "../scale.ts";
import type { ScaleEntry } from "./entry.ts";

const SOURCE = "W. Surjodiningrat, P. J. Sudarjana, A. Susanto, Tone Measurements of Outstanding " +
  "Javanese Gamelans in Jogjakarta and Surakarta, Gadjah Mada University Press, Yogyakarta 1972; " +
  "numbers as in DaMuSc (J. M. McBride, S. Passmore, T. Tlusty, PLoS ONE 18(12), 2023), ";

function gamelan(name: string, about: string, where: string, cents: readonly number[]): ScaleEntry {
  return {
    name,
    family: "gamelan",
    kind: "measurement",
    about,
    source: SOURCE + where,
    scale: () =>
      new Scale(about.split(";")[0], cents.map((c) => Number.isInteger(c) ? `${c}.0` : `${c}`)),
  };
}

/** Entries of the catalogue. */
export const GAMELAN: readonly ScaleEntry[] = [
  gamelan(
    "slendro",
    "Slendro of the gamelan Kanyutmesem; five nearly equal steps of 236 to 253 cents",
    "scale M0368",
    [251, 489, 730, 966, 1219],
  ),
  gamelan(
    "slendro-mean",
    "Slendro, mean of 28 gamelans; single steps lie between 214 and 275 cents",
    "scales M0364 to M0391, averaged here and rounded to 0.01 cents",
    [233.43, 474.29, 718.57, 961.18, 1213.89],
  ),
  gamelan(
    "pelog",
    "Pelog of the gamelan Kanyutmesem; seven unequal steps of 114 to 272 cents",
    "scale M0344",
    [141, 281, 553, 692, 806, 978, 1223],
  ),
  gamelan(
    "pelog-mean",
    "Pelog, mean of 23 gamelans; single steps lie between 77 and 339 cents",
    "scales M0341 to M0363, averaged here and rounded to 0.01 cents",
    [119.48, 255.78, 547.09, 672.17, 781.78, 946.87, 1215.04],
  ),
];
