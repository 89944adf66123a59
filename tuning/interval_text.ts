/** Intervals as text: ratios and cents as Scala writes them, and steps as `7\12`. @module */
import { type Cents, cents, type Interval, OCTAVE, type Steps, steps } from "./interval.ts";
import { type Ratio, ratio } from "./ratio.ts";

/** Digits a number may have; keeps hostile texts from costing time. */
const MAX_DIGITS = 1000;
const RATIO = /^(\d+)(?:\/(\d+))?$/;
const CENTS = /^[+-]?(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const STEPS = /^([+-]?\d{1,15})\\(\d{1,15})(?:<([^<>]*)>)?$/;

/**
 * Reads an interval: a ratio `3/2` or `3`, cents with a period `701.955`, or steps of an equal
 * division, `7\12` of the octave and `4\13<3/1>` of another period.
 *
 * @throws {SyntaxError} If the text is none of these.
 *
 * @example
 * ```ts
 * import { formatInterval, interval } from "@aether/dsp/tuning";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(formatInterval(interval("4\\13<3/1>")), "4\\13<3/1>");
 * assertThrows(() => interval("7/4/2"), SyntaxError, 'current value is "7/4/2"');
 * ```
 */
export function interval(text: string): Interval {
  const found = readPitch(text) ?? readSteps(text);
  if (typeof found === "object") return found;
  throw new SyntaxError(
    `Cannot read an interval: it must be ${
      found ?? "a ratio such as 3/2, cents such as 701.955 or steps such as 7\\12"
    }, current value is ${JSON.stringify(text.length > 60 ? text.slice(0, 60) + "…" : text)}`,
  );
}

/** A ratio or cents, what the text should be where it is nearly one of them, or nothing. */
export function readPitch(text: string): Ratio | Cents | string | undefined {
  if (text.length > MAX_DIGITS) return `at most ${MAX_DIGITS} characters long`;
  if (/^[+-]?\d+\s*\/\s*[+-]?\d+$/.test(text) && text.includes("-")) return "a positive ratio";
  const fraction = RATIO.exec(text);
  if (fraction !== null) {
    const numerator = BigInt(fraction[1]);
    const denominator = BigInt(fraction[2] ?? 1);
    if (numerator === 0n || denominator === 0n) return "a ratio without a zero";
    return ratio(numerator, denominator);
  }
  if (/^-\d+$/.test(text)) return "a positive ratio, or cents with a period";
  if (!CENTS.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? cents(value) : "a finite number of cents";
}

function readSteps(text: string): Steps | string | undefined {
  const parts = STEPS.exec(text);
  if (parts === null) return undefined;
  if (Number(parts[2]) === 0) return "steps of at least 1 division";
  const period = parts[3] === undefined ? OCTAVE : readPitch(parts[3]);
  if (typeof period !== "object" || period.kind !== "ratio") return "steps of a ratio";
  return steps(Number(parts[1]), Number(parts[2]), period);
}

/**
 * The text of an interval, which {@linkcode interval} reads back to the same interval.
 *
 * @example
 * ```ts
 * import { cents, formatInterval, ratio, steps } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatInterval(ratio(10, 8)), "10/8");
 * assertEquals(formatInterval(cents(100)), "100.0");
 * assertEquals(formatInterval(steps(7, 12)), "7\\12");
 * ```
 */
export function formatInterval(interval: Interval): string {
  switch (interval.kind) {
    case "cents":
      return formatCents(interval.cents);
    case "ratio":
      return `${interval.numerator}/${interval.denominator}`;
    case "steps": {
      const period = formatInterval(interval.period);
      return `${interval.steps}\\${interval.divisions}${period === "2/1" ? "" : `<${period}>`}`;
    }
  }
}

/** All digits of a double, always with a period and never with an exponent, which not all readers know. */
function formatCents(value: number): string {
  const text = String(value);
  if (text.includes("e+")) return `${BigInt(value)}.0`;
  const [mantissa, exponent] = text.split("e-");
  if (exponent === undefined) return text.includes(".") ? text : `${text}.0`;
  const digits = mantissa.replace(/[-.]/g, "");
  return `${value < 0 ? "-" : ""}0.${"0".repeat(Number(exponent) - 1)}${digits}`;
}
