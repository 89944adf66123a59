/** A scale: the pitches of one period, exact, without any frequency. @module */
import { centsOf, type Interval, ratioOf } from "./interval.ts";
import { invert, repeat, stack } from "./interval_math.ts";
import { interval } from "./interval_text.ts";
import { ratio } from "./ratio.ts";

/**
 * What a scale may say beside its pitches.
 *
 * @example
 * ```ts
 * import { Scale, type ScaleNotes } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const notes: ScaleNotes = { names: ["ga", "pa", "sa"], comments: ["a triad"] };
 * assertEquals(new Scale("Triad", ["5/4", "3/2", "2/1"], notes).names[0], "ga");
 * ```
 */
export interface ScaleNotes {
  /** A name for each interval, "" where there is none. One line each. */
  readonly names?: readonly string[];
  /** Lines of comment, such as the source. */
  readonly comments?: readonly string[];
}

/**
 * The pitches of one period above degree 0, in any order. Degree 0 is the tonic and is not in the
 * list; the last interval is the period, at which the scale repeats: an octave or anything else,
 * also downwards. Intervals stay as they were written; frequencies come last, in a `Tuning`.
 *
 * @example A just major scale
 * ```ts
 * import { Scale } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const major = new Scale("Major", ["9/8", "5/4", "4/3", "3/2", "5/3", "15/8", "2/1"]);
 * assertEquals(major.size, 7);
 * assertEquals(major.ratio(2), 1.25);
 * assertEquals(major.ratio(9), 2.5); // the third, a period higher
 * ```
 */
export class Scale {
  /** One line, may be empty. */
  readonly description: string;
  /** The intervals of degrees 1 to `size` above degree 0; the last is the period. */
  readonly intervals: readonly Interval[];
  /** Their names, "" where there is none. */
  readonly names: readonly string[];
  /** Lines of comment, such as the source. */
  readonly comments: readonly string[];

  /**
   * Makes a scale.
   *
   * @param intervals Degrees 1 to n; texts are read by `interval`.
   * @throws {SyntaxError} If a text is not an interval.
   * @throws {RangeError} If there are more names than intervals, or a text has several lines.
   */
  constructor(
    description: string,
    intervals: readonly (Interval | string)[],
    { names = [], comments = [] }: ScaleNotes = {},
  ) {
    if (names.length > intervals.length) {
      throw new RangeError(
        `Cannot name the degrees of a scale: there may be at most ${intervals.length} names, ` +
          `current number is ${names.length}`,
      );
    }
    this.description = oneLine(description).trim();
    this.intervals = intervals.map((i) => typeof i === "string" ? interval(i) : i);
    this.names = intervals.map((_, i) => oneLine(names[i] ?? "").trim());
    this.comments = comments.map((line) => oneLine(line).trimEnd());
  }

  /** Degrees in one period. A scale without any cannot be tuned. */
  get size(): number {
    return this.intervals.length;
  }

  /** The interval at which the scale repeats; 1/1 for a scale of size 0. */
  get period(): Interval {
    return this.intervals.at(-1) ?? UNISON;
  }

  /**
   * The interval of any degree above degree 0, also of degrees below it or beyond the period.
   *
   * @throws {RangeError} If `degree` is not a whole number.
   */
  interval(degree: number): Interval {
    const [periods, index] = this.#place(degree);
    if (periods === 0) return index === 0 ? UNISON : this.intervals[index - 1];
    const whole = repeat(this.period, periods);
    return index === 0 ? whole : stack(whole, this.intervals[index - 1]);
  }

  /** The size in cents of any degree above degree 0. */
  cents(degree: number): number {
    const [periods, index] = this.#place(degree);
    return centsOf(this.period) * periods + (index === 0 ? 0 : centsOf(this.intervals[index - 1]));
  }

  /** The frequency of any degree as a multiple of degree 0's. */
  ratio(degree: number): number {
    const [periods, index] = this.#place(degree);
    return ratioOf(this.period) ** periods * (index === 0 ? 1 : ratioOf(this.intervals[index - 1]));
  }

  #place(degree: number): [periods: number, index: number] {
    if (!Number.isSafeInteger(degree)) {
      throw new RangeError(
        `Cannot find a degree of the scale: it must be a whole number, current value is ${degree}`,
      );
    }
    if (this.size === 0) return [0, 0];
    const periods = Math.floor(degree / this.size);
    return [periods, degree - periods * this.size];
  }
}

const UNISON = ratio(1, 1);

function oneLine(text: string): string {
  if (/[\r\n]/.test(text)) {
    throw new RangeError(
      `Cannot use a text in a scale: it must be one line, current value is ${JSON.stringify(text)}`,
    );
  }
  return text;
}

/**
 * The mode of a scale that starts on one of its degrees: the same pitches from another tonic.
 *
 * @param degree Any whole number; degree 0 gives the scale again.
 * @param description Default: that of the scale with the degree.
 *
 * @example Dorian is the mode on degree 1 of major
 * ```ts
 * import { formatInterval, mode, Scale } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const steps = [2, 4, 5, 7, 9, 11, 12].map((step) => `${step}\\12`);
 * const dorian = mode(new Scale("Major", steps), 1, "Dorian");
 * assertEquals(dorian.intervals.map(formatInterval), [
 *   "2\\12", "3\\12", "5\\12", "7\\12", "9\\12", "10\\12", "12\\12",
 * ]);
 * ```
 */
export function mode(scale: Scale, degree: number, description?: string): Scale {
  const tonic = invert(scale.interval(degree));
  const intervals = scale.intervals.map((last, i) =>
    i === scale.size - 1 ? last : stack(scale.interval(degree + i + 1), tonic)
  );
  const nameOf = (d: number) => scale.names[((d - 1) % scale.size + scale.size) % scale.size];
  return new Scale(description ?? `${scale.description}, from degree ${degree}`.trim(), intervals, {
    names: intervals.map((_, i) => nameOf(degree + i + 1)),
    comments: scale.comments,
  });
}
