/**
 * Arabic maqamat.
 *
 * Three kinds of table. The plain names are the modern theory, in which the octave has 24 equal
 * quarter tones: the half-flat third of Rast is 350 cents. The `-farabi` table is the lute of
 * al-Farabi with the fret of Zalzal, 27/22 or 354.5 cents. The `-egypt-1937` tables are three qanuns
 * measured in Cairo, with an error of 0.1 % (1.7 cents).
 *
 * No table is how a maqam is sung. Marcus describes how the same written half-flat is played higher
 * or lower from maqam to maqam; the third of Rast is near 350 to 356 cents in Egypt and higher in
 * Syria and Turkey. Many maqamat also change degrees on the way down; that is noted.
 *
 * @module
 */
import type { Interval } from "../interval.ts";
import { ratio } from "../ratio.ts";
import { Scale } from "../scale.ts";
import type { ScaleEntry } from "./entry.ts";

const SHAWWA =
  "S. al-Shawwa, al-Qawa'id al-Fanniya fi al-Musiqa al-Sharqiya wa al-Gharbiya, 1946, p. ";
const THEORY = ", on the 24 steps (degrees as in DiArMaqAr, Music Intelligence Lab). Practice: " +
  'S. Marcus, "The Interface between Theory and Practice: Intonation in Arab Music", ' +
  "Asian Music 24(2), 1993, pp. 39-58";

function quarterTones(
  name: string,
  page: number,
  quarters: readonly number[],
  about: string,
  aliases: readonly string[] = [],
): ScaleEntry {
  return {
    name,
    aliases,
    family: "arabic",
    kind: "theory",
    about: `Maqam ${about}; modern theory in quarter tones`,
    source: SHAWWA + page + THEORY,
    scale: () =>
      new Scale(`Maqam ${name}, 24 equal quarter tones`, [
        ...quarters.map((quarter) => `${quarter}\\24`),
        "2/1",
      ]),
  };
}

/**
 * The fourteen notes that the qanuns were found to have, as thousandths of the first, and the degrees
 * of a mode as numbers in that list, from its tonic.
 */
const QANUN = [1000, 1057, 1123, 1200, 1228, 1274, 1330, 1417, 1498, 1590, 1685, 1779, 1831, 1880];

function qanun(name: string, notes: readonly number[]): ScaleEntry {
  const tonic = QANUN[notes[0] - 1];
  const above = (note: number): Interval =>
    note > QANUN.length ? ratio(2000, tonic) : ratio(QANUN[note - 1], tonic);
  return {
    name: `${name}-egypt-1937`,
    family: "arabic",
    kind: "measurement",
    about:
      `Maqam ${name} as three tuners of the Royal Institute in Cairo set their qanuns, averaged; ` +
      `measured to 0.1 %. The paper numbers its four modes; the name is ours, from the intervals`,
    source: 'M. Mokhtar, A. M. Mosharrafa, "Modes in Modern Egyptian Music", Nature 140, 1937, ' +
      "pp. 548-549; ratios as in DiArMaqAr, checked against the cents in DaMuSc, scale M0426",
    scale: () =>
      new Scale(`Maqam ${name}, qanuns measured in Cairo 1937`, [
        ...notes.slice(1).map(above),
        ratio(2, 1),
      ]),
  };
}

/** Entries of the catalogue. */
export const ARABIC: readonly ScaleEntry[] = [
  quarterTones(
    "rast",
    42,
    [4, 7, 10, 14, 18, 21],
    "rast on C: C D E half-flat F G A B half-flat; B flat on the way down",
  ),
  quarterTones(
    "bayati",
    59,
    [3, 6, 10, 14, 16, 20],
    "bayati on D: D E half-flat F G A Bb C",
    ["bayyati"],
  ),
  quarterTones(
    "hijaz",
    65,
    [2, 8, 10, 14, 17, 20],
    "hijaz on D: D Eb F# G A B half-flat C; B flat on the way down",
  ),
  quarterTones(
    "saba",
    69,
    [3, 6, 8, 14, 16, 20],
    "saba on D: D E half-flat F Gb A Bb C; above the octave it goes on with D flat",
  ),
  quarterTones(
    "nahawand",
    49,
    [4, 6, 10, 14, 16, 22],
    "nahawand on C: C D Eb F G Ab B; B flat on the way down",
  ),
  quarterTones("kurd", 77, [2, 6, 10, 14, 16, 20], "kurd on D: D Eb F G A Bb C", ["kurdi"]),
  quarterTones("ajam", 30, [4, 8, 10, 14, 18, 22], "ajam (ajam ushayran) on B flat: a major scale"),
  quarterTones(
    "sikah",
    84,
    [3, 7, 11, 14, 17, 21],
    "sikah on E half-flat: F G A B half-flat C D; B flat on the way down",
    ["segah"],
  ),
  {
    name: "rast-farabi",
    family: "arabic",
    kind: "theory",
    about:
      "Maqam rast on the lute of al-Farabi (about 950): the tetrachord of open string, index " +
      "finger 9/8, middle finger of Zalzal 27/22 and little finger 4/3, and the same a fifth higher. " +
      "The frets are his; that rast is set on them so is modern",
    source: 'H. G. Farmer, "The Lute Scale of Avicenna", J. Royal Asiatic Society 1937, p. 249; ' +
      "R. d'Erlanger, La musique arabe I, Paris 1930, pp. 165-185",
    scale: () =>
      new Scale("Maqam rast, frets of al-Farabi", [
        "9/8",
        "27/22",
        "4/3",
        "3/2",
        "27/16",
        "81/44",
        "2/1",
      ]),
  },
  qanun("rast", [1, 3, 5, 7, 9, 11, 13]),
  qanun("hijaz", [3, 4, 8, 9, 11, 13, 15]),
  qanun("saba", [3, 5, 7, 8, 11, 12, 15]),
  qanun("nahawand", [1, 3, 4, 7, 9, 10, 14]),
];
