/**
 * Derives the coefficients in `core/math`: weighted minimax fits, with the coefficients rounded to
 * f32 one after another so that each later one makes up for the rounding of the earlier.
 *
 *     deno run tools/minimax.ts            # all fits: coefficients and largest weighted error
 *     deno run tools/minimax.ts tanh log2  # some
 *
 * A fit is `sum(c[k] * basis[k](x)) ~ target(x)`, the largest `weight(x) * |difference|` being as
 * small as can be. Rational functions P/Q are fitted as `P - f * (Q - 1) ~ f` with weight `1/Q`,
 * Q taken from the round before (H. L. Loeb, "Algorithms for Chebyshev approximations using the
 * ratio of linear forms", SIAM 1960).
 *
 * @module
 */

type Fn = (x: number) => number;

/** Solves a square system by Gaussian elimination with row pivoting. */
function solve(a: number[][], b: number[]): number[] {
  const n = b.length;
  const m = a.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(m[r][c]) > Math.abs(m[pivot][c])) pivot = r;
    [m[c], m[pivot]] = [m[pivot], m[c]];
    for (let r = c + 1; r < n; r++) {
      const f = m[r][c] / m[c][c];
      for (let k = c; k <= n; k++) m[r][k] -= f * m[c][k];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let r = n - 1; r >= 0; r--) {
    let s = m[r][n];
    for (let k = r + 1; k < n; k++) s -= m[r][k] * x[k];
    x[r] = s / m[r][r];
  }
  return x;
}

/** Remez exchange on a dense grid: coefficients and the largest weighted error. */
export function minimax(
  target: Fn,
  basis: readonly Fn[],
  [low, high]: readonly [number, number],
  weight: Fn,
): { coefficients: number[]; error: number } {
  const n = basis.length;
  const points = 4000;
  const grid = Array.from(
    { length: points },
    (_, k) => low + (high - low) * (0.5 - 0.5 * Math.cos(Math.PI * (k + 0.5) / points)),
  );
  let reference = Array.from({ length: n + 1 }, (_, k) => Math.floor((k + 0.5) * points / (n + 1)));
  let coefficients: number[] = [];
  let error = Infinity;
  for (let round = 0; round < 60; round++) {
    const rows = reference.map((at, k) => [
      ...basis.map((phi) => phi(grid[at])),
      (k % 2 ? -1 : 1) / weight(grid[at]),
    ]);
    const solution = solve(rows, reference.map((at) => target(grid[at])));
    const c = solution.slice(0, n);
    const level = Math.abs(solution[n]);
    const residual = grid.map((x) =>
      weight(x) * (target(x) - basis.reduce((s, phi, k) => s + c[k] * phi(x), 0))
    );
    const largest = residual.reduce((m, e) => Math.max(m, Math.abs(e)), 0);
    if (largest < error) [error, coefficients] = [largest, c];
    if (largest <= level * (1 + 1e-6)) break;
    // The largest residual of each run of one sign; of those, the n + 1 around the largest.
    const extrema: number[] = [];
    for (let k = 0; k < points; k++) {
      const last = extrema.length - 1;
      if (last >= 0 && residual[extrema[last]] * residual[k] > 0) {
        if (Math.abs(residual[k]) > Math.abs(residual[extrema[last]])) extrema[last] = k;
      } else extrema.push(k);
    }
    while (extrema.length > n + 1) {
      const first = Math.abs(residual[extrema[0]]);
      const last = Math.abs(residual[extrema[extrema.length - 1]]);
      if (first < last) extrema.shift();
      else extrema.pop();
    }
    if (extrema.length < n + 1) break; // a rounded earlier coefficient dominates: nothing to gain
    reference = extrema;
  }
  return { coefficients, error };
}

/** The same with coefficients that are f32, rounded in order. `fixed` gives the first ones. */
export function minimaxF32(
  target: Fn,
  basis: readonly Fn[],
  range: readonly [number, number],
  weight: Fn,
  fixed: readonly number[] = [],
): { coefficients: number[]; error: number } {
  const found = [...fixed];
  let error = 0;
  while (found.length < basis.length) {
    const known = found.length;
    const left: Fn = (x) => target(x) - found.reduce((s, c, k) => s + c * basis[k](x), 0);
    const free = basis.slice(known);
    const plain = minimax(left, free, range, weight);
    // Where the first free function changes sign, the error alternates only after division by it.
    const first = basis[known];
    const divided = minimax(
      (x) => left(x) / first(x),
      free.map((phi): Fn => (x) => phi(x) / first(x)),
      range,
      (x) => weight(x) * Math.abs(first(x)),
    );
    const rest = plain.error < divided.error ? plain : divided;
    error = rest.error;
    found.push(Math.fround(rest.coefficients[0]));
  }
  return { coefficients: found, error };
}

const powers = (from: number, to: number, step = 1): Fn[] => {
  const list: Fn[] = [];
  for (let k = from; k <= to; k += step) list.push((x) => x ** k);
  return list;
};

