// This module is real-time safe.
/**
 * Inverse trigonometric functions. Kernel language; errors are those of f32 arithmetic, swept by
 * `tests/core/math/`. Coefficients: `tools/minimax.ts`.
 *
 * @module
 */
import type { MathContext } from "./context.ts";

/**
 * atan(x) by a polynomial of degree 15 on [0, 1] and atan(x) = pi/2 - atan(1/x).
 *
 * Domain: all x, infinities too. Error: 2e-7 absolute, 3e-7 relative. Cost: 25 operations with one division.
 */
export function atan(x: number, context: MathContext): number {
  const a = Math.abs(x);
  const over = a > 1;
  const t = (over ? 1 : a) / (over ? a : 1);
  const z = t * t;
  const p = t + t * z *
      (-0.3333165943622589 +
        z * (0.199627086520195 +
            z * (-0.13976602256298065 +
                z * (0.0979427620768547 +
                    z * (-0.057774025946855545 +
                        z * (0.023040352389216423 + z * -0.004355443641543388))))));
  const r = over ? 1.5707963267948966 - p : p;
  return context.bitsToFloat(context.floatToBits(r) ^ (context.floatToBits(x) & 0x80000000));
}

/**
 * The angle of (x, y) in (-pi, pi].
 *
 * Domain: all finite x and y; (0, 0) gives 0; x = -0 counts as 0. Error: 4e-7 absolute.
 * Cost: 32 operations with one division. NaN, or two infinities, give NaN.
 */
export function atan2(y: number, x: number, context: MathContext): number {
  const a = Math.abs(x);
  const b = Math.abs(y);
  const steep = b > a;
  const high = steep ? b : a;
  const t = (steep ? a : b) / (high === 0 ? 1 : high);
  const z = t * t;
  const p = t + t * z *
      (-0.3333165943622589 +
        z * (0.199627086520195 +
            z * (-0.13976602256298065 +
                z * (0.0979427620768547 +
                    z * (-0.057774025946855545 +
                        z * (0.023040352389216423 + z * -0.004355443641543388))))));
  const q = steep ? 1.5707963267948966 - p : p;
  const r = x < 0 ? 3.141592653589793 - q : q;
  return context.bitsToFloat(context.floatToBits(r) ^ (context.floatToBits(y) & 0x80000000));
}

/**
 * asin(x) by a polynomial up to 0.5 and asin(x) = pi/2 - 2 asin(sqrt((1 - x)/2)) above.
 *
 * Domain: [-1, 1]; outside, and for NaN, NaN. Error: 2.7e-7 relative. Cost: 24 operations with one root.
 */
export function asin(x: number, context: MathContext): number {
  const a = Math.abs(x);
  const over = a > 0.5;
  const z = over ? (1 - a) * 0.5 : a * a;
  const s = over ? Math.sqrt(z) : a;
  const p = s + s * z *
      (0.16666752099990845 +
        z * (0.074953094124794 +
            z * (0.04546915367245674 + z * (0.02418474107980728 + z * 0.042158398777246475))));
  const r = over ? 1.5707963267948966 - 2 * p : p;
  return context.bitsToFloat(context.floatToBits(r) ^ (context.floatToBits(x) & 0x80000000));
}

/** acos(x), as {@linkcode asin}. Domain: [-1, 1]; outside, and for NaN, NaN. Error: 3e-7 absolute. */
export function acos(x: number, _context: MathContext): number {
  const a = Math.abs(x);
  const over = a > 0.5;
  const z = over ? (1 - a) * 0.5 : a * a;
  const s = over ? Math.sqrt(z) : a;
  const p = s + s * z *
      (0.16666752099990845 +
        z * (0.074953094124794 +
            z * (0.04546915367245674 + z * (0.02418474107980728 + z * 0.042158398777246475))));
  const below = x < 0;
  const inner = below ? 1.5707963267948966 + p : 1.5707963267948966 - p;
  const outer = below ? 3.141592653589793 - 2 * p : 2 * p;
  return over ? outer : inner;
}
