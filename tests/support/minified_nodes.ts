/** Nodes written in many ways, to be put through a minifier. @module */
import { array, defineNode, delayLine, i32 } from "../../core/kernel/define_node.ts";
import type { MathContext } from "../../core/math/context.ts";

const FEEDBACK_SCALE = 0.98;
const enum Shape {
  Sine,
  Saw,
  Pulse,
}

function polyBlep(t: number, dt: number): number {
  if (t < dt) {
    const x = t / dt;
    return x + x - x * x - 1;
  }
  if (t > 1 - dt) {
    const x = (t - 1) / dt;
    return x * x + x + x + 1;
  }
  return 0;
}

const softClip = (x: number, context: MathContext) => {
  const limited = context.clamp(x, -3, 3);
  return limited * (27 + limited * limited) / (27 + 9 * limited * limited);
};

function crossover(x: number, state: { low: number }, amount: number) {
  state.low += (x - state.low) * amount;
  return { low: state.low, high: x - state.low };
}

const oscillator = defineNode({
  name: "oscillator",
  outputs: ["out", "sync"],
  params: {
    frequency: { min: 20, max: 10_000, default: 440 },
    shape: { values: ["sine", "saw", "pulse"], default: "sine" },
  },
  state: { phase: "phase" },
  uses: { polyBlep },
  tick(_inputs, { frequency, shape }, state, { sampleRate, sinTurns, polyBlep, min }) {
    const step = min(frequency / sampleRate, 0.5);
    const before = state.phase;
    state.phase += step;
    const phase = state.phase;
    let out: number;
    switch (shape) {
      case Shape.Sine:
        out = sinTurns(phase);
        break;
      case Shape.Saw:
        out = 2 * phase - 1 - polyBlep(phase, step);
        break;
      default: {
        out = phase < 0.5 ? 1 : -1;
        out += polyBlep(phase, step);
        break;
      }
    }
    return { out, sync: phase < before ? 1 : 0 };
  },
});

const echo = defineNode({
  name: "echo",
  inputs: ["in"],
  outputs: { out: { channels: 2 } },
  params: {
    time: { min: 0.001, max: 0.02, default: 0.01 },
    feedback: { min: 0, max: 0.9, default: 0.5 },
  },
  state: { left: delayLine({ seconds: 0.02 }), right: delayLine({ frames: 500 }), low: 0 },
  uses: { crossover, softClip, scale: FEEDBACK_SCALE },
  tick: ({ in: dry }, params, state, context) => {
    const { time, feedback } = params;
    const a = state.left.readCubic(time * context.sampleRate);
    const b = state.right.readLinear(time * context.sampleRate * 0.75);
    const { low, high } = context.crossover(b, state, 0.3);
    state.left.write(dry + context.softClip(low * feedback * context.scale, context));
    state.right.write(high + a * 0.5);
    return { out: [dry + a, dry + b] };
  },
});

const gate = defineNode({
  name: "gate",
  inputs: ["in"],
  outputs: ["out"],
  params: { threshold: { min: 0, max: 1, default: 0.1 }, hold: { min: 1, max: 50, default: 10 } },
  state: { open: i32(), level: 0, stages: [0, 0.5, 1], history: array(16), at: i32(0) },
  uses: { weights: [0.5, 0.3, 0.2] },
  tick(inputs, { threshold, hold }, s, { abs, weights }) {
    const x = inputs.in;
    let sum = 0;
    for (let i = 0; i < 3; i++) {
      s.stages[i] += (x - s.stages[i]) * weights[i];
      if (i === 1) continue;
      sum += s.stages[i] * weights[i];
    }
    s.history[s.at] = abs(x);
    s.at = s.at + 1 & 15;
    let loudest = 0;
    for (const value of s.history) {
      if (value > loudest) loudest = value;
    }
    if (loudest > threshold) {
      s.open = hold | 0;
    } else if (s.open > 0) {
      s.open = s.open - 1 | 0;
    }
    if (s.open === 0) {
      s.level *= 0.99;
      if (s.level < 1e-3) return 0;
      return sum * s.level;
    }
    s.level = s.level + (1 - s.level) * 0.1;
    return sum * s.level;
  },
});

const noise = defineNode({
  name: "noise",
  outputs: ["out"],
  params: { color: { min: 0, max: 1, default: 0 } },
  state: { seed: i32(1), held: 0 },
  tick(_, { color }, s) {
    s.seed = Math.imul(s.seed, 1664525) + 1013904223 | 0;
    const white = s.seed / 2 ** 31;
    const rest = Number.isFinite(white) && white !== 0 ? white : 0;
    s.held += (rest - s.held) * (1 - color * 0.95);
    const loud = s.held > 0.5 || s.held < -0.5;
    const sign = !loud && s.held > 0 ? true : false;
    return sign
      ? s.held
      : Math.abs(s.held) > 0.25
      ? -s.held
      : Math.sin(s.held * Math.PI) * Math.exp(-1);
  },
});

const search = defineNode({
  name: "search",
  inputs: ["in"],
  outputs: ["out"],
  tick({ in: x }) {
    let low = 0, high = 1;
    for (let i = 0; i < 8; i++) {
      const middle = (low + high) * 0.5;
      if (middle * middle === x) {
        low = middle;
        break;
      }
      if (middle * middle < x) low = middle;
      else high = middle;
    }
    return low;
  },
});

export * as library from "../../nodes/mod.ts";
/** The compiler, with the mathematical functions that it reads, goes through the minifier too. */
export { lower } from "../../core/kernel/language/lower.ts";

/** All of them; the names survive a minifier only here. */
export const nodes = [oscillator, echo, gate, noise, search];
