/** The mathematics that a `tick` gets as its last argument. @module */

/** Sample rate and functions. Each function is the project's own approximation, the same bits everywhere. */
export interface MathContext {
  /** Frames per second: a constant of the engine. */
  readonly sampleRate: number;
  sin(x: number): number;
  cos(x: number): number;
  tan(x: number): number;
  /** sin(2 pi x): the sine of a phase in turns; cheaper and exact in period. */
  sinTurns(x: number): number;
  /** cos(2 pi x). */
  cosTurns(x: number): number;
  /** tan(pi x), for bilinear warping; x in [0, 0.499]. */
  tanPi(x: number): number;
  asin(x: number): number;
  acos(x: number): number;
  atan(x: number): number;
  atan2(y: number, x: number): number;
  exp(x: number): number;
  /** 2 to the x. */
  exp2(x: number): number;
  log(x: number): number;
  log2(x: number): number;
  log10(x: number): number;
  pow(x: number, y: number): number;
  sinh(x: number): number;
  cosh(x: number): number;
  tanh(x: number): number;
  sqrt(x: number): number;
  cbrt(x: number): number;
  abs(x: number): number;
  sign(x: number): number;
  floor(x: number): number;
  ceil(x: number): number;
  trunc(x: number): number;
  round(x: number): number;
  min(x: number, y: number): number;
  max(x: number, y: number): number;
  fround(x: number): number;
  imul(x: number, y: number): number;
  /** x limited to [low, high]. */
  clamp(x: number, low: number, high: number): number;
  /** x - floor(x), in [0, 1). */
  fract(x: number): number;
  /** a + (b - a) * t. */
  mix(a: number, b: number, t: number): number;
  /** The bits of an f32 as an i32, and back. */
  floatToBits(x: number): number;
  bitsToFloat(x: number): number;
}