/** P (given basis) over Q = 1 + sum(q[k] * basis). */
export function rationalF32(
  target: Fn,
  numerator: readonly Fn[],
  denominator: readonly Fn[],
  range: readonly [number, number],
  weight: Fn,
  fixed: readonly number[] = [],
): { coefficients: number[]; error: number } {
  const n = numerator.length;
  const basis = [...numerator, ...denominator.map((phi): Fn => (x) => -target(x) * phi(x))];
  let weightNow = weight;
  for (let round = 0; round < 12; round++) {
    const q = minimax(target, basis, range, weightNow).coefficients.slice(n);
    weightNow = (x) => weight(x) / q.reduce((s, c, k) => s + c * denominator[k](x), 1);
  }
  return minimaxF32(target, basis, range, weightNow, fixed);
}

/** All fits, by the name of the function in `core/math`. */
export const FITS: Record<string, () => { coefficients: number[]; error: number }> = {
  // sin(2 pi r) = y * Q(y) with the parabola y = r * (0.5 - r), y in [0, 1/16]. Absolute error.
  sinTurns: () =>
    minimaxF32(
      (y) => Math.cos(2 * Math.PI * Math.sqrt(Math.max(0, 1 / 16 - y))),
      powers(1, 4),
      [0, 1 / 16],
      () => 1,
    ),
  // sin(r) = r + r^3 * P(r^2), |r| <= pi/2. Absolute error.
  sin: () => minimaxF32(Math.sin, powers(1, 9, 2), [0, Math.PI / 2], () => 1, [1]),
  // tan(r) = (r + p r^3) / Q(r^2), |r| <= pi/4. Relative error.
  tan: () =>
    rationalF32(
      Math.tan,
      powers(1, 3, 2),
      powers(2, 4, 2),
      [1e-6, Math.PI / 4],
      (x) => 1 / Math.tan(x),
      [1],
    ),
  // tan(pi x) = x * P(x^2) / ((0.5 - x) * (0.5 + x)), |x| < 0.5. Relative error.
  tanPi: () => minimaxF32(tanPi, powers(0, 4), [1e-12, 0.25], (z) => 1 / tanPi(z)),
  // atan(t) = t + t^3 * P(t^2), t in [0, 1]. Absolute error.
  atan: () => minimaxF32(Math.atan, powers(1, 15, 2), [0, 1], () => 1, [1]),
  // asin(t) = t + t^3 * P(t^2), t in [0, 0.5]. Relative error.
  asin: () => minimaxF32(Math.asin, powers(1, 11, 2), [1e-6, 0.5], (x) => 1 / Math.asin(x), [1]),
  // 2^r, |r| <= 0.5, and exactly 1 at 0. Relative error.
  exp2: () => minimaxF32((x) => 2 ** x, powers(0, 6), [-0.5, 0.5], (x) => 2 ** -x, [1]),
  // e^r, |r| <= ln(2)/2, and exactly 1 at 0. Relative error.
  exp: () => minimaxF32(Math.exp, powers(0, 5), [-0.3466, 0.3466], (x) => Math.exp(-x), [1]),
  // log((1 + s)/(1 - s)) = s * P(s^2), |s| <= (sqrt2 - 1)/(sqrt2 + 1). Relative error.
  log2: () => logarithm(Math.LOG2E),
  log: () => logarithm(1),
  log10: () => logarithm(Math.LOG10E),
  // tanh(x) = x * P(x^2) / Q(x^2), |x| <= 9. Relative error.
  tanh: () =>
    rationalF32(
      Math.tanh,
      powers(1, 9, 2),
      powers(2, 8, 2),
      [1e-3, 9],
      (x) => 1 / Math.tanh(x),
      [1],
    ),
  // sinh(x) = x + x^3 * P(x^2), |x| <= 1. Relative error.
  sinh: () => minimaxF32(Math.sinh, powers(1, 9, 2), [1e-6, 1], (x) => 1 / Math.sinh(x), [1]),
};

/** tan(pi x) (1/4 - x^2) / x as a function of x^2: smooth up to x = 1.5. */
function tanPi(z: number): number {
  const x = Math.sqrt(z);
  return Math.abs(0.5 - x) < 1e-9 ? 2 / Math.PI : Math.tan(Math.PI * x) * (0.25 - z) / x;
}
function logarithm(scale: number): { coefficients: number[]; error: number } {
  const edge = (Math.SQRT2 - 1) / (Math.SQRT2 + 1);
  const f = (s: number) => 2 * scale * Math.atanh(s);
  return minimaxF32(f, powers(1, 7, 2), [1e-6, edge], (s) => 1 / f(s));
}

if (import.meta.main) {
  const names = Deno.args.length ? Deno.args : Object.keys(FITS);
  for (const name of names) {
    const { coefficients, error } = FITS[name]();
    console.log(`${name}: error ${error.toExponential(2)}`);
    for (const c of coefficients) console.log(`  ${Math.fround(c)}`);
  }
}
