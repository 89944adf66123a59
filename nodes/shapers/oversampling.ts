// This module is real-time safe.
/**
 * Four times the sample rate around a nonlinear function, so that its harmonics have room: two
 * half-band filters up, two down, each as two chains of first-order all-passes (polyphase, so that no
 * multiplication is wasted on zeros). `tools/halfband.ts` derives the coefficients.
 *
 * At 48 kHz what lies above 28 kHz comes down at -96 dB, between 20 and 28 kHz it folds onto 20 to
 * 24 kHz. The pass band is flat; up and down together delay low frequencies by 3.75 frames and turn
 * phases near 20 kHz, as elliptic filters do.
 *
 * Helpers in the kernel language: pass {@linkcode oversampling} in `uses`, and the lists of state that
 * {@linkcode oversamplingState} makes.
 *
 * @module
 */

const OUTER_A = [0.04419338330626488, 0.33080676198005676, 0.7021120190620422];
const OUTER_B = [0.16422684490680695, 0.515158474445343, 0.8949148654937744];
const INNER_A = [0.04815398156642914, 0.4203665256500244];
const INNER_B = [0.18913371860980988, 0.7630898952484131];
const INNERMOST_A = [0.05738568678498268, 0.6513362526893616];
const INNERMOST_B = [0.2479669153690338];

/** All-passes in series: z[0] is the last input, z[k + 1] what section k gave last. */
function chain(x: number, coefficients: readonly number[], z: number[], from: number): number {
  let input = x;
  for (let k = 0; k < coefficients.length; k++) {
    const output = coefficients[k] * (input - z[from + k + 1]) + z[from + k];
    z[from + k] = input;
    input = output;
  }
  z[from + coefficients.length] = input;
  return input;
}

/** What the helpers below need; a `tick` passes it on as `c`. */
interface Filters {
  readonly chain: typeof chain;
  readonly OUTER_A: readonly number[];
  readonly OUTER_B: readonly number[];
  readonly INNER_A: readonly number[];
  readonly INNER_B: readonly number[];
}

/** Puts four values in place of one into `wide`. The lists are state, from {@linkcode oversamplingState}. */
function upsample(
  x: number,
  outer: number[],
  inner: number[],
  wide: number[],
  c: Filters,
): void {
  const even = c.chain(x, c.OUTER_A, outer, 0);
  const odd = c.chain(x, c.OUTER_B, outer, 4);
  wide[0] = c.chain(even, c.INNER_A, inner, 0);
  wide[1] = c.chain(even, c.INNER_B, inner, 3);
  wide[2] = c.chain(odd, c.INNER_A, inner, 0);
  wide[3] = c.chain(odd, c.INNER_B, inner, 3);
}

/** One value in place of four. */
function downsample(
  x0: number,
  x1: number,
  x2: number,
  x3: number,
  outer: number[],
  inner: number[],
  c: Filters,
): number {
  const even = 0.5 * (c.chain(x1, c.INNER_A, inner, 0) + c.chain(x0, c.INNER_B, inner, 3));
  const odd = 0.5 * (c.chain(x3, c.INNER_A, inner, 0) + c.chain(x2, c.INNER_B, inner, 3));
  return 0.5 * (c.chain(odd, c.OUTER_A, outer, 0) + c.chain(even, c.OUTER_B, outer, 4));
}

/** The all-passes of the half-band filters for 2, 4 and 8 times the sample rate. */
export const halfBands = {
  chain,
  OUTER_A,
  OUTER_B,
  INNER_A,
  INNER_B,
  INNERMOST_A,
  INNERMOST_B,
};

/** Everything a `tick` needs from its context. */
export const oversampling = {
  upsample,
  downsample,
  filters: { chain, OUTER_A, OUTER_B, INNER_A, INNER_B },
};

/** State of the filters up and down. @thread control */
export function oversamplingState(): {
  upOuter: number[];
  upInner: number[];
  downOuter: number[];
  downInner: number[];
  wide: number[];
} {
  const zeros = (count: number) => new Array<number>(count).fill(0);
  return {
    upOuter: zeros(8),
    upInner: zeros(6),
    downOuter: zeros(8),
    downInner: zeros(6),
    wide: zeros(4),
  };
}
