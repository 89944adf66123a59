import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { ADD_NINE, lead, modulo, tonesBetween } from "../../examples/pieces/tide/harmony.ts";
import { EQUAL_MINOR, modeFromCents } from "../../examples/pieces/tide/mode.ts";
import { euclid } from "../../examples/pieces/tide/parts/plucks.ts";
import { Random } from "../../examples/pieces/tide/random.ts";
import { type Bar, BEATS_PER_BAR, score } from "../../examples/pieces/tide/score.ts";

/** The first `count` bars of a score. */
function bars(seed: number, size: number, count: number): Bar[] {
  const all = score(seed, size);
  return Array.from({ length: count }, () => all.next().value);
}

Deno.test("score() is the same for the same seed, and another for another", () => {
  assertEquals(bars(3, 7, 64), bars(3, 7, 64));
  assert(JSON.stringify(bars(3, 7, 8)) !== JSON.stringify(bars(4, 7, 8)));
});

Deno.test("score() varies when the form comes round again", () => {
  const all = bars(1, 7, 64);
  assert(JSON.stringify(all[8].notes) !== JSON.stringify(all[40].notes));
});

for (const size of [5, 7, 9]) {
  Deno.test(`score() stays in bounds for a scale of ${size} notes`, () => {
    for (const { notes, index } of bars(1, size, 256)) {
      for (const note of notes) {
        const where = `${note.player} in bar ${index}: ${JSON.stringify(note)}`;
        assert(note.beat >= 0 && note.beat < BEATS_PER_BAR, where);
        assert(note.beats > 0 && note.velocity > 0 && note.velocity <= 1, where);
        assert(Number.isInteger(note.degree), where);
        assert(note.degree >= -2 * size && note.degree <= 3 * size, where);
      }
    }
  });
}

Deno.test("pads take the chord's tones and move by small steps", () => {
  const size = 7;
  let before: readonly number[] | undefined;
  for (const { notes, place } of bars(1, size, 128)) {
    const pads = notes.filter((n) => n.player === "pad");
    if (!pads.length) continue;
    const names = place.chord.tones.map((t) => modulo(place.chord.root + t, size));
    const degrees = pads.map((n) => n.degree);
    assertEquals(degrees.map((d) => modulo(d, size)).sort(), names.sort());
    if (before) {
      for (let k = 0; k < 4; k++) {
        assert(Math.abs(degrees[k] - before[k]) <= 4, `${before} ${degrees}`);
      }
    }
    before = degrees;
  }
});

Deno.test("strong beats of the melody are notes of the chord", () => {
  for (const { notes, place } of bars(2, 7, 128)) {
    const { root, tones: stacked } = place.chord;
    const tones = tonesBetween({ root, tones: [0, ...stacked] }, 7, -14, 28);
    for (const note of notes) {
      if (note.player === "melody" && Number.isInteger(note.beat)) {
        assert(tones.includes(note.degree));
      }
    }
  }
});

Deno.test("lead() keeps common tones and never lets voices meet", () => {
  const next = lead([0, 2, 4, 8], { root: 5, tones: ADD_NINE }, 7, -2, 13);
  assertEquals(new Set(next).size, 4);
  assert(next.includes(2), `${next}`);
});

Deno.test("euclid() spreads strokes evenly", () => {
  const show = (strokes: boolean[]) => strokes.map((s) => s ? "x" : ".").join("");
  assertEquals(show(euclid(3, 8)), "x..x..x.");
  assertEquals(show(euclid(5, 8)), "x.x.xx.x");
  assertEquals(show(euclid(3, 8, 1)), ".x..x..x");
  for (let count = 0; count <= 16; count++) {
    assertEquals(euclid(count, 16).filter(Boolean).length, count);
  }
});

Deno.test("Random.next() is uniform in [0, 1)", () => {
  const random = new Random(5);
  const counts = new Array(10).fill(0);
  for (let k = 0; k < 100_000; k++) counts[Math.floor(random.next() * 10)]++;
  for (const count of counts) assertAlmostEquals(count, 10_000, 400);
});

Deno.test("a mode repeats at its period and takes small scales as they are", () => {
  assertAlmostEquals(EQUAL_MINOR.hz(4), 220, 1e-9);
  assertAlmostEquals(EQUAL_MINOR.hz(-7) * 2, EQUAL_MINOR.hz(0), 1e-9);
  const five = modeFromCents("five", [240, 480, 720, 960, 1200], 100);
  assertEquals(five.size, 5);
  assertAlmostEquals(five.hz(11), 100 * 2 ** (2640 / 1200), 1e-9);
});

Deno.test("a mode thins a large scale out to seven notes near natural minor", () => {
  const equal = (n: number) => Array.from({ length: n }, (_, k) => (k + 1) * 1200 / n);
  assertEquals(modeFromCents("12", equal(12)).size, 7);
  assertAlmostEquals(modeFromCents("12", equal(12)).hz(2), EQUAL_MINOR.hz(2), 1e-9);
  const thinned = modeFromCents("53", equal(53));
  for (let degree = -7; degree < 14; degree++) {
    const cents = 1200 * Math.log2(thinned.hz(degree) / EQUAL_MINOR.hz(degree));
    assertAlmostEquals(cents, 0, 12);
  }
});
