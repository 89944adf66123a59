/** Measurements of noise. @module */
import * as nodes from "../../../nodes/mod.ts";
import { rms } from "../../../tests/support/fft.ts";
import type { Entries } from "../entry.ts";
import { density, noiseSpectrum } from "../noise_density.ts";
import { play } from "../play.ts";

export const noises: Entries = {
  noise: {
    example: `const hiss = engine.add(noise, { seed: 7 });
hiss.connect(engine.output);`,
    figures: [{
      what: "RMS, 1 / sqrt(3) for an even spread",
      unit: "",
      digits: 4,
      limit: { from: 0.572, to: 0.582 },
      measure: () => rms(play(nodes.noise, 96_000)[0]),
    }],
    pictures: [noiseSpectrum("noise", nodes.noise)],
  },
  pinkNoise: {
    example: `const rain = engine.add(pinkNoise);
rain.connect(engine.output);`,
    figures: [{
      what: "fall from 100 Hz to 10 kHz, in thirds of an octave",
      unit: "dB",
      digits: 2,
      limit: { from: -20.6, to: -19.4 },
      measure: () => density(nodes.pinkNoise, 10_000) - density(nodes.pinkNoise, 100),
    }],
    pictures: [noiseSpectrum("pinkNoise", nodes.pinkNoise)],
  },
  brownNoise: {
    example: `const surf = engine.add(brownNoise);
surf.connect(engine.output);`,
    figures: [{
      what: "fall from 100 Hz to 10 kHz, in thirds of an octave",
      unit: "dB",
      digits: 2,
      limit: { from: -41, to: -38.5 },
      measure: () => density(nodes.brownNoise, 10_000) - density(nodes.brownNoise, 100),
    }],
    pictures: [noiseSpectrum("brownNoise", nodes.brownNoise)],
  },
};
