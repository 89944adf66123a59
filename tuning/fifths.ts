/**
 * Scales made of one chain of fifths: Pythagorean and meantone.
 *
 * Source: J. M. Barbour, "Tuning and Temperament", Michigan State College Press 1951.
 *
 * @module
 */
import { type Interval, OCTAVE, ratioOf, steps } from "./interval.ts";
import { floorLog2, multiplyRatios, powerOfRatio, type Ratio, ratio } from "./ratio.ts";
import { Scale } from "./scale.ts";

/**
 * Which part of a chain of fifths a scale takes.
 *
 * @example Seventeen notes from G flat to A sharp
 * ```ts
 * import { type FifthsOptions, pythagorean } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const chain: FifthsOptions = { notes: 17, down: 6 };
 * assertEquals(pythagorean(chain).size, 17);
 * ```
 */
export interface FifthsOptions {
  /** Notes of the chain, in [1, 64]. Default 12. */
  readonly notes?: number;
  /** How many of them lie below the tonic in the chain. Default 3: from E flat to G sharp on C. */
  readonly down?: number;
}

/**
 * Pythagorean tuning: a chain of pure fifths 3/2.
 *
 * @throws {RangeError} If the options are out of range.
 *
 * @example
 * ```ts
 * import { formatInterval, pythagorean } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const scale = pythagorean({ notes: 7, down: 1 });
 * assertEquals(scale.intervals.map(formatInterval).join(" "), "9/8 81/64 4/3 3/2 27/16 243/128 2/1");
 * assertEquals(scale.names.join(" "), "D E F G A B C");
 * ```
 */
export function pythagorean(options: FifthsOptions = {}): Scale {
  return chainOfFifths("Pythagorean", ratio(3, 2), 1, options);
}

/**
 * Meantone: fifths narrowed by a fraction of the syntonic comma 81/80. With 1/4 the major thirds are
 * pure, with 1/3 the minor thirds; 1/6 is Silbermann's; 0/1 is Pythagorean. The degrees are exact roots of ratios: the quarter-comma fifth is `1\4<5/1>`.
 *
 * @param fraction Of the comma, in [0, 1] with a denominator of at most 64.
 * @throws {RangeError} If the fraction or the options are out of range.
 *
 * @example
 * ```ts
 * import { meantone } from "@aether/dsp/tuning";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(meantone("1/4").ratio(4), 5 / 4, 1e-12); // C to E
 * assertAlmostEquals(meantone("1/3").ratio(9), 5 / 3, 1e-12); // C to A
 * assertAlmostEquals(meantone("1/4").cents(7), 696.578428, 1e-6);
 * ```
 */
export function meantone(fraction: string, options: FifthsOptions = {}): Scale {
  const [, p, q] = /^\s*(\d{1,3})\s*\/\s*(\d{1,3})\s*$/.exec(fraction) ?? [];
  const part = Number(p);
  const root = Number(q);
  if (!(part <= root && root >= 1 && root <= 64)) {
    throw new RangeError(
      `Cannot temper fifths: fraction of the comma must be in [0, 1] with a denominator in ` +
        `[1, 64], such as "1/4", current value is "${fraction}"`,
    );
  }
  // (3/2 * (80/81)^(part/root))^root, so that the fifth is the root of a ratio.
  const power = multiplyRatios(
    powerOfRatio(ratio(3, 2), root),
    powerOfRatio(ratio(80, 81), part),
  );
  return chainOfFifths(`${part}/${root}-comma meantone`, power, root, options);
}

/** A chain of fifths, each of them the `root`-th root of `power`, within one octave. */
function chainOfFifths(
  name: string,
  power: Ratio,
  root: number,
  { notes = 12, down = 3 }: FifthsOptions,
): Scale {
  check("notes", notes, 1, 64);
  check("notes below the tonic", down, 0, notes - 1);
  const places = Array.from({ length: notes }, (_, i) => i - down).filter((place) => place !== 0);
  const degrees = places
    .map((place) => ({ name: noteName(place), interval: inOctave(power, root, place) }))
    .sort((a, b) => ratioOf(a.interval) - ratioOf(b.interval));
  degrees.push({ name: "C", interval: OCTAVE });
  return new Scale(
    `${name}, ${notes} notes from ${noteName(-down)} to ${noteName(notes - 1 - down)}`,
    degrees.map((degree) => degree.interval),
    { names: degrees.map((degree) => degree.name) },
  );
}

/** So many fifths up, brought into the octave above the tonic, exactly. */
function inOctave(power: Ratio, root: number, fifths: number): Interval {
  const up = powerOfRatio(power, fifths);
  const octaves = Math.floor(floorLog2(up) / root);
  const within = multiplyRatios(up, powerOfRatio(OCTAVE, -octaves * root));
  return root === 1 ? within : steps(1, root, within);
}

/** The note's name on C: F, C, G, D, A, E, B, then the same with sharps; downwards with flats. */
function noteName(fifths: number): string {
  const turns = Math.floor((fifths + 1) / 7);
  return "FCGDAEB"[fifths + 1 - turns * 7] + (turns < 0 ? "b" : "#").repeat(Math.abs(turns));
}

function check(what: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(
    `Cannot chain fifths: ${what} must be a whole number in [${min}, ${max}], ` +
      `current value is ${value}`,
  );
}
