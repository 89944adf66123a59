/** Steady signals and gates, for measurements. @module */
import { type AnyDefinition, type Event, play, type Values } from "./play.ts";

/** The last values of a node's outputs for steady inputs. */
export function steady(
  node: AnyDefinition,
  params: Values,
  inputs: readonly number[],
  frames = 64,
): number[] {
  return play(node, frames, { params, input: (_, c) => inputs[c] ?? 0 }).map((w) => w[frames - 1]);
}

/** Rises of a gate parameter, `every` frames. */
export function gates(param: string, every: number, count: number): Event[] {
  return Array.from({ length: count }, (_, k): Event[] => [
    [k * every, param, 1],
    [k * every + Math.floor(every / 2), param, 0],
  ]).flat();
}

/** Gates of several settings, one above the other. */
export function gateCurves(waves: readonly (readonly [string, ArrayLike<number>])[]) {
  return waves.map(([label, wave], k) => ({
    label,
    wave: Float32Array.from(wave, (y) => 0.7 * y + (waves.length - 1 - k)),
  }));
}

/** What a node makes of a clock. */
export const bang = (node: AnyDefinition, params: Values, count = 16, every = 3000) =>
  play(node, count * every, { params, events: gates("clock", every, count) })[0];
