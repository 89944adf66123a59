/** The mathematics of a `tick` in double precision: what the approximations stand for. @module */
import type { MathContext } from "./context.ts";

const word = new DataView(new ArrayBuffer(4));

/** A context that computes with the runtime's own `Math`, for running a `tick` as JavaScript. */
export function referenceContext(sampleRate: number): MathContext {
  const turn = 2 * Math.PI;
  return {
    sampleRate,
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    sinTurns: (x) => Math.sin(turn * (x - Math.floor(x + 0.5))),
    cosTurns: (x) => Math.cos(turn * (x - Math.floor(x + 0.5))),
    tanPi: (x) => Math.tan(Math.PI * x),
    asin: Math.asin,
    acos: Math.acos,
    atan: Math.atan,
    atan2: Math.atan2,
    exp: Math.exp,
    exp2: (x) => 2 ** x,
    log: Math.log,
    log2: Math.log2,
    log10: Math.log10,
    pow: Math.pow,
    sinh: Math.sinh,
    cosh: Math.cosh,
    tanh: Math.tanh,
    sqrt: Math.sqrt,
    cbrt: Math.cbrt,
    abs: Math.abs,
    sign: Math.sign,
    floor: Math.floor,
    ceil: Math.ceil,
    trunc: Math.trunc,
    round: Math.round,
    min: Math.min,
    max: Math.max,
    fround: Math.fround,
    imul: Math.imul,
    clamp: (x, low, high) => Math.min(Math.max(x, low), high),
    fract: (x) => x - Math.floor(x),
    mix: (a, b, t) => a + (b - a) * t,
    floatToBits(x) {
      word.setFloat32(0, x);
      return word.getInt32(0);
    },
    bitsToFloat(x) {
      word.setInt32(0, x);
      return word.getFloat32(0);
    },
  };
}
