import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  cents,
  equalDivision,
  KeyboardMapping,
  ratioOf,
  ScalaFileError,
  Scale,
  SCALES,
  Tuning,
  tuningByName,
  tuningFromTexts,
  tuningTexts,
} from "@aether/dsp/tuning";
import { ALL_KEYS, anyMapping, anyScale, keyCents, onKey, tuningOf } from "./support.ts";

const x = undefined;
const TWELVE = equalDivision(12);
const WHITE_OF_TWELVE = [0, x, 2, x, 4, 5, x, 7, x, 9, x, 11];

Deno.test("Tuning gives the reference key its frequency exactly, whatever scale and mapping", () => {
  fc.assert(fc.property(anyScale, anyMapping, (scale, mapping) => {
    assertEquals(
      tuningOf(scale, mapping).frequency(mapping.referenceKey),
      mapping.referenceFrequency,
    );
  }));
});

Deno.test("Tuning multiplies the frequency by the period after one scale on a linear mapping", () => {
  fc.assert(fc.property(anyScale, (scale) => {
    const tuning = tuningOf(scale);
    const period = ratioOf(scale.period);
    for (let key = 40; key + scale.size <= 90; key++) {
      assertAlmostEquals(
        tuning.frequency(key + scale.size) / tuning.frequency(key) / period,
        1,
        1e-9,
      );
    }
  }));
});

Deno.test("Tuning agrees with the exact intervals to 1e-9, on every key of any mapping", () => {
  fc.assert(fc.property(anyScale, anyMapping, (scale, mapping) => {
    const tuning = tuningOf(scale, mapping);
    const reference = tuning.degree(mapping.referenceKey)!;
    for (const key of ALL_KEYS) {
      const degree = tuning.degree(key);
      if (degree === x || !tuning.isMapped(key)) continue;
      const wanted = scale.cents(degree) - scale.cents(reference);
      assertAlmostEquals(keyCents(tuning, mapping.referenceKey, key), wanted, 1e-6);
    }
  }));
});

Deno.test("Tuning of one scale under two mappings differs by one factor where degrees agree", () => {
  fc.assert(fc.property(anyScale, anyMapping, (scale, mapping) => {
    const one = tuningOf(scale);
    const other = tuningOf(scale, mapping);
    const factor = other.frequency(mapping.referenceKey) /
      one.frequency(60 + other.degree(mapping.referenceKey)!);
    for (const key of ALL_KEYS) {
      if (!other.isMapped(key)) continue;
      const same = one.frequency(60 + other.degree(key)!);
      assertAlmostEquals(other.frequency(key) / same / factor, 1, 1e-9);
    }
  }));
});

Deno.test("Tuning moves by one factor when only the reference moves", () => {
  for (const { scale } of SCALES) {
    const low = new Tuning(scale(), onKey(60));
    const high = new Tuning(
      scale(),
      new KeyboardMapping({ referenceKey: 69, referenceFrequency: 432 }),
    );
    for (const key of ALL_KEYS) {
      const same = new KeyboardMapping({ referenceKey: 69, referenceFrequency: 440 });
      assertEquals(new Tuning(scale(), same).frequency(key), low.frequency(key));
      assertAlmostEquals(high.frequency(key) / low.frequency(key), 432 / 440, 1e-9);
    }
  }
});

Deno.test("Tuning follows scales that are not in ascending order", () => {
  const shuffled = new Scale("", ["200.", "100.", "400.", "300.", "700.", "600.", "1200."]);
  const tuning = new Tuning(shuffled);
  const sizes = Array.from({ length: 8 }, (_, i) => Math.round(keyCents(tuning, 60, 60 + i)));
  assertEquals(sizes, [0, 200, 100, 400, 300, 700, 600, 1200]);
});

Deno.test("Tuning goes down the keyboard with a scale that descends", () => {
  const tuning = new Tuning(equalDivision(12, "-1200."));
  assertAlmostEquals(tuning.frequency(72), tuning.frequency(60) / 2, 1e-9);
  assertAlmostEquals(tuning.frequency(61) * 2 ** (1 / 12), tuning.frequency(60), 1e-9);
});

