/**
 * Indian scales: the 22 shruti and four North Indian ragas.
 *
 * All of it is theory. Bharata's Natyashastra counts 22 shruti by ear and gives no ratios; the
 * five-limit ratios are a reading of the last two centuries. A raga is far more than a scale, and
 * measured performances do not keep to such scales (S. Rao, W. van der Meer, "The Construction,
 * Reconstruction and Deconstruction of Shruti", in J. Bor et al., "Hindustani Music", New Delhi 2010,
 * pp. 673-696). Todi's second and third are commonly described as lower than here.
 *
 * @module
 */
import { Scale } from "../scale.ts";
import type { ScaleEntry } from "./entry.ts";

/** The 22 shruti above sa, each with its svara: small letters are low forms, as in r1. */
const SHRUTI: readonly [ratio: string, name: string][] = [
  ["256/243", "r1"],
  ["16/15", "r2"],
  ["10/9", "R1"],
  ["9/8", "R2"],
  ["32/27", "g1"],
  ["6/5", "g2"],
  ["5/4", "G1"],
  ["81/64", "G2"],
  ["4/3", "m1"],
  ["27/20", "m2"],
  ["45/32", "M1"],
  ["729/512", "M2"],
  ["3/2", "P"],
  ["128/81", "d1"],
  ["8/5", "d2"],
  ["5/3", "D1"],
  ["27/16", "D2"],
  ["16/9", "n1"],
  ["9/5", "n2"],
  ["15/8", "N1"],
  ["243/128", "N2"],
  ["2/1", "S"],
];

function raga(name: string, thaat: string, shruti: string): ScaleEntry {
  const names = shruti.split(" ");
  return {
    name,
    aliases: [`raga-${name}`],
    family: "indian",
    kind: "theory",
    about:
      `Raga ${name}: the degrees of the thaat ${thaat} on those shruti that are pure thirds, ` +
      `fourths and fifths of the drone: S ${shruti}`,
    source:
      "Degrees and just intonation as in M. J. Hewitt, Musical Scales of the World, 2013 (thaats " +
      "after V. N. Bhatkhande), in DaMuSc (J. M. McBride, S. Passmore, T. Tlusty, PLoS ONE 18(12), 2023)",
    scale: () =>
      new Scale(
        `Raga ${name}`,
        names.map((svara) => SHRUTI.find(([, name]) => name === svara)![0]),
        { names },
      ),
  };
}

/** Entries of the catalogue. */
export const INDIAN: readonly ScaleEntry[] = [
  {
    name: "22-shruti",
    aliases: ["shruti"],
    family: "indian",
    kind: "theory",
    about:
      "The 22 shruti as Pythagorean and five-limit ratios. Lists differ: the second sharp fourth " +
      "is 729/512 here and 64/45 elsewhere, 2 cents away",
    source: 'E. Wilson, "Bosanquet: A Bridge, A Doorway to Dialog", Xenharmonikon 2, 1974 (with ' +
      'the misprint 729/256 put right); the reading goes back to K. B. Deval, "The Hindu Musical ' +
      'Scale and the Twenty-Two Shrutees", Poona 1910, and E. Clements, "Introduction to the Study ' +
      'of Indian Music", London 1913',
    scale: () =>
      new Scale("22 shruti", SHRUTI.map(([ratio]) => ratio), {
        names: SHRUTI.map(([, name]) => name),
      }),
  },
  raga("yaman", "Kalyan", "R2 G1 M1 P D1 N1 S"),
  raga("bhairav", "Bhairav", "r2 G1 m1 P d2 N1 S"),
  raga("bhairavi", "Bhairavi", "r2 g2 m1 P d2 n2 S"),
  raga("todi", "Todi", "r2 g2 M1 P d2 N1 S"),
];
