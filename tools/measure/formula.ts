/** Responses beside the formulas that they should follow. @module */
import { response, type ResponsePoint } from "../../measure/response.ts";
import type { Figure } from "./entry.ts";
import { type AnyDefinition, spread, type Values } from "./play.ts";

/** The largest difference to a formula in dB, where that is above -60 dB. */
export function worst(
  node: AnyDefinition,
  params: Values,
  formula: (hertz: number) => number,
  options: { from?: number; level?: number; output?: string } = {},
): number {
  const { from = 20, level, output } = options;
  const points = response(node, spread(from, 20_000, 60, true), { params, level, output });
  return Math.max(...points.map(({ frequency, gainDb }: ResponsePoint) => {
    const want = 20 * Math.log10(formula(frequency));
    return want < -60 ? 0 : Math.abs(gainDb - want);
  }));
}

/** tan(pi f / rate) of a frequency over that of the cutoff: the warped axis of the bilinear transform. */
export const warped = (hertz: number, cutoff: number): number =>
  Math.tan(Math.PI * hertz / 48_000) / Math.tan(Math.PI * cutoff / 48_000);

/** A figure of how far a response is from its formula. */
export const formulaError = (what: string, atMost: number, measure: () => number): Figure => ({
  what: `error of the response against ${what}`,
  unit: "dB",
  digits: 4,
  limit: { atMost },
  measure,
});

/** The gain in dB at one frequency. */
export const gainAt = (
  node: AnyDefinition,
  hertz: number,
  params: Values,
  level?: number,
): number => response(node, [hertz], { params, level })[0].gainDb;