Deno.test("Tuning of one degree repeats its period on every key", () => {
  const tuning = new Tuning(new Scale("Carlos alpha", ["78.0"]));
  for (const key of ALL_KEYS) assertAlmostEquals(keyCents(tuning, 60, key), 78 * (key - 60), 1e-6);
});

Deno.test("Tuning plays a mapping with gaps like the white keys of the whole scale", () => {
  const all = new Tuning(TWELVE, onKey(60));
  const white = new Tuning(
    TWELVE,
    new KeyboardMapping({ degrees: WHITE_OF_TWELVE, referenceKey: 69, referenceFrequency: 440 }),
  );
  for (const key of ALL_KEYS) {
    assertEquals(white.isMapped(key), [0, 2, 4, 5, 7, 9, 11].includes(key % 12));
    // Gaps are passed over evenly, which for equal steps is the missing key itself.
    assertAlmostEquals(white.frequency(key) / all.frequency(key), 1, 1e-12);
  }
});

Deno.test("Tuning takes mappings shorter than the scale, with a formal octave of their own", () => {
  const meantoneOf31 = [0, 3, 5, 8, 10, 13, 16, 18, 21, 23, 26, 29];
  const mapping = new KeyboardMapping({
    degrees: meantoneOf31,
    middleKey: 69,
    referenceFrequency: 440,
    formalOctave: 31,
  });
  const tuning = new Tuning(equalDivision(31), mapping);
  assertAlmostEquals(tuning.frequency(81), 880, 1e-9);
  assertAlmostEquals(keyCents(tuning, 69, 76), 18 * 1200 / 31, 1e-9);
});

Deno.test("Tuning takes mappings longer than the scale: degrees go on into the next period", () => {
  const four = new Scale("Exact fours", ["5/4", "3/2", "7/4", "2/1"]);
  const pitch = { middleKey: 60, referenceFrequency: 100 };
  const mappings = [
    new KeyboardMapping(pitch),
    new KeyboardMapping({ ...pitch, degrees: [0, 1, 2, 3], formalOctave: 4 }),
    new KeyboardMapping({ ...pitch, degrees: [0, 1, 2, 3, 4, 5, 6, 7], formalOctave: 8 }),
    new KeyboardMapping({ ...pitch, degrees: [0, 5, 2], formalOctave: 9 }),
  ];
  const wanted = [100, 125, 150, 175, 200, 250, 300, 350, 400];
  for (const mapping of mappings.slice(0, 3)) {
    const tuning = new Tuning(four, mapping);
    wanted.forEach((hz, i) => assertAlmostEquals(tuning.frequency(60 + i), hz, 1e-9));
  }
  const skipping = new Tuning(four, mappings[3]);
  [100, 250, 150, 500].forEach((hz, i) => assertAlmostEquals(skipping.frequency(60 + i), hz, 1e-9));
});

Deno.test("Tuning finds the reference key in any repetition of the pattern", () => {
  const degrees = [0, 3, 5, 8, 10, 13, 16, 18, 21, 23, 26, 28];
  for (const middleKey of [57, 69, 33, 105]) {
    const options = {
      degrees,
      middleKey,
      referenceKey: 60,
      referenceFrequency: 400,
      formalOctave: 31,
    };
    const tuning = new Tuning(equalDivision(31), new KeyboardMapping(options));
    assertEquals(tuning.frequency(60), 400);
    assertAlmostEquals(keyCents(tuning, 60, 61), 2 * 1200 / 31, 1e-9);
  }
});

Deno.test("Tuning refuses a scale without degrees and a reference key without a degree", () => {
  assertThrows(
    () => new Tuning(new Scale("Nothing", [])),
    RangeError,
    '"Nothing": it must have at least 1',
  );
  const fromB = new KeyboardMapping({ degrees: WHITE_OF_TWELVE, middleKey: 59, referenceKey: 69 });
  assertThrows(() => new Tuning(TWELVE, fromB), RangeError, "Cannot tune key 69 to 440 Hz");
});

