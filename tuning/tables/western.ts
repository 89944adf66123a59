/** Scales made by rules of European and later theory: just, Pythagorean, meantone, Bohlen-Pierce. @module */
import { equalDivision, harmonicSegment } from "../divisions.ts";
import { meantone, pythagorean } from "../fifths.ts";
import { Scale } from "../scale.ts";
import type { ScaleEntry } from "./entry.ts";

const BARBOUR = "J. M. Barbour, Tuning and Temperament, Michigan State College Press 1951";
const BOHLEN =
  'H. Bohlen, "13 Tonstufen in der Duodezime", Acustica 39, 1978, pp. 76-86; M. V. Mathews, ' +
  'J. R. Pierce, A. Reeves, L. A. Roberts, "Theoretical and experimental explorations of the ' +
  'Bohlen-Pierce scale", J. Acoust. Soc. Am. 84, 1988, pp. 1214-1222';

function rule(
  name: string,
  family: ScaleEntry["family"],
  about: string,
  source: string,
  scale: () => Scale,
  aliases: readonly string[] = [],
): ScaleEntry {
  return { name, aliases, family, kind: "rule", about, source, scale };
}

function just(description: string, ratios: string): () => Scale {
  return () => new Scale(description, ratios.split(" "));
}

/** Entries of the catalogue. */
export const WESTERN: readonly ScaleEntry[] = [
  rule("pythagorean", "western", "Pure fifths from E flat to G sharp", BARBOUR, pythagorean),
  rule(
    "quarter-comma-meantone",
    "western",
    "Fifths narrowed by a quarter of the syntonic comma: pure major thirds, from E flat to G sharp",
    `${BARBOUR} (P. Aaron 1523)`,
    () => meantone("1/4"),
    ["meantone"],
  ),
  rule(
    "third-comma-meantone",
    "western",
    "Fifths narrowed by a third of the comma: pure minor thirds, close to 19 equal divisions",
    `${BARBOUR} (F. de Salinas 1577)`,
    () => meantone("1/3"),
  ),
  rule(
    "sixth-comma-meantone",
    "western",
    "Fifths narrowed by a sixth of the comma: a compromise between pure thirds and fifths",
    `${BARBOUR} (G. Silbermann)`,
    () => meantone("1/6"),
  ),
  rule(
    "just-5-limit",
    "just",
    "Twelve notes of pure fifths and major thirds",
    "The twelve five-limit ratios as in M. J. Hewitt, Musical Scales of the World, 2013, by way of DaMuSc",
    just("Just intonation, 5-limit", "16/15 9/8 6/5 5/4 4/3 45/32 3/2 8/5 5/3 9/5 15/8 2/1"),
    ["just"],
  ),
  rule(
    "just-7-limit",
    "just",
    "Twelve notes with pure sevenths: Kraig Grady's Centaur",
    'K. Grady, "CENTAUR: A 7-Limit 12 Tone Tuning", Xenharmonikon 16, 1995, p. 93',
    just(
      "Just intonation, 7-limit (Centaur)",
      "21/20 9/8 7/6 5/4 4/3 7/5 3/2 14/9 5/3 7/4 15/8 2/1",
    ),
    ["centaur"],
  ),
  rule(
    "harmonics-8-16",
    "just",
    "The octave of the harmonic series from the eighth harmonic",
    "Computed: harmonic n / 8",
    () => harmonicSegment(8, 16),
    ["overtone"],
  ),
  rule(
    "bohlen-pierce",
    "bohlen-pierce",
    "Thirteen equal steps to the twelfth 3/1, without octaves",
    BOHLEN,
    () => equalDivision(13, "3/1"),
    ["bp"],
  ),
  rule(
    "bohlen-pierce-just",
    "bohlen-pierce",
    "The Bohlen-Pierce scale in ratios of 3, 5 and 7",
    BOHLEN,
    just(
      "Bohlen-Pierce, just",
      "27/25 25/21 9/7 7/5 75/49 5/3 9/5 49/25 15/7 7/3 63/25 25/9 3/1",
    ),
    ["bp-just"],
  ),
];
