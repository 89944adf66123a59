// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps } from "./phase.ts";

/** Harmonics of the richest table of a wave; each next has 1/sqrt(2) as many. */
const MOST_HARMONICS = 512;
/** Values of a table for each harmonic it holds: more in those that are small anyway. */
const OVERSAMPLING = (harmonics: number) => harmonics > 64 ? 8 : 16;
const SHORTEST = 64;

/** One wave: amplitudes of the harmonics from the first on; a negative one is half a turn later. */
export type Harmonics = readonly number[];

interface Level {
  readonly harmonics: number;
  readonly length: number;
  /** Where the level begins within the tables of one wave. */
  readonly offset: number;
}

/** @thread control */
function planLevels(): Level[] {
  const levels: Level[] = [];
  let offset = 0;
  for (let k = 0;; k++) {
    const n = Math.floor(MOST_HARMONICS * 2 ** (-k / 2) + 1e-9);
    const length = Math.max(SHORTEST, 2 ** Math.ceil(Math.log2(OVERSAMPLING(n) * n)));
    levels.push({ harmonics: n, length, offset });
    offset += length;
    if (n === 1) return levels;
  }
}

/** The tables of all waves, one after another. @thread control */
function fillTables(waves: readonly Harmonics[], levels: readonly Level[]): Float32Array {
  const last = levels[levels.length - 1];
  const size = last.offset + last.length;
  const data = new Float32Array(size * waves.length);
  for (const [w, wave] of waves.entries()) {
    for (const { harmonics, length, offset } of levels) {
      for (let n = 1; n <= Math.min(harmonics, wave.length); n++) {
        const amplitude = wave[n - 1];
        if (amplitude === 0) continue;
        for (let t = 0; t < length; t++) {
          data[w * size + offset + t] += amplitude *
            Math.sin(2 * Math.PI * ((n * t) % length) / length);
        }
      }
    }
  }
  return data;
}

/** Four values by a cubic (Catmull-Rom). */
function cubic(a: number, b: number, c: number, d: number, t: number): number {
  const c1 = 0.5 * (c - a);
  const c2 = a - 2.5 * b + 2 * c - 0.5 * d;
  const c3 = 0.5 * (d - a) + 1.5 * (b - c);
  return ((c3 * t + c2) * t + c1) * t + b;
}

/** A node made by {@linkcode defineWavetable}. */
export type Wavetable = NodeDefinition<
  readonly [],
  readonly ["out"],
  Params<"frequency" | "fm" | "position">
>;

/**
 * Makes a wavetable oscillator: waves, given by their harmonics, between which `position` morphs.
 *
 * Each wave is kept in 18 tables, half an octave of harmonics apart, with at least eight values a
 * harmonic; the richest that does not alias is read by a cubic. With the bundled waves a 2 kHz sawtooth
 * aliases at -95 dB below 18 kHz at 48 kHz, one of 5 kHz at -76 dB, and its harmonics reach up to 16 kHz at least. While a note
 * glides, the tables change one by one.
 *
 * Memory: 72 KiB of constants a wave, shared by all nodes of the type. Latency 0. No tail.
 *
 * ```ts
 * import { defineWavetable } from "@aether/dsp/wavetable";
 *
 * const organ = defineWavetable("organ", [[1], [1, 0.5, 0.3], [1, 0.5, 0.3, 0.25, 0, 0.2, 0, 0.15]]);
 * console.log(organ.params.position.max); // 2
 * ```
 *
 * @thread control
 */
export function defineWavetable(name: string, waves: readonly Harmonics[]): Wavetable {
  if (waves.length < 2) {
    throw new RangeError(
      `Cannot define "${name}": it needs at least 2 waves to morph between, current value is ${waves.length}`,
    );
  }
  const levels = planLevels();
  const size = levels[levels.length - 1].offset + levels[levels.length - 1].length;
  return defineNode({
    name,
    about: "Wavetable oscillator: morphs between waves given by their harmonics.",
    source: "E. Catmull and R. Rom, A class of local interpolating splines, 1974, for the cubic",
    tail: "infinite",
    outputs: ["out"],
    params: {
      frequency: { unit: "Hz", min: 0.001, max: 20_000, default: 440, curve: "log" },
      fm: { unit: "Hz", min: -20_000, max: 20_000, default: 0, about: "Added to the frequency." },
      position: { min: 0, max: waves.length - 1, default: 0, about: "Which wave, and between." },
    },
    state: { phase: i32(-2147483648) },
    uses: {
      steps,
      cubic,
      size,
      lastWave: waves.length - 1,
      lastLevel: levels.length - 1,
      mostHarmonics: MOST_HARMONICS,
      data: fillTables(waves, levels),
      offsets: levels.map((level) => level.offset),
      lengths: levels.map((level) => level.length),
    },
    tick(
      _,
      { frequency, fm, position },
      s,
      {
        sampleRate,
        abs,
        ceil,
        floor,
        log2,
        clamp,
        min,
        max,
        steps,
        cubic,
        size,
        lastWave,
        lastLevel,
        mostHarmonics,
        data,
        offsets,
        lengths,
      },
    ) {
      const dt = clamp((frequency + fm) / sampleRate, -0.49, 0.49);
      // Twice log2 of how many times too many harmonics the richest table has.
      const excess = 2 * log2(max(abs(dt) * (2 * mostHarmonics), 1e-9));
      const level = clamp(ceil(excess), 0, lastLevel) | 0;
      const length = lengths[level];
      const mask = (length - 1) | 0;

      const at = (s.phase * 2.3283064365386963e-10 + 0.5) * length;
      s.phase = (s.phase + steps(dt)) | 0;
      const whole = floor(at);
      const fraction = at - whole;
      const k = whole | 0;

      const wave = min(floor(position), lastWave - 1);
      const base = (wave * size + offsets[level]) | 0;
      const next = (base + size) | 0;
      const k0 = ((k - 1) | 0) & mask;
      const k1 = k & mask;
      const k2 = ((k + 1) | 0) & mask;
      const k3 = ((k + 2) | 0) & mask;
      const first = cubic(
        data[(base + k0) | 0],
        data[(base + k1) | 0],
        data[(base + k2) | 0],
        data[(base + k3) | 0],
        fraction,
      );
      const second = cubic(
        data[(next + k0) | 0],
        data[(next + k1) | 0],
        data[(next + k2) | 0],
        data[(next + k3) | 0],
        fraction,
      );
      return first + (second - first) * (position - wave);
    },
  });
}

/** @thread control */
function harmonics(amplitude: (n: number) => number): number[] {
  return Array.from({ length: MOST_HARMONICS }, (_, k) => amplitude(k + 1));
}

/**
 * Wavetable oscillator with five waves: sine, triangle, square, sawtooth, and a narrow pulse. See
 * {@linkcode defineWavetable} for the figures and for waves of one's own.
 */
export const wavetable: Wavetable = defineWavetable("wavetable", [
  [1],
  harmonics((n) => n % 2 ? (n % 4 === 1 ? 1 : -1) * 8 / (Math.PI * n) ** 2 : 0),
  harmonics((n) => n % 2 ? 4 / (Math.PI * n) : 0),
  harmonics((n) => (n % 2 ? 1 : -1) * 2 / (Math.PI * n)),
  harmonics((n) =>
    2 / (Math.PI * n) * Math.sin(Math.PI * n * 0.1) * Math.cos(Math.PI * n * 0.1) * 2
  ),
]);
