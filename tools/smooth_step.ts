/**
 * Derives the coefficients of `nodes/oscillators/smooth_step.ts`: an odd polynomial S on [-1, 1] with
 * S(1) = 1 and S'(1) = 0, whose slope is the impulse response of a low-pass filter.
 *
 *     deno run tools/smooth_step.ts      # coefficients, and the filter's response in dB
 *
 * The slope is (1 - t^2) P(t^2), so it ends without a jump. With t = time / (3.5 samples) its response
 * is to be 1 up to 15/48 of the sample rate and 0 from 0.77 on: what lies between folds onto
 * 0.23..0.5, above 10 kHz at 44.1 kHz. The stop band is weighted by the amplitude 1/f of a
 * sawtooth's harmonics. Minimax by C. L. Lawson's reweighted least squares (1961).
 *
 * @module
 */

/** Half the length of the step in samples. */
const HALF_WIDTH = 3.5;
/** Degree of P. */
const DEGREE = 6;
const PASS_EDGE = 15 / 48;
const STOP_EDGE = 0.77;
const STOP_END = 3;
/** An error of 1 in the pass band counts as much as an alias of -60 dB of a 2 kHz note at 48 kHz. */
const PASS_WEIGHT = 0.001;
const NOTE = 2 / 48;

const UNKNOWNS = DEGREE + 1;

/** Integrals over t in [0, 1] of (1 - t^2) t^(2k) cos(2 pi f t HALF_WIDTH), for each k. */
function responses(f: number): number[] {
  const points = 400;
  const sums = new Array<number>(UNKNOWNS).fill(0);
  for (let n = 0; n < points; n++) {
    const t = (n + 0.5) / points;
    let value = (1 - t * t) * Math.cos(2 * Math.PI * f * HALF_WIDTH * t) / points;
    for (let k = 0; k < UNKNOWNS; k++) {
      sums[k] += value;
      value *= t * t;
    }
  }
  return sums;
}

function solve(a: number[][], b: number[]): number[] {
  const n = b.length;
  const m = a.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(m[r][c]) > Math.abs(m[pivot][c])) pivot = r;
    [m[c], m[pivot]] = [m[pivot], m[c]];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const f = m[r][c] / m[c][c];
      for (let k = c; k <= n; k++) m[r][k] -= f * m[c][k];
    }
  }
  return m.map((row, k) => row[n] / row[k]);
}

interface Point {
  readonly wanted: number;
  readonly weight: number;
  readonly h: number[];
}

function points(): Point[] {
  const list: Point[] = [];
  for (let k = 1; k <= 60; k++) {
    list.push({ wanted: 1, weight: PASS_WEIGHT, h: responses(PASS_EDGE * k / 60) });
  }
  for (let k = 0; k < 200; k++) {
    const f = STOP_EDGE + (STOP_END - STOP_EDGE) * k / 200;
    list.push({ wanted: 0, weight: NOTE / f, h: responses(f) });
  }
  return list;
}

/** Coefficients of P. */
function design(): number[] {
  const list = points();
  const unity = responses(0);
  let shares = list.map(() => 1 / list.length);
  let best = { error: Infinity, p: [] as number[] };
  for (let round = 0; round < 400; round++) {
    // Least squares with a Lagrange multiplier for a response of 1 at 0 Hz.
    const a = Array.from({ length: UNKNOWNS + 1 }, () => new Array<number>(UNKNOWNS + 1).fill(0));
    const b = new Array<number>(UNKNOWNS + 1).fill(0);
    for (const [j, { wanted, weight, h }] of list.entries()) {
      const share = shares[j] * weight * weight;
      for (let r = 0; r < UNKNOWNS; r++) {
        for (let c = 0; c < UNKNOWNS; c++) a[r][c] += share * h[r] * h[c];
        b[r] += share * h[r] * wanted;
      }
    }
    for (let k = 0; k < UNKNOWNS; k++) a[k][UNKNOWNS] = a[UNKNOWNS][k] = unity[k];
    b[UNKNOWNS] = 1;
    const p = solve(a, b).slice(0, UNKNOWNS);
    const errors = list.map(({ wanted, weight, h }) => weight * Math.abs(dot(h, p) - wanted));
    const error = Math.max(...errors);
    if (error < best.error) best = { error, p };
    const raised = shares.map((share, j) => share * errors[j]);
    const total = raised.reduce((x, y) => x + y);
    shares = raised.map((share) => share / total);
  }
  return best.p;
}

function dot(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, value, k) => sum + value * y[k], 0);
}

/** A polynomial in z in powers of u = 1 - z: well conditioned where z goes up to 1. Rounded to f32. */
function fromEnd(coefficients: readonly number[]): number[] {
  const result = new Array<number>(coefficients.length).fill(0);
  for (const [power, value] of coefficients.entries()) {
    let binomial = 1;
    for (let k = 0; k <= power; k++) {
      result[k] += value * binomial * (k % 2 ? -1 : 1);
      binomial *= (power - k) / (k + 1);
    }
  }
  return result.map(Math.fround);
}

if (import.meta.main) {
  const p = design();
  const slope = [...p, 0].map((value, k) => value - (k > 0 ? p[k - 1] : 0));
  const raw = slope.map((value, k) => value / (2 * k + 1));
  const end = raw.reduce((x, y) => x + y); // 1, but for the error of the quadrature
  const step = raw.map((value) => value / end);
  const bend = step.map((value, k) => value / (2 * k + 2));
  const far = bend.reduce((x, y) => x + y);
  console.log("S(t) / t in powers of u = 1 - t^2:", fromEnd(step));
  console.log("1 + integral of S from 1 to t, in powers of u:", fromEnd([1 - far, ...bend]));
  for (const f of [0.1, 0.2, 0.25, 0.3125, 0.375, 0.4, 0.5, 0.6, 0.7, 0.77, 0.8, 1, 1.5, 2, 3]) {
    const gain = Math.abs(dot(responses(f), p));
    console.log(`${f} of the sample rate: ${(20 * Math.log10(gain)).toFixed(2)} dB`);
  }
}
