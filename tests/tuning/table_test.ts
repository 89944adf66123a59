import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  equalDivision,
  KeyboardMapping,
  SCALES,
  SharedTuningTable,
  toQuantiserTable,
  toTable,
  Tuning,
  TUNING_TABLE,
  tuningByName,
} from "@aether/dsp/tuning";
import { ALL_KEYS, anyMapping, anyScale, centsBetween, tuningOf } from "./support.ts";

/** What a node would do: words and floats of the live bank. */
function liveBank(table: SharedTuningTable): { words: Uint32Array; floats: Float32Array } {
  const start = new Uint32Array(table.buffer, table.byteOffset, 4)[TUNING_TABLE.BANK];
  const words = TUNING_TABLE.BANKS + start * TUNING_TABLE.BANK_WORDS;
  const at = [table.byteOffset + words * 4, TUNING_TABLE.BANK_WORDS] as const;
  return {
    words: new Uint32Array(table.buffer, ...at),
    floats: new Float32Array(table.buffer, ...at),
  };
}

/** A quantiser that knows nothing but the table: the nearest pitch of the scale in Hz. */
function quantise(table: SharedTuningTable, hz: number): number {
  const { words, floats } = liveBank(table);
  const root = floats[TUNING_TABLE.ROOT];
  const period = floats[TUNING_TABLE.PERIOD];
  const octaves = Math.log2(hz / root);
  const periods = Math.floor(octaves / period);
  let best = (periods + 1) * period;
  for (let i = 0; i < words[TUNING_TABLE.PITCHES]; i++) {
    const pitch = periods * period + floats[TUNING_TABLE.PITCH + i];
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

Deno.test("SharedTuningTable shows a node every key, which keys sound, and the quantiser's pitches", () => {
  for (const { scale } of SCALES) {
    const mapping = new KeyboardMapping({ degrees: [0, undefined, 1], firstKey: 20, lastKey: 100 });
    const tuning = new Tuning(scale(), mapping);
    const { words, floats } = liveBank(new SharedTuningTable(tuning));
    for (const key of ALL_KEYS) {
      assertEquals(floats[TUNING_TABLE.HZ + key], Math.fround(tuning.frequency(key)));
      const bit = words[TUNING_TABLE.MAPPED + (key >> 5)] >>> (key & 31) & 1;
      assertEquals(bit === 1, tuning.isMapped(key));
    }
    assertEquals(words[TUNING_TABLE.PITCHES], toQuantiserTable(scale()).pitches.length);
  }
});

Deno.test("publish() silences the keys that the new tuning does not map, in either bank", () => {
  const table = new SharedTuningTable(tuningByName("12-edo"));
  for (let times = 0; times < 2; times++) {
    table.publish(tuningByName("12-edo"));
    table.publish(tuningByName("rast", { keys: "white" }));
    assertEquals(liveBank(table).words[TUNING_TABLE.MAPPED] & 0xfff, 0b101010110101);
  }
});

Deno.test("SharedTuningTable lets a node quantise to the same keys as Tuning.nearest()", () => {
  const anyFrequency = fc.double({ min: 60, max: 4000, noNaN: true });
  const anyName = fc.constantFrom(...SCALES.map((entry) => entry.name), "19-edo");
  fc.assert(fc.property(anyName, anyFrequency, (name, hz) => {
    const tuning = tuningByName(name, { referenceKey: 64 });
    const found = tuning.nearest(hz);
    fc.pre(found.key > 0 && found.key < 127); // the pitches go on where the keys end
    const quantised = quantise(new SharedTuningTable(tuning), hz);
    // On a tie either is right, so compare the distance; 32-bit octaves are good to 0.003 cents.
    assertAlmostEquals(Math.abs(centsBetween(quantised, hz)), Math.abs(found.cents), 3e-3);
  }));
});

Deno.test("publish() fills the other bank, and only then makes it live", () => {
  const first = tuningByName("12-edo");
  const second = tuningByName("slendro");
  const table = new SharedTuningTable(first);
  const words = new Uint32Array(table.buffer);
  const old = liveBank(table);
  const [bank, epoch] = [words[TUNING_TABLE.BANK], words[TUNING_TABLE.EPOCH]];
  table.publish(second);
  assertEquals([words[TUNING_TABLE.BANK], words[TUNING_TABLE.EPOCH]], [1 - bank, epoch + 1]);
  for (const key of ALL_KEYS) {
    assertEquals(
      old.floats[key],
      Math.fround(first.frequency(key)),
      "a reader keeps its whole tuning",
    );
    assertEquals(table.frequency(key), Math.fround(second.frequency(key)));
  }
});

Deno.test("retune() changes one key of the live bank; retuneAll() some keys at once", () => {
  const table = new SharedTuningTable(tuningByName("rast", { keys: "white" }));
  const before = ALL_KEYS.map((key) => table.frequency(key));
  const bank = liveBank(table);
  table.retune(61, 300);
  assertEquals(bank.floats[61], 300);
  assertEquals(bank.words[TUNING_TABLE.MAPPED + 1] >>> 29 & 1, 1, "the key sounds now");
  table.retuneAll([undefined, 9]);
  assertEquals([0, 1, 60, 61].map((key) => table.frequency(key)), [before[0], 9, before[60], 300]);
  assertEquals(bank.floats[1], Math.fround(before[1]), "the old bank is as it was");
  assertEquals(liveBank(table).words[TUNING_TABLE.PITCHES], 7);
});

Deno.test("SharedTuningTable takes hold of a table in other memory, and stays within it", () => {
  const memory = new SharedArrayBuffer(TUNING_TABLE.BYTES + 32);
  new Uint32Array(memory).fill(0xdeadbeef);
  new Uint32Array(memory, 16, TUNING_TABLE.BYTES / 4).fill(0);
  const tuning = new Tuning(equalDivision(248));
  const table = new SharedTuningTable(tuning, memory, 16);
  table.publish(tuning);
  assertEquals(new SharedTuningTable(undefined, memory, 16).frequency(69), table.frequency(69));
  for (const at of [0, 16 + TUNING_TABLE.BYTES]) {
    assert(new Uint32Array(memory, at, 4).every((word) => word === 0xdeadbeef), "canaries live");
  }
  assertThrows(() => new SharedTuningTable(undefined, memory, 64), RangeError);
});

Deno.test("SharedTuningTable refuses keys, frequencies and scales that do not fit, and stays as it was", () => {
  const table = new SharedTuningTable(tuningByName("12-edo"));
  const before = new Uint8Array(table.buffer).slice();
  for (const [key, hz] of [[-1, 440], [128, 440], [1.5, 440], [60, 0], [60, NaN], [60, Infinity]]) {
    assertThrows(() => table.retune(key, hz), RangeError, `Cannot retune key ${key} to ${hz} Hz`);
  }
  assertThrows(() => table.retuneAll(Array(129).fill(440)), RangeError, "Cannot retune key 128");
  assertThrows(() => table.retuneAll([440, -1]), RangeError, "Cannot retune key 1");
  assertThrows(
    () => table.publish(new Tuning(equalDivision(249))),
    RangeError,
    "at most 248 pitches",
  );
  assertEquals(new Uint8Array(table.buffer), before);
});
