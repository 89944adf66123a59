/** How sounds die away. @module */
import { svf } from "../../nodes/filters/svf.ts";
import { play } from "./play.ts";

/** Octave bands of room acoustics, in Hz. */
export const BANDS = [125, 250, 500, 1000, 2000, 4000, 8000];

/** An impulse response within an octave band. */
export function inBand(response: Float32Array, band: number, sampleRate = 48_000): Float32Array {
  let wave = response;
  for (let k = 0; k < 2; k++) {
    const input = (t: number) => wave[t];
    const params = { mode: "bandpass", cutoff: band, q: 2 };
    [wave] = play(svf, wave.length, { params, input, sampleRate });
  }
  return wave;
}

/** Energy that is still to come, in dB of all (M. R. Schroeder, JASA 37, 1965), at every frame. */
export function energyDecay(response: Float32Array): Float64Array {
  const energy = new Float64Array(response.length + 1);
  for (let t = response.length - 1; t >= 0; t--) energy[t] = energy[t + 1] + response[t] ** 2;
  return energy.map((rest) => 10 * Math.log10(rest / energy[0] + 1e-30));
}

/** Seconds of a fall by 60 dB, from the slope between -5 and -35 dB. */
export function decayTime(response: Float32Array, sampleRate = 48_000): number {
  const decay = energyDecay(response);
  const from = decay.findIndex((level) => level < -5);
  const to = decay.findIndex((level) => level < -35);
  return 2 * (to - from) / sampleRate;
}
