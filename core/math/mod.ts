// This module is real-time safe.
/**
 * The project's own f32 approximations, by the names that a `tick` calls. The compiler inlines them
 * from their source text, so they are written in the kernel language and name nothing outside.
 *
 * @module
 */
import { acos, asin, atan, atan2 } from "./inverse_trig.ts";
import { cbrt, exp, exp2, log, log10, log2, pow } from "./exponential.ts";
import { cosh, sinh, tanh } from "./hyperbolic.ts";
import { cos, cosTurns, sin, sinTurns, tan, tanPi } from "./trig.ts";

/** Function by name. Arguments first, the context last. */
export const MATH = {
  sin,
  cos,
  tan,
  sinTurns,
  cosTurns,
  tanPi,
  asin,
  acos,
  atan,
  atan2,
  exp,
  exp2,
  log,
  log2,
  log10,
  pow,
  sinh,
  cosh,
  tanh,
  cbrt,
} as const;

/** Name of a function in {@linkcode MATH}. */
export type MathName = keyof typeof MATH;
