import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  equalDivision,
  KeyboardMapping,
  retune,
  SCALES,
  toQuantiserTable,
  toTable,
  Tuning,
  TUNING_VALUES,
  tuningByName,
  tuningValues,
} from "@aether/dsp/tuning";
import { ALL_KEYS, anyMapping, anyScale, centsBetween, tuningOf } from "./support.ts";

/** A quantiser that knows nothing but the values: the nearest pitch of the scale in Hz. */
function quantise(values: Float32Array, hz: number): number {
  const root = values[TUNING_VALUES.ROOT];
  const period = values[TUNING_VALUES.PERIOD];
  const octaves = Math.log2(hz / root);
  const periods = Math.floor(octaves / period);
  let best = (periods + 1) * period;
  for (const inPeriod of values.subarray(TUNING_VALUES.PITCH)) {
    const pitch = periods * period + inPeriod;
    if (Math.abs(pitch - octaves) < Math.abs(best - octaves)) best = pitch;
  }
  return root * 2 ** best;
}

Deno.test("toTable() is the tuning in 32-bit floats, and never 0", () => {
  fc.assert(fc.property(anyScale, anyMapping, (scale, mapping) => {
    const tuning = tuningOf(scale, mapping);
    const table = toTable(tuning);
    assertEquals(table.length, 128);
    for (const key of ALL_KEYS) assertEquals(table[key], Math.fround(tuning.frequency(key)));
    assert(table.every((hz) => hz > 0 && hz < Infinity));
  }));
});

Deno.test("toTable() ends where floats end, at keys that do not sound", () => {
  const wide = equalDivision(1, "1000000/1");
  const narrow = new KeyboardMapping({ firstKey: 55, lastKey: 65 });
  const tuning = new Tuning(wide, narrow);
  const table = toTable(tuning);
  const ends = [2 ** -126, Math.fround(3.4e38)];
  assertEquals([table[0], table[127]], ends);
  for (let key = 55; key <= 65; key++) assertEquals(table[key], Math.fround(tuning.frequency(key)));
  assertEquals([tuningValues(tuning)[TUNING_VALUES.HZ], table[67]], [ends[0], ends[1]]);
  // Between a key that has a frequency and one beyond all: what a glide passes there.
  const gaps = new KeyboardMapping({ degrees: [0, undefined, 9], firstKey: 60, lastKey: 61 });
  assert(toTable(new Tuning(wide, gaps)).every((hz) => hz > 0 && hz < Infinity));
});

Deno.test("toQuantiserTable() has every pitch of the scale once, ascending, within one period", () => {
  fc.assert(fc.property(anyScale, (scale) => {
    const { period, pitches } = toQuantiserTable(scale);
    assertEquals(pitches[0], 0);
    assert(pitches.every((p, i) => p < period && (i === 0 || p > pitches[i - 1])));
    for (let d = 0; d < scale.size; d++) {
      const octaves = scale.cents(d) / 1200;
      const folded = octaves - period * Math.floor(octaves / period);
      const near = [...pitches, period].some((p) => Math.abs(p - folded) < 1e-6);
      assert(near, `degree ${d} at ${folded}`);
    }
  }));
});

Deno.test("toQuantiserTable() of a scale that does not rise keeps its pitches as they are", () => {
  const { period, pitches } = toQuantiserTable(equalDivision(1, "1/1"));
  assertEquals([period, [...pitches]], [0, [0]]);
});

Deno.test("tuningValues() shows a node every key and the quantiser's pitches", () => {
  for (const { scale } of SCALES) {
    const mapping = new KeyboardMapping({ degrees: [0, undefined, 1], firstKey: 20, lastKey: 100 });
    const tuning = new Tuning(scale(), mapping);
    const values = tuningValues(tuning);
    for (const key of ALL_KEYS) {
      assertEquals(values[TUNING_VALUES.HZ + key], Math.fround(tuning.frequency(key)));
    }
    const { period, pitches } = toQuantiserTable(scale());
    const all = values.subarray(TUNING_VALUES.PITCH);
    assertEquals(all.subarray(0, pitches.length), pitches);
    assert(all.subarray(pitches.length).every((pitch) => pitch === Math.fround(period)));
  }
});

Deno.test("tuningValues() lets a node quantise to the same keys as Tuning.nearest()", () => {
  const anyFrequency = fc.double({ min: 60, max: 4000, noNaN: true });
  const anyName = fc.constantFrom(...SCALES.map((entry) => entry.name), "19-edo");
  fc.assert(fc.property(anyName, anyFrequency, (name, hz) => {
    const tuning = tuningByName(name, { referenceKey: 64 });
    const found = tuning.nearest(hz);
    fc.pre(found.key > 0 && found.key < 127); // the pitches go on where the keys end
    const quantised = quantise(tuningValues(tuning), hz);
    // On a tie either is right, so compare the distance; 32-bit octaves are good to 0.003 cents.
    assertAlmostEquals(Math.abs(centsBetween(quantised, hz)), Math.abs(found.cents), 3e-3);
  }));
});

Deno.test("tuningValues() refuses a scale of more pitches than it has room for", () => {
  assertEquals(tuningValues(new Tuning(equalDivision(256))).length, TUNING_VALUES.LENGTH);
  assertThrows(
    () => tuningValues(new Tuning(equalDivision(257))),
    RangeError,
    "at most 256 pitches in a period, current number is 257",
  );
});

Deno.test("retune() changes some keys, or none if one of them does not fit", () => {
  const values = tuningValues(tuningByName("rast", { keys: "white" }));
  const before = values.slice();
  const wrong = [[-1, 440], [128, 440], [1.5, 440], [60, 0], [60, NaN], [60, Infinity]];
  for (const [key, frequency] of wrong) {
    assertThrows(
      () => retune(values, [{ key: 61, frequency: 300 }, { key, frequency }]),
      RangeError,
      `Cannot retune key ${key} to ${frequency} Hz`,
    );
  }
  assertEquals(values, before);
  retune(values, [{ key: 61, frequency: 300 }, { key: 62 }, { key: 127, frequency: 9 }]);
  assertEquals(values, before.with(61, 300).with(127, 9));
});
