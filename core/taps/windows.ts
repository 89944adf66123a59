/** Windows that spectra are looked at through. @module */

/** Name of a window. */
export type WindowName = "rectangle" | "hann" | "blackmanHarris" | "flatTop";

/** Coefficients of 1, -cos x, cos 2x, -cos 3x, cos 4x. */
const COSINES: Readonly<Record<WindowName, readonly number[]>> = {
  rectangle: [1],
  hann: [0.5, 0.5],
  // F. J. Harris, "On the use of windows for harmonic analysis", Proc. IEEE 66, 1978: four terms, -92 dB.
  blackmanHarris: [0.35875, 0.48829, 0.14128, 0.01168],
  // ISO 18431-1:2005.
  flatTop: [1, 1.933, 1.286, 0.388, 0.0322],
};

/**
 * A window for spectra, periodic: value t of `size`. Between two bins a sine reads too low by 3.92 dB
 * (rectangle), 1.42 dB (hann), 0.83 dB (blackmanHarris) or 0.01 dB (flatTop); far from it lie side
 * lobes, at -13, -31, -92 and -83 dB at the highest.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { spectralWindow } from "@aether/dsp/taps";
 *
 * assertEquals([...spectralWindow("hann", 4)], [0, 0.5, 1, 0.5]);
 * ```
 */
export function spectralWindow(name: WindowName, size: number): Float64Array {
  const terms = COSINES[name];
  if (!terms) {
    throw new RangeError(
      `Cannot make a window: name must be one of ${
        Object.keys(COSINES).map((n) => `"${n}"`).join(", ")
      }, current value is "${name}"`,
    );
  }
  return Float64Array.from({ length: size }, (_, t) =>
    terms.reduce(
      // Reduced to a quarter turn's worth of rounding: exact 0.5 and 1 where they should be.
      (sum, c, k) => sum + (k % 2 ? -c : c) * cosine((k * t % size) / size),
      0,
    ));
}

/** cos of a share of a turn, exact at quarters. */
function cosine(turns: number): number {
  if (turns === 0.25 || turns === 0.75) return 0;
  return Math.cos(2 * Math.PI * turns);
}
