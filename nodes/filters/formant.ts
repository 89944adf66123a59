// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { resonanceRinging } from "./ringing.ts";

// A, E, I, O, U: five formants each. Frequencies in Hz, levels in dB, bandwidths in Hz.
const TENOR = {
  f: [
    [650, 1080, 2650, 2900, 3250],
    [400, 1700, 2600, 3200, 3580],
    [290, 1870, 2800, 3250, 3540],
    [400, 800, 2600, 2800, 3000],
    [350, 600, 2700, 2900, 3300],
  ],
  level: [
    [0, -6, -7, -8, -22],
    [0, -14, -12, -14, -20],
    [0, -15, -18, -20, -30],
    [0, -10, -12, -12, -26],
    [0, -20, -17, -14, -26],
  ],
  width: [
    [80, 90, 120, 130, 140],
    [70, 80, 100, 120, 120],
    [40, 90, 100, 120, 120],
    [40, 80, 100, 120, 120],
    [40, 60, 100, 120, 120],
  ],
};

/** Column `formant` of a table, one value a vowel. @thread control */
function column(table: readonly number[][], formant: number, map = (x: number) => x): number[] {
  return table.map((row) => map(row[formant]));
}
/** @thread control */
function columns(table: readonly number[][], map?: (x: number) => number): number[][] {
  return [0, 1, 2, 3, 4].map((formant) => column(table, formant, map));
}

/** The value between two vowels. */
function between(table: number[], vowel: number): number {
  const k = Math.floor(vowel);
  return table[k | 0] + (table[(k + 1) | 0] - table[k | 0]) * (vowel - k);
}

/**
 * Vowel filter: five parallel band-passes at the formants of a tenor singing A, E, I, O, U, with
 * anything in between.
 *
 * Source of the table: the Csound manual's appendix "Formant values" (tenor), measured at IRCAM.
 * Frequencies and bandwidths move on a logarithmic scale between the vowels, levels in dB. Neighbouring
 * bands have opposite signs, or their skirts would cancel between them (D. H. Klatt, "Software for a
 * cascade/parallel formant synthesizer", JASA 67, 1980). `shift` moves all formants: 1.2 is nearer to a
 * child's voice. Band-passes as in `svf`, with gain 1 (times the level) at their centre: the response
 * at each formant is within 2 dB of the table, the neighbours' skirts included.
 *
 * Latency 0. Tail: 0.12 s to -120 dB.
 */
export const formant: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"vowel" | "shift" | "width">
> = defineNode({
  name: "formant",
  about: "Vowel filter: A, E, I, O, U and what lies between.",
  source: "Csound manual, appendix Formant values, tenor; D. H. Klatt, JASA 67, 1980",
  tail: ({ shift, width }) => resonanceRinging(40, 1) / (shift * width),
  inputs: ["in"],
  outputs: ["out"],
  params: {
    vowel: { min: 0, max: 4, default: 0, smooth: 0.05, about: "0 A, 1 E, 2 I, 3 O, 4 U." },
    shift: { min: 0.5, max: 2, default: 1, curve: "log", about: "Factor of all formants." },
    width: { min: 0.25, max: 8, default: 1, curve: "log", about: "Factor of all bandwidths." },
  },
  state: { ic1eq: [0, 0, 0, 0, 0], ic2eq: [0, 0, 0, 0, 0] },
  uses: {
    between,
    frequencies: columns(TENOR.f, Math.log2),
    levels: columns(TENOR.level),
    widths: columns(TENOR.width, Math.log2),
  },
  tick(
    { in: x },
    { vowel, shift, width },
    s,
    { sampleRate, tanPi, exp2, min, between, frequencies, levels, widths },
  ) {
    let sum = 0;
    for (let n = 0; n < 5; n++) {
      const frequency = exp2(between(frequencies[n], vowel)) * shift;
      const level = exp2(between(levels[n], vowel) * 0.16609640474436813); // dB to a factor
      const bandwidth = exp2(between(widths[n], vowel)) * width * shift;
      const g = tanPi(min(frequency / sampleRate, 0.49));
      const k = bandwidth / frequency;
      const a1 = 1 / (1 + g * (g + k));
      const a2 = g * a1;
      const v3 = x - s.ic2eq[n];
      const v1 = a1 * s.ic1eq[n] + a2 * v3;
      const v2 = s.ic2eq[n] + a2 * s.ic1eq[n] + g * a2 * v3;
      s.ic1eq[n] = 2 * v1 - s.ic1eq[n];
      s.ic2eq[n] = 2 * v2 - s.ic2eq[n];
      const band = k * level * v1;
      sum = n % 2 === 0 ? sum + band : sum - band;
    }
    return sum;
  },
});
