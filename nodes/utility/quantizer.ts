// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/** Semitones of each scale. */
const SCALES = {
  chromatic: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  harmonicMinor: [0, 2, 3, 5, 7, 8, 11],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  pentatonic: [0, 2, 4, 7, 9],
  minorPentatonic: [0, 3, 5, 7, 10],
  wholeTone: [0, 2, 4, 6, 8, 10],
  octaves: [0],
};

/**
 * The nearest degree for each half semitone of an octave, scale after scale. Between two degrees the
 * border lies on a multiple of half a semitone, so these 24 cells are exact; on the border the upper
 * degree wins. @thread control
 */
function nearestDegrees(): number[] {
  return Object.values(SCALES).flatMap((scale) => {
    const degrees = [scale[scale.length - 1] - 12, ...scale, 12 + scale[0]];
    return Array.from({ length: 24 }, (_, cell) => {
      const middle = (cell + 0.5) / 2;
      return degrees.reduce((best, degree) =>
        Math.abs(degree - middle) <= Math.abs(best - middle) ? degree : best
      );
    });
  });
}

/**
 * Takes a frequency to the nearest note of a scale in twelve equal steps an octave on `root`; within
 * 0.002 cent. (For other tunings set the note's frequency from a `Tuning`.) Zero and negative
 * frequencies give the lowest note, 8 octaves below `root`. Latency 0. No tail.
 */
export const quantizer: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<
    "root",
    {
      scale:
        | "chromatic"
        | "major"
        | "minor"
        | "harmonicMinor"
        | "dorian"
        | "pentatonic"
        | "minorPentatonic"
        | "wholeTone"
        | "octaves";
    }
  >
> = defineNode({
  name: "quantizer",
  about: "Takes a frequency in Hz to the nearest note of a scale.",
  source: "elementary",
  tail: 0,
  inputs: ["in"],
  outputs: ["out"],
  params: {
    scale: {
      values: [
        "chromatic",
        "major",
        "minor",
        "harmonicMinor",
        "dorian",
        "pentatonic",
        "minorPentatonic",
        "wholeTone",
        "octaves",
      ],
      default: "chromatic",
    },
    root: {
      unit: "Hz",
      min: 8,
      max: 8_000,
      default: 261.6255653005986,
      curve: "log",
      smooth: 0,
      about: "The first degree of the scale.",
    },
  },
  uses: { degrees: nearestDegrees() },
  tick({ in: x }, { scale, root }, _, { log2, exp2, floor, min, max, degrees }) {
    const octaves = min(max(log2(max(x, 1e-6) / root), -8), 8);
    const octave = floor(octaves);
    const cell = min(floor((octaves - octave) * 24), 23);
    const degree = degrees[(scale * 24 + cell) | 0];
    return root * exp2(octave + degree * 0.08333333333333333);
  },
});
