// This module is real-time safe.
/**
 * What grains have in common: parameters, state, and helpers in the kernel language.
 *
 * @module
 */
import { i32 } from "../../core/kernel/define_node.ts";
import type { IntegerState, NumberParamSpec, StateView } from "../../core/kernel/definition.ts";
import type { MathContext } from "../../core/math/context.ts";

type Names = "gate" | "density" | "pitch" | "pitchSpread" | "spread" | "shape" | "seed";
/** Parameters that mean the same wherever grains come from. */
export const GRAIN_PARAMS: { readonly [K in Names]: NumberParamSpec } = {
  gate: { min: 0, max: 1, default: 1, smooth: 0, about: "Above 0.5 grains start." },
  density: { unit: "Hz", min: 0.1, max: 500, default: 40, curve: "log", smooth: 0 },
  pitch: { unit: "cents", min: -2400, max: 2400, default: 0, smooth: 0 },
  pitchSpread: { unit: "cents", min: 0, max: 2400, default: 0, smooth: 0 },
  spread: { min: 0, max: 1, default: 0.5, smooth: 0, about: "Width of the stereo image." },
  shape: {
    min: 0.02,
    max: 1,
    default: 1,
    smooth: 0,
    about: "Share of a grain that rises and falls.",
  },
  seed: { min: 0, max: 65_535, default: 1, smooth: 0, about: "A whole number." },
};

/** State of eight grains and of what starts them. */
interface GrainState {
  readonly held: IntegerState;
  readonly clock: "phase";
  readonly count: IntegerState;
  /** By grain: fraction of a frame, age and what it grows by, speed, gains. */
  readonly between: readonly "phase"[];
  readonly age: readonly number[];
  readonly step: readonly number[];
  readonly speed: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
}
/** See {@linkcode GrainState}. */
export const GRAIN_STATE: GrainState = {
  held: i32(),
  clock: "phase",
  count: i32(),
  between: ["phase", "phase", "phase", "phase", "phase", "phase", "phase", "phase"],
  age: [1, 1, 1, 1, 1, 1, 1, 1],
  step: [0, 0, 0, 0, 0, 0, 0, 0],
  speed: [0, 0, 0, 0, 0, 0, 0, 0],
  left: [0, 0, 0, 0, 0, 0, 0, 0],
  right: [0, 0, 0, 0, 0, 0, 0, 0],
};
type Grains = StateView<GrainState>;

/** Whether a grain starts in this frame; `beat` is what a frame adds to the clock that starts them. */
export function isDue(s: Grains, gate: number, beat: number): boolean {
  const held = gate > 0.5;
  const first = held && s.held === 0;
  s.held = held ? 1 : 0;
  // From the middle of a step on, so that a whole number of frames is not one more by rounding.
  const clock = s.clock;
  s.clock = first ? 0.5 * beat : clock + beat;
  return held && (first || s.clock < clock);
}

/** Frames of a grain: eight at a time are the most. */
export function grainFrames(
  size: number,
  density: number,
  { sampleRate, max, min }: Pick<MathContext, "sampleRate" | "max" | "min">,
): number {
  return max(min(size, 7.9 / density) * sampleRate, 1);
}

/** Starts grain g of so many frames: its age, speed and gains. */
export function startGrain(
  s: Grains,
  g: number,
  beat: number,
  frames: number,
  speed: number,
  shape: number,
  angle: number,
  { max, cosTurns, sinTurns }: Pick<MathContext, "max" | "cosTurns" | "sinTurns">,
): void {
  const overlap = beat * frames * (1 - 0.5 * shape);
  const gain = 1 / max(overlap, 1);
  // Windows begin between frames, so that they add up evenly.
  const late = s.clock / beat;
  s.age[g] = late / frames;
  s.step[g] = 1 / frames;
  s.speed[g] = speed;
  s.left[g] = gain * cosTurns(angle);
  s.right[g] = gain * sinTurns(angle);
}

/** Moves grain g on by its speed; returns by how many whole frames. */
export function moveOn(
  s: Grains,
  g: number,
  { floor, min }: Pick<MathContext, "floor" | "min">,
): number {
  s.age[g] = min(s.age[g] + s.step[g], 1);
  const whole = floor(s.speed[g]);
  const fraction = s.between[g];
  s.between[g] += s.speed[g] - whole;
  return (whole | 0) + (s.between[g] < fraction ? 1 : 0) | 0;
}

/**
 * A window that rises and falls by half a turn of a cosine in `shape / 2` of the grain each, and is 1
 * between: J. W. Tukey, "An introduction to the calculations of numerical spectrum analysis", 1967; at
 * 1 it is Hann's.
 */
export function grainWindow(
  age: number,
  shape: number,
  max: (x: number, y: number) => number,
  min: (x: number, y: number) => number,
  sinTurns: (x: number) => number,
): number {
  const edge = min(max(min(age, 1 - age), 0) / shape, 0.5);
  // Half of 1 - cos, as a square: it is exactly 0 outside of the grain.
  const sin = sinTurns(0.5 * edge);
  return sin * sin;
}

/** A cubic (Catmull-Rom) between b and c. */
export function cubic(a: number, b: number, c: number, d: number, t: number): number {
  const c1 = 0.5 * (c - a);
  const c2 = a - 2.5 * b + 2 * c - 0.5 * d;
  const c3 = 0.5 * (d - a) + 1.5 * (b - c);
  return ((c3 * t + c2) * t + c1) * t + b;
}

/** A random number in [-1, 1) for a grain; `which` tells those of one grain apart. */
export function chance(
  count: number,
  seed: number,
  which: number,
  hash: (x: number) => number,
): number {
  return hash(Math.imul(count, 4) + which ^ hash(seed | 0)) * 4.656612873077393e-10;
}
