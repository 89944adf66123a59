import { assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { quantizer } from "../../../nodes/utility/quantizer.ts";
import { render } from "../../support/render_node.ts";

const C4 = 261.6255653005986;
const note = (semitones: number) => C4 * 2 ** (semitones / 12);
const run = (hertz: number, scale: string) =>
  render(quantizer, { frames: 1, inputs: [() => hertz], params: { scale } })[0][0];

Deno.test("quantizer() takes a frequency to the nearest note of its scale, within 0.002 cent", () => {
  const scales: Record<string, number[]> = {
    chromatic: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    major: [0, 2, 4, 5, 7, 9, 11],
    minorPentatonic: [0, 3, 5, 7, 10],
    octaves: [0],
  };
  fc.assert(
    fc.property(
      fc.double({ min: -30, max: 30, noNaN: true }),
      fc.constantFrom(...Object.keys(scales)),
      (semitones, scale) => {
        const notes = [-4, -3, -2, -1, 0, 1, 2, 3].flatMap((o) =>
          scales[scale].map((n) => n + 12 * o)
        );
        const sorted = notes.toSorted((a, b) => Math.abs(a - semitones) - Math.abs(b - semitones));
        // On the border between two notes either is right.
        if (Math.abs(Math.abs(sorted[0] - semitones) - Math.abs(sorted[1] - semitones)) < 1e-3) {
          return;
        }
        const cents = 1200 * Math.log2(run(note(semitones), scale) / note(sorted[0]));
        assertAlmostEquals(cents, 0, 0.002, `${semitones} semitones in ${scale}`);
      },
    ),
  );
});

Deno.test("quantizer() gives its lowest note for zero and negative frequencies", () => {
  for (const hertz of [0, -100]) assertAlmostEquals(run(hertz, "major"), C4 / 256, 1e-5);
});
