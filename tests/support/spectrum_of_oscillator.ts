/** What an oscillator's spectrum says about it. @module */
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import { amplitudes, decibels } from "./fft.ts";
import { render, type RenderOptions } from "./render_node.ts";

export interface Report {
  /** Amplitudes of the harmonics, from 1; index 0 is the mean value. */
  readonly harmonics: readonly number[];
  /** The largest component that is no harmonic, below `below` Hz, in dB of the fundamental. */
  alias(below: number): number;
}

const FRAMES = 16384;

/**
 * Renders whole periods, so that each component falls on one bin. The frequency is the nearest whose
 * number of periods is odd: aliases and harmonics then never share a bin.
 */
export function oscillatorReport(
  definition: NodeDefinition,
  hertz: number,
  params: RenderOptions["params"] = {},
  sampleRate = 48_000,
): Report {
  const bin = Math.round(hertz / sampleRate * FRAMES) | 1;
  const frequency = bin / FRAMES * sampleRate;
  const [wave] = render(definition, {
    frames: FRAMES,
    sampleRate,
    params: { ...params, frequency },
  });
  const bins = amplitudes(wave);
  const harmonics = bins.filter((_, k) => k % bin === 0);
  const alias = (below: number) => {
    let largest = 0;
    for (let k = 1; k < bins.length && k / FRAMES * sampleRate < below; k++) {
      if (k % bin !== 0) largest = Math.max(largest, bins[k]);
    }
    return decibels(largest / bins[bin]);
  };
  return { harmonics: [...harmonics], alias };
}

/** Frequency in Hz from the turn of the phase between two stretches of a nearly pure tone. */
export function measurePitch(wave: ArrayLike<number>, near: number, sampleRate: number): number {
  const half = Math.floor(wave.length / 2);
  const angle = (from: number) => {
    let [re, im] = [0, 0];
    for (let t = 0; t < half; t++) {
      const window = Math.sin(Math.PI * (t + 0.5) / half) ** 4;
      const phase = 2 * Math.PI * near * (from + t) / sampleRate;
      re += wave[from + t] * window * Math.cos(phase);
      im -= wave[from + t] * window * Math.sin(phase);
    }
    return Math.atan2(im, re);
  };
  let turn = (angle(half) - angle(0)) / (2 * Math.PI);
  turn -= Math.round(turn);
  return near + turn * sampleRate / half;
}

/** 1200 times the octaves between two frequencies. */
export function cents(frequency: number, reference: number): number {
  return 1200 * Math.log2(frequency / reference);
}
