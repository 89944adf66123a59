/** Well-known numbers, each from its formula. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  centsOf,
  equalDivision,
  interval,
  KeyboardMapping,
  meantone,
  pythagorean,
  type Scale,
  standardFrequency,
  Tuning,
  tuningByName,
} from "@aether/dsp/tuning";
import { ALL_KEYS } from "./support.ts";

const named = (scale: Scale, name: string) => scale.cents(scale.names.indexOf(name) + 1);

Deno.test("twelve equal steps are 440 * 2^((key - 69) / 12) Hz to 1e-12, middle C 261.6255653", () => {
  const tuning = new Tuning(equalDivision(12));
  for (const key of ALL_KEYS) {
    assertAlmostEquals(tuning.frequency(key) / (440 * 2 ** ((key - 69) / 12)), 1, 1e-12);
  }
  assertAlmostEquals(tuning.frequency(60), 261.6255653005986, 1e-9);
  assertAlmostEquals(standardFrequency(0), 8.175798915643707, 1e-12);
});

Deno.test("the Pythagorean comma is 23.460010 cents, between twelve fifths and seven octaves", () => {
  assertAlmostEquals(12 * centsOf(interval("3/2")) - 7 * 1200, 23.460010384649014, 1e-9);
  const wolf = named(pythagorean(), "Eb") + 1200 - named(pythagorean(), "G#");
  assertAlmostEquals(centsOf(interval("3/2")) - wolf, 23.460010384649014, 1e-9);
});

Deno.test("the syntonic comma is 21.506290 cents, between four fifths and a pure third", () => {
  assertAlmostEquals(centsOf(interval("81/80")), 21.506289596714776, 1e-9);
  assertAlmostEquals(named(pythagorean(), "E") - centsOf(interval("5/4")), 21.50628959671, 1e-9);
});

Deno.test("fifths are 696.578428 cents in quarter-comma, 694.786238 in third-comma, 698.370619 in sixth-comma meantone", () => {
  assertAlmostEquals(named(meantone("1/4"), "G"), 300 * Math.log2(5), 1e-9);
  assertAlmostEquals(named(meantone("1/4"), "G"), 696.5784284662087, 1e-9);
  assertAlmostEquals(named(meantone("1/3"), "G"), 400 * Math.log2(10 / 3), 1e-9);
  assertAlmostEquals(named(meantone("1/3"), "G"), 694.786237666, 1e-8);
  assertAlmostEquals(named(meantone("1/6"), "G"), 698.370619266, 1e-8);
});

Deno.test("the diesis of quarter-comma meantone is 128/125 between G sharp and A flat", () => {
  const scale = meantone("1/4", { notes: 13, down: 4 });
  const diesis = named(scale, "Ab") - named(scale, "G#");
  assertAlmostEquals(diesis, centsOf(interval("128/125")), 1e-9);
});

Deno.test("a step of the Bohlen-Pierce scale is 146.304231 cents and thirteen are exactly 3/1", () => {
  const { scale } = tuningByName("bohlen-pierce");
  assertAlmostEquals(scale.cents(1), 1200 * Math.log2(3) / 13, 1e-12);
  assertAlmostEquals(scale.cents(1), 146.30423083, 1e-8);
  assertEquals(scale.ratio(13), 3);
  assertEquals(scale.size, 13);
});

Deno.test("just fifths and thirds above A4 = 440 Hz are 660 and 550 Hz exactly", () => {
  const mapping = new KeyboardMapping({ middleKey: 69, referenceFrequency: 440 });
  const tuning = new Tuning(tuningByName("just-5-limit").scale, mapping);
  assertEquals([69, 73, 76, 81].map((key) => tuning.frequency(key)), [440, 550, 660, 880]);
});

Deno.test("19 equal steps nearly are third-comma, 31 nearly quarter-comma meantone", () => {
  assertAlmostEquals(equalDivision(19).cents(11), named(meantone("1/3"), "G"), 0.1);
  assertAlmostEquals(equalDivision(31).cents(18), named(meantone("1/4"), "G"), 0.2);
});
