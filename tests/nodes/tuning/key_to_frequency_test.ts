import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Engine } from "@aether/dsp";
import { keyToFrequency, tuningQuantizer } from "@aether/dsp/nodes";
import {
  equalDivision,
  KeyboardMapping,
  Scale,
  SCALES,
  Tuning,
  TUNING_VALUES,
  tuningByName,
  tuningValues,
} from "@aether/dsp/tuning";
import { render } from "../../support/render_node.ts";
import { Player } from "../../support/player.ts";

const cents = (a: number, b: number) => 1200 * Math.log2(a / b);
const bohlenPierce = tuningByName("bohlen-pierce");
const tunings = [...SCALES.map(({ name }) => tuningByName(name)), bohlenPierce];

function frequency(key: number, tuning?: Tuning, bend = 0): number {
  const tables = tuning ? [{ data: tuningValues(tuning) }] : [];
  return render(keyToFrequency, { frames: 1, params: { key, bend }, tables })[0][0];
}

Deno.test("keyToFrequency() gives a tuning's frequency at every key, within 0.0001 cent", () => {
  let worst = 0;
  for (const tuning of tunings) {
    for (let key = 0; key < 128; key++) {
      assertEquals(frequency(key, tuning), tuningValues(tuning)[key]);
      worst = Math.max(worst, Math.abs(cents(frequency(key, tuning), tuning.frequency(key))));
    }
  }
  assert(worst < 1.1e-4, `${worst} cents`);
});

Deno.test("keyToFrequency() goes evenly in pitch between keys, and bends, within 0.002 cent", () => {
  fc.assert(fc.property(
    fc.constantFrom(...tunings),
    fc.float({ min: 0, max: 127, noNaN: true }),
    fc.integer({ min: -4800, max: 4800 }),
    (tuning, key, bend) => {
      const low = Math.floor(key);
      const next = Math.min(low + 1, 127);
      const step = cents(tuning.frequency(next), tuning.frequency(low));
      const wanted = tuning.frequency(low) * 2 ** ((step * (key - low) + bend) / 1200);
      assertAlmostEquals(cents(frequency(key, tuning, bend), wanted), 0, 0.002);
    },
  ));
});

Deno.test("without a table keys are equal steps around 440 Hz, for both nodes", () => {
  assertEquals(frequency(69), 440);
  assertAlmostEquals(cents(frequency(60.5), 440 * 2 ** (-8.5 / 12)), 0, 0.002);
  const quantised = render(tuningQuantizer, { frames: 1, inputs: [450] })[0][0];
  assertAlmostEquals(cents(quantised, 440), 0, 0.001);
});

Deno.test("tuningQuantizer() takes any frequency to the nearest pitch, within 0.005 cent", () => {
  let worst = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...tunings),
      fc.double({ min: Math.log2(20), max: Math.log2(20_000), noNaN: true }),
      (tuning, octaves) => {
        const hertz = 2 ** octaves;
        const data = tuningValues(tuning);
        const got =
          render(tuningQuantizer, { frames: 1, inputs: [hertz], tables: [{ data }] })[0][0];
        // All pitches of the scale, period after period, from its own ratios.
        const { scale, mapping } = tuning;
        const reference = mapping.degree(mapping.referenceKey, scale.size)!;
        const zero = mapping.referenceFrequency / scale.ratio(reference);
        const all = Array.from(
          { length: 60 * scale.size },
          (_, k) => zero * scale.ratio(k - 30 * scale.size),
        );
        const distances = all.map((f) => Math.abs(cents(f, hertz))).sort((a, b) => a - b);
        // On the border between two pitches either is right.
        if (distances[1] - distances[0] < 0.01) return;
        const nearest = all.reduce((a, b) =>
          Math.abs(cents(b, hertz)) < Math.abs(cents(a, hertz)) ? b : a
        );
        worst = Math.max(worst, Math.abs(cents(got, nearest)));
        assertAlmostEquals(cents(got, nearest), 0, 0.005, `${scale.description} ${hertz} Hz`);
      },
    ),
    { numRuns: 300 },
  );
  assert(worst > 0);
});

Deno.test("tuningQuantizer() has only the pitches that a scale without a period names", () => {
  const scale = new Scale("No period", ["100.", "700.", "0."]);
  const data = tuningValues(new Tuning(scale, new KeyboardMapping({ referenceFrequency: 440 })));
  const at = (hertz: number) =>
    render(tuningQuantizer, { frames: 1, inputs: [hertz], tables: [{ data }] })[0][0];
  const root = data[TUNING_VALUES.ROOT];
  assertAlmostEquals(cents(at(root * 40), root), 700, 0.005);
  assertAlmostEquals(cents(at(root / 40), root), 0, 0.005);
  for (const hertz of [0, -100, NaN, 1e30]) assert(Number.isFinite(at(hertz)), `${hertz}`);
});

Deno.test("a note is retuned while it sounds: on the edit's frame, or when a value is written", () => {
  const p = new Player({ outputs: 1 });
  const engine: Engine = p.engine;
  const [equal, pure] = [equalDivision(12), tuningByName("pythagorean").scale].map((scale) =>
    engine.table(tuningValues(new Tuning(scale)))
  );
  const node = engine.add(keyToFrequency, { key: 64 }, { tables: { tuning: equal } });
  node.connect(engine.output);
  p.play(64);
  engine.edit(() => node.tables.tuning.set(pure), { at: 100 });
  const sound = p.channel(64);
  const [before, after] = [equal.channels[0][64], pure.channels[0][64]];
  assert(before !== after);
  assertEquals([...sound], [...new Array(36).fill(before), ...new Array(28).fill(after)]);
  pure.channels[0][64] = 330;
  assertEquals(p.channel(64)[0], 330);
});
