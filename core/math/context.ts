// This module is real-time safe.
/** The mathematics that a `tick` gets as its last argument. @module */

/**
 * Sample rate and functions. Each function is the project's own approximation in f32 arithmetic
 * (`core/math`), so every engine and machine computes the same bits. Stated are the domain and the
 * largest error, as a test sweeps them. NaN in gives NaN out unless said otherwise.
 *
 * The same functions may be called as `Math.sin(x)` and so on.
 */
export interface MathContext {
  /** Frames per second: a constant of the engine. */
  readonly sampleRate: number;
  /** Sine of x in radians; |x| <= 8192; 1.2e-7 absolute. */
  sin(x: number): number;
  /** Cosine of x in radians; |x| <= 8192; 1.2e-7 absolute. */
  cos(x: number): number;
  /** Tangent of x in radians; |x| <= 8192; 2.5e-7 relative for |x| <= 100. */
  tan(x: number): number;
  /** sin(2 pi x): the sine of a phase in turns; any finite x; 2.3e-7 absolute. Cheaper than `sin`. */
  sinTurns(x: number): number;
  /** cos(2 pi x); any finite x; 2.3e-7 absolute. */
  cosTurns(x: number): number;
  /** tan(pi x), for bilinear warping; |x| < 0.5; 3e-7 relative. */
  tanPi(x: number): number;
  /** [-1, 1], else NaN; 2.7e-7 relative. */
  asin(x: number): number;
  /** [-1, 1], else NaN; 3e-7 absolute. */
  acos(x: number): number;
  /** Any x; 3e-7 relative. */
  atan(x: number): number;
  /** Angle of (x, y), not both infinite; 4e-7 absolute. (0, 0) gives 0. */
  atan2(y: number, x: number): number;
  /** e to the x; 2e-7 relative; 0 below -87.33, Infinity above 88.72. */
  exp(x: number): number;
  /** 2 to the x; 1e-7 relative, exact for integers; 0 below -126, Infinity from 128 on. */
  exp2(x: number): number;
  /** x >= 0, else NaN; 2.3e-7 relative. */
  log(x: number): number;
  /** x >= 0, else NaN; 2.3e-7 relative, exact for powers of two. */
  log2(x: number): number;
  /** x >= 0, else NaN; 2.3e-7 relative. */
  log10(x: number): number;
  /** x to the finite y; 2e-7 relative for |y| <= 2, 6e-7 for |y| <= 8. Negative x needs an integer y. */
  pow(x: number, y: number): number;
  /** 2.5e-7 relative; infinite from |x| = 88.72 on. */
  sinh(x: number): number;
  /** 2.3e-7 relative; infinite from |x| = 88.72 on. */
  cosh(x: number): number;
  /** Any x; 4e-7 relative, never beyond 1. */
  tanh(x: number): number;
  /** Exact to the last bit. */
  sqrt(x: number): number;
  /** |x| <= 1e38; 1.2e-7 relative. */
  cbrt(x: number): number;
  /** |x|. */
  abs(x: number): number;
  /** -1, 0 or 1. */
  sign(x: number): number;
  /** Down to a whole number. */
  floor(x: number): number;
  /** Up to a whole number. */
  ceil(x: number): number;
  /** Towards zero to a whole number. */
  trunc(x: number): number;
  /** floor(x + 0.5). */
  round(x: number): number;
  /** The smaller one; NaN if either is. */
  min(x: number, y: number): number;
  /** The larger one; NaN if either is. */
  max(x: number, y: number): number;
  /** x: all arithmetic is in f32 already. */
  fround(x: number): number;
  /** The low 32 bits of the product of two integers. */
  imul(x: number, y: number): number;
  /** x limited to [low, high]. */
  clamp(x: number, low: number, high: number): number;
  /** x - floor(x), in [0, 1). */
  fract(x: number): number;
  /** a + (b - a) * t. */
  mix(a: number, b: number, t: number): number;
  /** The bits of an f32 as an i32. */
  floatToBits(x: number): number;
  /** The f32 with these bits. */
  bitsToFloat(x: number): number;
}
