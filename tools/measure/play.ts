/** Sounds of single nodes, for measurements. @module */
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import { type InputSignal, Solo } from "../../measure/solo.ts";

/** Definitions of whatever ports and parameters. */
// deno-lint-ignore no-explicit-any
export type AnyDefinition = NodeDefinition<any, any, any>;
/** Values by parameter name. */
export type Values = Readonly<Record<string, number | string>>;

/** A change of a parameter at a frame. */
export type Event = readonly [frame: number, param: string, value: number];

/** What is played. */
export interface PlayOptions {
  readonly params?: Values;
  /** Default 48000. */
  readonly sampleRate?: number;
  /** Default: silence. */
  readonly input?: InputSignal;
  readonly events?: readonly Event[];
}

/** Plays a node by itself: one array for each output channel. */
export function play(
  definition: AnyDefinition,
  frames: number,
  { params, sampleRate, input, events = [] }: PlayOptions = {},
): Float32Array[] {
  const solo = new Solo(definition, { params, sampleRate });
  for (const [at, name, value] of events) {
    const param = solo.node.params[name];
    if (at === 0) param.set(value);
    else param.set(value, { at });
  }
  return solo.render(frames, input);
}

/** A sine of so many Hz, for all channels. */
export function sineInput(hertz: number, amplitude = 1, sampleRate = 48_000): InputSignal {
  return (t) => amplitude * Math.sin(2 * Math.PI * (hertz * t / sampleRate % 1));
}

/** Evenly spread noise in [-1, 1), the same each time. */
export function noiseInput(amplitude = 1): InputSignal {
  let state = 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    state ^= state >>> 13;
    return amplitude * state / 2 ** 31;
  };
}

/** 1 in frame 0. */
export const impulseInput: InputSignal = (t) => t === 0 ? 1 : 0;

/** So many numbers from `from` to `to`, equally far apart, or by equal ratios. */
export function spread(from: number, to: number, count: number, log = false): number[] {
  return Array.from({ length: count }, (_, k) => {
    const share = k / (count - 1);
    return log ? from * (to / from) ** share : from + (to - from) * share;
  });
}