Deno.test("Tuning refuses what no 32-bit float holds, at once and naming the key", () => {
  const wide = equalDivision(1, "1000000/1");
  assertThrows(() => new Tuning(wide), RangeError, "Cannot tune key 0 to degree -60");
  const far = new KeyboardMapping({
    degrees: [0],
    referenceKey: 2_000_000_000,
    referenceFrequency: 440,
  });
  assertThrows(() => new Tuning(TWELVE, far), RangeError, "frequency must be in");
  const narrow = new KeyboardMapping({ firstKey: 55, lastKey: 65 });
  assertAlmostEquals(new Tuning(wide, narrow).frequency(61), 261_625_565.3, 1);
});

Deno.test("frequency() moves evenly in cents between keys and meets them", () => {
  const anyNote = fc.double({ min: 1, max: 126, noNaN: true });
  fc.assert(fc.property(anyScale, anyMapping, anyNote, (scale, mapping, note) => {
    const tuning = tuningOf(scale, mapping);
    let low = Math.floor(note);
    let high = low + 1;
    while (tuning.degree(low) === x) low--;
    while (tuning.degree(high) === x) high++;
    const wanted = keyCents(tuning, low, high) * (note - low) / (high - low);
    assertAlmostEquals(keyCents(tuning, low, note), wanted, 1e-6);
  }));
});

Deno.test("frequency() goes on beyond the keyboard and refuses what is no note number", () => {
  const tuning = new Tuning(TWELVE);
  assertAlmostEquals(tuning.frequency(129.5) / tuning.frequency(117.5), 2, 1e-12);
  assertAlmostEquals(tuning.frequency(-12) * 2, tuning.frequency(0), 1e-12);
  for (const bad of [NaN, Infinity, 1e12]) assertThrows(() => tuning.frequency(bad), RangeError);
  assertThrows(() => tuning.frequency(4000), RangeError, "Cannot tune key 4000");
});

Deno.test("nearest() finds each key at its own frequency, and the cents beside it", () => {
  for (const { scale, name } of SCALES) {
    const tuning = new Tuning(scale());
    for (let key = 48; key < 72; key++) {
      const own = tuning.frequency(key);
      const found = tuning.nearest(own);
      assertEquals([found.frequency, Math.abs(found.cents)], [own, 0], `${name}, key ${key}`);
      assertAlmostEquals(tuning.nearest(own * 2 ** (5 / 1200)).cents, 5, 1e-9);
    }
  }
});

Deno.test("nearest() is never further than any other mapped key, and skips unmapped ones", () => {
  const anyFrequency = fc.double({ min: 5, max: 15000, noNaN: true });
  fc.assert(fc.property(anyScale, anyMapping, anyFrequency, (scale, mapping, hz) => {
    const tuning = tuningOf(scale, mapping);
    const { key, cents, frequency } = tuning.nearest(hz);
    assert(tuning.isMapped(key));
    assertAlmostEquals(frequency * 2 ** (cents / 1200), hz, hz * 1e-9);
    for (const other of ALL_KEYS) {
      if (!tuning.isMapped(other)) continue;
      assert(Math.abs(cents) <= Math.abs(1200 * Math.log2(hz / tuning.frequency(other))));
    }
  }));
});

Deno.test("nearest() takes the lower of two keys, and refuses what is no frequency", () => {
  const tuning = new Tuning(new Scale("Twice", [cents(0), cents(0), "2/1"]));
  assertEquals(tuning.nearest(tuning.frequency(62)).key, 60);
  for (const bad of [0, -1, NaN, Infinity]) {
    assertThrows(() => tuning.nearest(bad), RangeError, `current value is ${bad}`);
  }
  const silent = new KeyboardMapping({ degrees: [0, x, x], firstKey: 61, lastKey: 62 });
  assertThrows(
    () => new Tuning(TWELVE, silent).nearest(440),
    RangeError,
    "must map at least 1 key",
  );
});

Deno.test("tuningFromTexts() gives back the tuning that tuningTexts() wrote", () => {
  for (const { name } of SCALES) {
    const tuning = tuningByName(name);
    const again = tuningFromTexts(tuningTexts(tuning));
    for (let key = 0; key < 128; key++) {
      assertEquals(again.isMapped(key), tuning.isMapped(key));
      if (!tuning.isMapped(key)) continue;
      assertAlmostEquals(again.frequency(key) / tuning.frequency(key), 1, 1e-12);
    }
  }
  assertThrows(() => tuningFromTexts({ scl: "x\n1\nnone" }), ScalaFileError);
});
