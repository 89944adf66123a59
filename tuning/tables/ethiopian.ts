/**
 * Ethiopian kiñit (qəñət): the four pentatonic modes of the Amhara highlands.
 *
 * Two kinds of table. The plain names are measurements by Kimberlin, from recordings of masinqo,
 * krar and bagana; her mean intervals, given to 5 cents, add up to 1190 or 1195 cents, and the octave
 * is closed here at 2/1. The `-major` and `-minor` forms are what is taught and played on tempered
 * instruments, and are exact steps of twelve; she measured no such forms.
 *
 * Practice varies with region, player and instrument: krar and masinqo are tuned by ear, and thirds
 * and sixths lie anywhere between minor and major. Weisser and Falceto doubt that the closed system
 * of four modes is older than the twentieth century.
 *
 * @module
 */
import { Scale } from "../scale.ts";
import type { ScaleEntry } from "./entry.ts";

const KIMBERLIN =
  'C. M. L. Kimberlin, "Masinqo and the Nature of Qañat", PhD thesis, UCLA 1976; numbers ' +
  "as in DaMuSc (J. M. McBride, S. Passmore, T. Tlusty, PLoS ONE 18(12), 2023), scale ";
const TAUGHT = "Forms as in the teaching sheet Ethiopian Music Scales (Kignit) and on " +
  "musicofethiopia.wordpress.com, Ethiopian Kignit (Scales), 2015. See also Ezra Abate, " +
  '"Ethiopian Kiñit (scales)", Proc. 16th Int. Conf. of Ethiopian Studies, Trondheim 2009; ' +
  'S. Weisser, F. Falceto, "Investigating qəñət in Amhara secular music", ' +
  "Annales d'Éthiopie 28, 2013, pp. 299-322";

function measured(
  name: string,
  id: string,
  cents: readonly number[],
  about: string,
  aliases: readonly string[] = [],
): ScaleEntry {
  return {
    name,
    aliases: [...aliases, `${name}-kimberlin`],
    family: "ethiopian",
    kind: "measurement",
    about: `${about}; mean of recordings to 5 cents, octave closed at 2/1`,
    source: KIMBERLIN + id,
    scale: () =>
      new Scale(`Ethiopian ${name}, measured by Kimberlin 1976`, [
        ...cents.map((c) => c.toFixed(1)),
        "2/1",
      ]),
  };
}

function taught(
  name: string,
  notes: string,
  degrees: readonly number[],
  about: string,
  aliases: readonly string[] = [],
): ScaleEntry {
  return {
    name,
    aliases,
    family: "ethiopian",
    kind: "theory",
    about:
      `${about}; on C: ${notes}; tempered, as taught, not as the traditional instruments sound`,
    source: TAUGHT,
    scale: () =>
      new Scale(`Ethiopian ${name}`, [...degrees.map((step) => `${step}\\12`), "2/1"], {
        names: [...notes.split(" ").slice(1), "C"],
      }),
  };
}

/** Entries of the catalogue. */
export const ETHIOPIAN: readonly ScaleEntry[] = [
  measured(
    "tizita",
    "M0155",
    [210, 385, 725, 865],
    "The mode of longing; its sixth lies between minor and major",
    ["tezeta"],
  ),
  taught("tizita-major", "C D E G A", [2, 4, 7, 9], "Tizita in its major form"),
  taught("tizita-minor", "C D Eb G Ab", [2, 3, 7, 8], "Tizita in its minor form, half tizita", [
    "half-tizita",
  ]),
  measured(
    "bati",
    "M0156",
    [325, 535, 710, 1050],
    "Its third and seventh lie between minor and major",
    ["batti"],
  ),
  taught("bati-major", "C E F G B", [4, 5, 7, 11], "Bati in its major form"),
  taught("bati-minor", "C Eb F G Bb", [3, 5, 7, 10], "Bati in its minor form"),
  measured("ambassel", "M0158", [120, 465, 700, 835], "Its fourth is low", [
    "ambasel",
  ]),
  taught(
    "ambassel-minor",
    "C Db F G Ab",
    [1, 5, 7, 8],
    "Ambassel as it is usually notated: tizita minor from its fourth note",
  ),
  taught(
    "ambassel-major",
    "C D F G A",
    [2, 5, 7, 9],
    "The form without semitones, called the second ambassel; less usual",
  ),
  measured(
    "anchihoye",
    "M0157",
    [135, 495, 615, 960],
    "Has no perfect fifth; its fifth note lies between the two notated forms",
    ["anchi-hoye"],
  ),
  taught(
    "anchihoye-major",
    "C Db F Gb Bb",
    [1, 5, 6, 10],
    "Anchihoye with the higher fifth note; the name major is ours",
  ),
  taught(
    "anchihoye-minor",
    "C Db F Gb A",
    [1, 5, 6, 9],
    "Anchihoye with the lower fifth note; the name minor is ours",
  ),
];
