// This module is real-time safe.
/**
 * Sine, cosine and tangent. Kernel language; errors are those of f32 arithmetic, swept by
 * `tests/core/math/`. Coefficients: `tools/minimax.ts`.
 *
 * @module
 */
import type { MathContext } from "./context.ts";

/**
 * sin(2 pi x). A half wave is nearly the parabola r (0.5 - |r|), and *exactly* an entire function of
 * it: sin(2 pi r) = cos(2 pi sqrt(1/16 - y)) for y = r (0.5 - r). So four coefficients in y do what
 * a polynomial in r needs six for, and the wave has no even harmonics by construction.
 *
 * Domain: all finite x (exact period; |x| >= 2^23 has no fraction left and gives 0). Error: 2.3e-7
 * absolute, and |y| <= 1. Cost: 14 operations. NaN and infinities give NaN.
 */
export function sinTurns(x: number, _context: MathContext): number {
  const r = x - Math.floor(x + 0.5);
  const y = r * (0.5 - Math.abs(r));
  const a = Math.abs(y);
  return y * (12.566344261169434 +
    a * (50.26957321166992 + a * (71.19349670410156 + a * 56.143795013427734)));
}

/** cos(2 pi x): as {@linkcode sinTurns}, a quarter turn on. Error: 2.3e-7 absolute. Cost: 16 operations. */
export function cosTurns(x: number, _context: MathContext): number {
  const r = 0.25 - Math.abs(x - Math.floor(x + 0.5));
  const y = r * (0.5 - Math.abs(r));
  const a = Math.abs(y);
  return y * (12.566344261169434 +
    a * (50.26957321166992 + a * (71.19349670410156 + a * 56.143795013427734)));
}

/**
 * sin(x). The nearest multiple of pi is taken off in three parts of which n can multiply the first
 * two without rounding (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions",
 * 1980); then an odd polynomial of degree 9.
 *
 * Domain: |x| <= 8192; the error grows with x beyond, and above 1e6 the result may leave [-1, 1]
 * (for a running phase use `sinTurns`). Error: 1.2e-7 absolute. Cost: 22 operations. NaN and infinities give NaN.
 */
export function sin(x: number, context: MathContext): number {
  const n = Math.floor(x * 0.3183098861837907 + 0.5);
  const r = ((x - n * 3.140625) - n * 9.67502593994140625e-4) - n * 1.509957990978376432e-7;
  const z = r * r;
  const y = r + r * z *
      (-0.16666656732559204 +
        z * (0.008333008736371994 + z * (-0.00019806050103402307 + z * 0.0000025989337463892065)));
  return context.bitsToFloat(context.floatToBits(y) ^ ((n | 0) << 31));
}

/** cos(x): as {@linkcode sin}, with odd multiples of pi / 2 taken off. Same domain, error and cost + 2. */
export function cos(x: number, context: MathContext): number {
  const n = Math.floor(x * 0.3183098861837907);
  const h = n + 0.5;
  const r = ((x - h * 3.140625) - h * 9.67502593994140625e-4) - h * 1.509957990978376432e-7;
  const z = r * r;
  const y = r + r * z *
      (-0.16666656732559204 +
        z * (0.008333008736371994 + z * (-0.00019806050103402307 + z * 0.0000025989337463892065)));
  return context.bitsToFloat(context.floatToBits(y) ^ (((n | 0) + 1 | 0) << 31));
}

/**
 * tan(x): reduced to |r| <= pi / 4 as in {@linkcode sin}; there r P(r^2) / Q(r^2), and for an odd
 * multiple of pi / 2 its negative reciprocal, with one division.
 *
 * Domain: |x| <= 8192. Error: 2.5e-7 relative for |x| <= 100.
 * Cost: 25 operations with one division. NaN and infinities give NaN.
 */
export function tan(x: number, _context: MathContext): number {
  const n = Math.floor(x * 0.6366197723675814 + 0.5);
  const r = ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.54978995489188216e-8;
  const z = r * r;
  const p = r + r * z * -0.09578011929988861;
  const q = 1 + z * (-0.4291139543056488 + z * 0.009709084406495094);
  const even = Math.floor(n * 0.5) * 2 === n;
  return (even ? p : -q) / (even ? q : p);
}

/**
 * tan(pi x), which warps a normalised frequency for the bilinear transform. The poles at +-0.5
 * stand in the denominator, so the polynomial that is left is nearly a straight line in x^2.
 *
 * Domain: |x| < 0.5. Error: 3e-7 relative. Cost: 14 operations with one division.
 * At +-0.5 it is +-Infinity; beyond, meaningless; NaN gives NaN.
 */
export function tanPi(x: number, _context: MathContext): number {
  const z = x * x;
  const p = 0.7853981256484985 +
    z * (-0.5577294826507568 +
        z * (-0.13496625423431396 + z * (-0.05064321309328079 + z * -0.03054027631878853)));
  return x * p / ((0.5 - x) * (0.5 + x));
}
