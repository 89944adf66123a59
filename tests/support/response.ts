/** Frequency responses of nodes, and complex arithmetic for the formulas they are compared with. @module */
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import { assertAlmostEquals } from "@std/assert";
import { decibels, fft } from "./fft.ts";
import { impulseResponse, type ResponseOptions } from "../../measure/response.ts";

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

export const complex = (re: number, im = 0): Complex => ({ re, im });
export const add = (...all: Complex[]): Complex =>
  all.reduce((a, b) => complex(a.re + b.re, a.im + b.im));
export const mul = (a: Complex, b: Complex): Complex =>
  complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
export const scale = (a: Complex, f: number): Complex => complex(a.re * f, a.im * f);
export const div = (a: Complex, b: Complex): Complex =>
  scale(mul(a, complex(b.re, -b.im)), 1 / (b.re ** 2 + b.im ** 2));
export const abs = (a: Complex): number => Math.hypot(a.re, a.im);
/** e^(j x). */
export const turn = (x: number): Complex => complex(Math.cos(x), Math.sin(x));

/** Gains of the bins 0..frames/2, by the library's own measurement. */
export function measureResponse(
  definition: NodeDefinition,
  params: ResponseOptions["params"] = {},
  { frames = 65536, level = 1 } = {},
): Complex[] {
  const re = new Float64Array(frames);
  re.set(impulseResponse(definition, { params, level }).subarray(0, frames));
  const im = new Float64Array(frames);
  fft(re, im);
  return Array.from({ length: frames / 2 + 1 }, (_, k) => complex(re[k], im[k]));
}

/** Checks measured gains against a formula of frequency (in turns a sample), where they are above `floor`. */
export function assertResponse(
  measured: readonly Complex[],
  formula: (frequency: number) => number,
  { tolerance = 0.01, floor = 1e-3, from = 20 } = {},
): void {
  const frames = 2 * (measured.length - 1);
  for (let k = from; k < measured.length - 100; k += 37) {
    const want = formula(k / frames);
    if (want < floor) continue;
    assertAlmostEquals(decibels(abs(measured[k]) / want), 0, tolerance, `${k / frames} turns`);
  }
}
