/**
 * The real Fourier transform in the language of procedures: compiled, and never run as JavaScript on
 * the audio thread. Its `for...of` loops are unrolled.
 *
 * @module
 */

/** What a transform of one size knows beforehand; passed in `uses`, and to its own functions. */
export interface FftPlan {
  /** Frames: a power of two. */
  readonly size: number;
  /** Bins from 0 to half the sample rate: size / 2 + 1. */
  readonly bins: number;
  /** Values of each of the two work arrays: size / 2. */
  readonly work: number;
  /** cos and sin of 2 pi k / size. */
  readonly cosines: Float32Array;
  /** The sines. */
  readonly sines: Float32Array;
  /** Distances of the radix-4 stages. */
  readonly stages: readonly number[];
  /** Whether a stage of radix 2 comes last. */
  readonly hasLast: boolean;
  /**
   * The spectrum of `size` real frames: `re` and `im`, `bins` values each, become the sums of
   * x[n] exp(-2 pi i k n / size). `x` stays.
   */
  forward(
    fft: FftPlan,
    x: ArrayLike<number>,
    re: Float32Array,
    im: Float32Array,
    workRe: Float32Array,
    workIm: Float32Array,
  ): void;
  /** The frames of a spectrum: undoes `forward`. `re` and `im` are used up. */
  inverse(
    fft: FftPlan,
    re: Float32Array,
    im: Float32Array,
    x: Float32Array,
    workRe: Float32Array,
    workIm: Float32Array,
  ): void;
  /** One stage of radix 4, for `forward` and `inverse`: `half / 4` groups of four, `step` values apart. */
  stage4(
    fft: FftPlan,
    half: number,
    step: number,
    re: ArrayLike<number>,
    im: ArrayLike<number>,
    toRe: Float32Array,
    toIm: Float32Array,
  ): void;
  /** The stage of radix 2. */
  stage2(
    half: number,
    re: ArrayLike<number>,
    im: ArrayLike<number>,
    toRe: Float32Array,
    toIm: Float32Array,
  ): void;
}

/**
 * One stage of Stockham's transform of radix 4: `half / 4` groups of four values, `step` of each.
 * The result is in order without reversing bits.
 */
export function stage4(
  fft: FftPlan,
  half: number,
  step: number,
  re: ArrayLike<number>,
  im: ArrayLike<number>,
  toRe: Float32Array,
  toIm: Float32Array,
): void {
  const quarter = half / 4;
  for (let p = 0; p < quarter / step; p++) {
    const w = 2 * step * p;
    const ar = fft.cosines[w];
    const ai = -fft.sines[w];
    const br = fft.cosines[2 * w];
    const bi = -fft.sines[2 * w];
    const cr = fft.cosines[3 * w];
    const ci = -fft.sines[3 * w];
    const from = step * p;
    const to = 4 * step * p;
    for (let q = 0; q < step; q++) {
      const r0 = re[from + q];
      const i0 = im[from + q];
      const r1 = re[from + quarter + q];
      const i1 = im[from + quarter + q];
      const r2 = re[from + 2 * quarter + q];
      const i2 = im[from + 2 * quarter + q];
      const r3 = re[from + 3 * quarter + q];
      const i3 = im[from + 3 * quarter + q];
      const sr = r0 + r2;
      const si = i0 + i2;
      const dr = r0 - r2;
      const di = i0 - i2;
      const tr = r1 + r3;
      const ti = i1 + i3;
      const ur = i1 - i3;
      const ui = r3 - r1;
      toRe[to + q] = sr + tr;
      toIm[to + q] = si + ti;
      const xr = dr + ur;
      const xi = di + ui;
      toRe[to + step + q] = xr * ar - xi * ai;
      toIm[to + step + q] = xr * ai + xi * ar;
      const yr = sr - tr;
      const yi = si - ti;
      toRe[to + 2 * step + q] = yr * br - yi * bi;
      toIm[to + 2 * step + q] = yr * bi + yi * br;
      const zr = dr - ur;
      const zi = di - ui;
      toRe[to + 3 * step + q] = zr * cr - zi * ci;
      toIm[to + 3 * step + q] = zr * ci + zi * cr;
    }
  }
}

