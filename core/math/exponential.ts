// This module is real-time safe.
/**
 * Exponentials, logarithms, powers and the cube root. Kernel language; errors are those of f32
 * arithmetic, swept by `tests/core/math/`. Coefficients: `tools/minimax.ts`.
 *
 * @module
 */
import type { MathContext } from "./context.ts";

/**
 * 2^x: the integer part is added to the exponent's bits, the rest is a polynomial of degree 6.
 *
 * Domain: all x; below -126 it is 0 (no subnormals), from 128 on Infinity. Integers are exact.
 * Error: 1e-7 relative. Cost: 21 operations. NaN gives NaN.
 */
export function exp2(x: number, context: MathContext): number {
  const c = Math.min(x, 128);
  const n = Math.floor(c + 0.5);
  const r = c - n;
  const p = 1 +
    r * (0.6931471824645996 +
        r * (0.24022650718688965 +
            r * (0.055503636598587036 +
                r * (0.009617913514375687 +
                    r * (0.001339106005616486 + r * 0.00015565668581984937)))));
  const y = context.bitsToFloat((context.floatToBits(p) + ((n | 0) << 23)) | 0);
  return c < -126 ? 0 : y;
}

/**
 * e^x: n = round(x / ln 2) is taken off in two parts (Cody and Waite), the rest is a polynomial of
 * degree 5, and n is added to the exponent's bits.
 *
 * Domain: all x; below -87.33 it is 0 (no subnormals), above 88.72 Infinity.
 * Error: 2e-7 relative. Cost: 24 operations. NaN gives NaN.
 */
export function exp(x: number, context: MathContext): number {
  const n = Math.floor(x * 1.4426950408889634 + 0.5);
  const r = (x - n * 0.693359375) - n * -2.12194440e-4;
  const p = 1 +
    r * (0.9999997019767761 +
        r * (0.49999168515205383 +
            r * (0.16667701303958893 + r * (0.041896410286426544 + r * 0.008284348994493484))));
  const y = context.bitsToFloat((context.floatToBits(p) + ((n | 0) << 23)) | 0);
  return x < -87.33 ? 0 : x > 88.72 ? Infinity : y;
}

/**
 * log2(x): x = 2^e m with m in [sqrt(1/2), sqrt(2)), and log2(m) = s P(s^2) with
 * s = (m - 1)/(m + 1), the series of artanh.
 *
 * Domain: all x >= 0; log2(0) = -Infinity; negative and NaN give NaN; subnormals give about -127.
 * Powers of two are exact. Error: 2.3e-7 relative. Cost: 22 operations with one division.
 */
export function log2(x: number, context: MathContext): number {
  const bits = context.floatToBits(x);
  const e = ((bits - 0x3f3504f3) | 0) >> 23;
  const m = context.bitsToFloat((bits - (e << 23)) | 0);
  const s = (m - 1) / (m + 1);
  const z = s * s;
  const y = e + s * (2.885390043258667 +
        z * (0.9618218541145325 + z * (0.5745982527732849 + z * 0.48009762167930603)));
  return x > 0 ? (x < Infinity ? y : x) : (x === 0 ? -Infinity : NaN);
}

/** Natural logarithm, as {@linkcode log2}. Error: 2.3e-7 relative. Cost: 25 operations with one division. */
export function log(x: number, context: MathContext): number {
  const bits = context.floatToBits(x);
  const e = ((bits - 0x3f3504f3) | 0) >> 23;
  const m = context.bitsToFloat((bits - (e << 23)) | 0);
  const s = (m - 1) / (m + 1);
  const z = s * s;
  const p = s * (2 + z * (0.6666677594184875 + z * (0.3997758626937866 + z * 0.29870694875717163)));
  const y = e * 0.693359375 + (p + e * -2.12194440e-4);
  return x > 0 ? (x < Infinity ? y : x) : (x === 0 ? -Infinity : NaN);
}

/** Decimal logarithm, as {@linkcode log2}. Error: 2.3e-7 relative. Cost: 25 operations with one division. */
export function log10(x: number, context: MathContext): number {
  const bits = context.floatToBits(x);
  const e = ((bits - 0x3f3504f3) | 0) >> 23;
  const m = context.bitsToFloat((bits - (e << 23)) | 0);
  const s = (m - 1) / (m + 1);
  const z = s * s;
  const p = s * (0.8685889840126038 +
    z * (0.28951776027679443 + z * (0.17473657429218292 + z * 0.10452286899089813)));
  const y = e * 0.30078125 + (p + e * 2.4874566979777e-4);
  return x > 0 ? (x < Infinity ? y : x) : (x === 0 ? -Infinity : NaN);
}

/**
 * x^y = 2^(y log2 x). The product of y with the exponent of x is split so that its integer part is
 * exact; what is left of the error comes from y times the logarithm of the mantissa.
 *
 * Domain: x >= 0 and finite y; for negative x an integer y gives the signed power, others NaN.
 * x^0 = 1 for every x; 0^y is 0 or Infinity by the sign of y; results below 2^-126 are 0.
 * Error: (2 + 1.5 |y log2 m|) 1e-7 relative, m the mantissa in [0.71, 1.42): 2e-7 for |y| <= 2,
 * 6e-7 for |y| <= 8. Cost: 65 operations with two divisions.
 */
export function pow(x: number, y: number, context: MathContext): number {
  const a = Math.abs(x);
  const bits = context.floatToBits(a);
  const e = ((bits - 0x3f3504f3) | 0) >> 23;
  const m = context.bitsToFloat((bits - (e << 23)) | 0);
  const s = (m - 1) / (m + 1);
  const z = s * s;
  const l = s * (2.885390043258667 +
    z * (0.9618218541145325 + z * (0.5745982527732849 + z * 0.48009762167930603)));
  const yHigh = context.bitsToFloat(context.floatToBits(y) & 0xfffff000);
  const whole = yHigh * e;
  const part = (y - yHigh) * e + y * l;
  const t = whole + part;
  const n = Math.floor(t + 0.5);
  const r = (whole - n) + part;
  const p = 1 +
    r * (0.6931471824645996 +
        r * (0.24022650718688965 +
            r * (0.055503636598587036 +
                r * (0.009617913514375687 +
                    r * (0.001339106005616486 + r * 0.00015565668581984937)))));
  const scaled = context.bitsToFloat((context.floatToBits(p) + ((n | 0) << 23)) | 0);
  const regular = t < -126 ? 0 : t >= 127.999 ? Infinity : scaled;
  const edge = y === 0 ? 1 : y > 0 ? a : 1 / a;
  const size = a > 0 && a < Infinity ? regular : edge;
  const half = y * 0.5;
  const odd = Math.floor(half) !== half;
  const signed = Math.floor(y) === y ? (odd ? -size : size) : NaN;
  return x < 0 ? signed : size;
}

/**
 * Cube root: a third of the bits as a first guess, then two steps of Halley's method, which is of
 * third order.
 *
 * Domain: |x| <= 1e38, and infinities. Error: 1.2e-7 relative. Cost: 27 operations with two divisions.
 * Subnormals are meaningless; NaN gives NaN.
 */
export function cbrt(x: number, context: MathContext): number {
  const a = Math.abs(x);
  const first = context.bitsToFloat((context.floatToBits(a) * 0.3333333333333333 + 709921077) | 0);
  const c1 = first * first * first;
  const second = first - first * ((c1 - a) / (c1 + c1 + a));
  const c2 = second * second * second;
  const third = second - second * ((c2 - a) / (c2 + c2 + a));
  const y = x < 0 ? -third : third;
  return a > 0 && a < Infinity ? y : x;
}
