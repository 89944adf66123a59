// This module is real-time safe.
/**
 * Hyperbolic functions. Kernel language; errors are those of f32 arithmetic, swept by
 * `tests/core/math/`. Coefficients: `tools/minimax.ts`.
 *
 * @module
 */
import type { MathContext } from "./context.ts";

/**
 * tanh(x) as x P(x^2) / Q(x^2) with P and Q of degree 4, for |x| <= 9; constant beyond, where f32
 * knows no number between it and 1.
 *
 * Domain: all x. Error: 4e-7 relative; |tanh(x)| <= 1. Cost: 25 operations with one division.
 * NaN gives NaN.
 */
export function tanh(x: number, _context: MathContext): number {
  const c = Math.min(Math.max(x, -9), 9);
  const z = c * c;
  const p = c * (1 +
    z * (0.13383960723876953 +
        z * (0.0034989730920642614 +
            z * (0.000020660894733737223 + z * 1.3419334088382584e-8))));
  const q = 1 +
    z * (0.4671728312969208 +
        z * (0.025890115648508072 +
            z * (0.00032910023583099246 + z * 7.804514439158083e-7)));
  return Math.min(Math.max(p / q, -1), 1); // rounding must not lead past 1
}

/**
 * sinh(x): a polynomial below 1, exponentials above.
 *
 * Domain: all x; Infinity from 88.72 on. Error: 2.5e-7 relative. Cost: 43 operations with one division.
 */
export function sinh(x: number, context: MathContext): number {
  const a = Math.abs(x);
  const z = x * x;
  const small = a + a * z *
      (0.1666666716337204 +
        z * (0.00833331048488617 + z * (0.00019842895562760532 + z * 0.0000027822131869470468)));
  const h = 0.5 * Math.exp(a);
  const r = a < 1 ? small : h - 0.25 / h;
  return context.bitsToFloat(context.floatToBits(r) ^ (context.floatToBits(x) & 0x80000000));
}

/** cosh(x). Domain: all x; Infinity from 88.72 on. Error: 2.3e-7 relative. Cost: 29 operations with one division. */
export function cosh(x: number, _context: MathContext): number {
  const h = 0.5 * Math.exp(Math.abs(x));
  return h + 0.25 / h;
}