/** The last stage of radix 2, whose factors are all 1. */
export function stage2(
  half: number,
  re: ArrayLike<number>,
  im: ArrayLike<number>,
  toRe: Float32Array,
  toIm: Float32Array,
): void {
  const step = half / 2;
  for (let q = 0; q < step; q++) {
    const r0 = re[q];
    const i0 = im[q];
    const r1 = re[step + q];
    const i1 = im[step + q];
    toRe[q] = r0 + r1;
    toIm[q] = i0 + i1;
    toRe[step + q] = r0 - r1;
    toIm[step + q] = i0 - i1;
  }
}

/** See {@linkcode FftPlan}. */
export function forward(
  fft: FftPlan,
  x: ArrayLike<number>,
  re: Float32Array,
  im: Float32Array,
  workRe: Float32Array,
  workIm: Float32Array,
): void {
  const half = fft.work;
  // Neighbours become the two parts of complex numbers; the stages end in the work arrays.
  const isOdd = (fft.stages.length + (fft.hasLast ? 1 : 0)) % 2 === 1;
  let aRe = isOdd ? re : workRe;
  let aIm = isOdd ? im : workIm;
  let bRe = isOdd ? workRe : re;
  let bIm = isOdd ? workIm : im;
  for (let k = 0; k < half; k++) {
    aRe[k] = x[2 * k];
    aIm[k] = x[2 * k + 1];
  }
  for (const step of fft.stages) {
    fft.stage4(fft, half, step, aRe, aIm, bRe, bIm);
    [aRe, bRe] = [bRe, aRe];
    [aIm, bIm] = [bIm, aIm];
  }
  if (fft.hasLast) fft.stage2(half, aRe, aIm, bRe, bIm);
  re[0] = workRe[0] + workIm[0];
  im[0] = 0;
  re[half] = workRe[0] - workIm[0];
  im[half] = 0;
  for (let k = 1; k < half; k++) {
    const c = fft.cosines[k];
    const s = fft.sines[k];
    const er = workRe[k] + workRe[half - k];
    const ei = workIm[k] - workIm[half - k];
    const or = workIm[k] + workIm[half - k];
    const oi = workRe[half - k] - workRe[k];
    re[k] = 0.5 * (er + c * or + s * oi);
    im[k] = 0.5 * (ei + c * oi - s * or);
  }
}

/** See {@linkcode FftPlan}. */
export function inverse(
  fft: FftPlan,
  re: Float32Array,
  im: Float32Array,
  x: Float32Array,
  workRe: Float32Array,
  workIm: Float32Array,
): void {
  const half = fft.work;
  const scale = 0.5 / half;
  // The parts are swapped, so that the stages of the forward transform turn the other way.
  workIm[0] = scale * (re[0] + re[half]);
  workRe[0] = scale * (re[0] - re[half]);
  for (let k = 1; k < half; k++) {
    const c = fft.cosines[k];
    const s = fft.sines[k];
    const er = re[k] + re[half - k];
    const ei = im[k] - im[half - k];
    const or = re[k] - re[half - k];
    const oi = im[k] + im[half - k];
    workIm[k] = scale * (er - c * oi - s * or);
    workRe[k] = scale * (ei + c * or - s * oi);
  }
  let aRe = workRe;
  let aIm = workIm;
  let bRe = re;
  let bIm = im;
  for (const step of fft.stages) {
    fft.stage4(fft, half, step, aRe, aIm, bRe, bIm);
    [aRe, bRe] = [bRe, aRe];
    [aIm, bIm] = [bIm, aIm];
  }
  if (fft.hasLast) {
    fft.stage2(half, aRe, aIm, bRe, bIm);
    aRe = bRe;
    aIm = bIm;
  }
  for (let k = 0; k < half; k++) {
    x[2 * k] = aIm[k];
    x[2 * k + 1] = aRe[k];
  }
}
