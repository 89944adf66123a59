/** What the tests of tunings share. @module */
import fc from "fast-check";
import {
  cents,
  type Interval,
  KeyboardMapping,
  ratio,
  Scale,
  standardFrequency,
  steps,
  Tuning,
} from "@aether/dsp/tuning";

export const ALL_KEYS = Array.from({ length: 128 }, (_, key) => key);

/** Cents from one frequency up to another. */
export function centsBetween(low: number, high: number): number {
  return 1200 * Math.log2(high / low);
}

/** Cents of a key above another. */
export function keyCents(tuning: Tuning, low: number, high: number): number {
  return centsBetween(tuning.frequency(low), tuning.frequency(high));
}

/** Any interval whose size is at most about three octaves. */
export const anyInterval: fc.Arbitrary<Interval> = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 125, max: 999 }))
    .map(([n, d]) => ratio(n, d)),
  fc.double({ min: -3600, max: 3600, noNaN: true }).map(cents),
  fc.tuple(fc.integer({ min: -90, max: 90 }), fc.integer({ min: 30, max: 400 }))
    .map(([count, divisions]) => steps(count, divisions, ratio(3, 2))),
);

/** One line of text without spaces around it. */
export const anyLine: fc.Arbitrary<string> = fc.string({ unit: "binary", maxLength: 20 })
  .map((text) => text.replace(/[\r\n\uFEFF]/g, "").trim());

/** Any scale of up to nine degrees, in any order, with a period of 50 cents to two octaves. */
export const anyScale: fc.Arbitrary<Scale> = fc.record({
  description: anyLine,
  inner: fc.array(anyInterval, { maxLength: 8 }),
  period: fc.oneof(
    fc.double({ min: 50, max: 2400, noNaN: true }).map(cents),
    fc.integer({ min: 2, max: 4 }).map((n) => ratio(n)),
    fc.constant(steps(7, 12)),
  ),
  names: fc.array(anyLine, { maxLength: 1 }),
  comments: fc.array(anyLine, { maxLength: 2 }),
}).map(({ description, inner, period, ...notes }) =>
  new Scale(description, [...inner, period], notes)
);

/** Any mapping of up to seven keys whose reference key is mapped. */
export const anyMapping: fc.Arbitrary<KeyboardMapping> = fc.record({
  degrees: fc.array(fc.option(fc.integer({ min: -9, max: 20 }), { nil: undefined, freq: 2 }), {
    maxLength: 6,
  }),
  middleKey: fc.integer({ min: 30, max: 90 }),
  turns: fc.integer({ min: -3, max: 3 }),
  referenceFrequency: fc.double({ min: 20, max: 4000, noNaN: true }),
  formalOctave: fc.integer({ min: 0, max: 12 }),
  firstKey: fc.integer({ min: 0, max: 40 }),
  lastKey: fc.integer({ min: 80, max: 127 }),
}).map(({ degrees, turns, ...rest }) => {
  const pattern = degrees.length === 0 ? [] : [0, ...degrees];
  const referenceKey = rest.middleKey + turns * pattern.length;
  return new KeyboardMapping({ ...rest, degrees: pattern, referenceKey });
});

/** A mapping that tunes A4 to 440 Hz and starts the scale on a key. */
export function onKey(middleKey: number): KeyboardMapping {
  return new KeyboardMapping({
    middleKey,
    referenceKey: 69,
    referenceFrequency: standardFrequency(69),
  });
}

/** The tuning of any scale and mapping; a property does not count where no float holds its keys. */
export function tuningOf(scale: Scale, mapping?: KeyboardMapping): Tuning {
  try {
    const tuning = new Tuning(scale, mapping);
    for (let key = -20; key <= 150; key++) tuning.frequency(key);
    return tuning;
  } catch (error) {
    fc.pre(!(error instanceof RangeError && error.message.endsWith("map fewer keys")));
    throw error;
  }
}
