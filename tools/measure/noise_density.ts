/** Power of noise over frequency. @module */
import { spectrum } from "../../tests/support/fft.ts";
import type { Picture } from "./entry.ts";
import { type AnyDefinition, play, spread } from "./play.ts";

const FRAMES = 1 << 19;
const powers = new Map<AnyDefinition, Float64Array>();

/** Power in each bin of a long stretch. */
function binPowers(node: AnyDefinition): Float64Array {
  let known = powers.get(node);
  if (!known) {
    const [wave] = play(node, FRAMES);
    powers.set(node, known = spectrum(wave).map((x) => (2 * x / FRAMES) ** 2 / 2));
  }
  return known;
}

/** Power density in dB of a full-scale sine's power per Hz, the mean over a third of an octave. */
export function density(node: AnyDefinition, hertz: number): number {
  const bins = binPowers(node);
  const bin = (f: number) => f / 48_000 * FRAMES;
  const from = Math.round(bin(hertz * 2 ** (-1 / 6)));
  const to = Math.min(Math.round(bin(hertz * 2 ** (1 / 6))), bins.length - 1);
  let sum = 0;
  for (let k = from; k < to; k++) sum += bins[k];
  return 10 * Math.log10(2 * sum / ((to - from) * 48_000 / FRAMES));
}

/** The picture of {@linkcode density}. */
export function noiseSpectrum(name: string, node: AnyDefinition): Picture {
  const caption = `${name}: power density in thirds of an octave, at 48 kHz`;
  return {
    name: "spectrum",
    caption,
    draw: () => ({
      title: caption,
      x: { label: "frequency (Hz)", min: 20, max: 20_000, log: true },
      y: { label: "density (dB of full scale per Hz)", min: -80, max: -10 },
      curves: [{
        points: spread(20, 20_000, 120, true).map((f) => [f, density(node, f)] as const),
      }],
    }),
  };
}
