/** {@linkcode Loudness}: how loud a programme is, by the recommendations of ITU and EBU. @module */
import { KWeighting } from "./k_weighting.ts";
import { TruePeak } from "./true_peak.ts";

/** Steps of 100 ms in the momentary and in the short-term window. */
const MOMENTARY = 4;
const SHORT_TERM = 30;
/** Below this nothing counts, in LUFS. */
const ABSOLUTE_GATE = -70;

/** Weights of the channels of mono, stereo, three, four, 5.0 and 5.1 (L R C LFE Ls Rs). */
const WEIGHTS: readonly (readonly number[])[] = [
  [1],
  [1, 1],
  [1, 1, 1],
  [1, 1, 1.41, 1.41],
  [1, 1, 1, 1.41, 1.41],
  [1, 1, 1, 0, 1.41, 1.41],
];

/** Loudness in LUFS of a mean square; -Infinity for none. */
const lufs = (power: number) => -0.691 + 10 * Math.log10(power);
/** The mean square of a loudness. */
const powerOf = (loudness: number) => 10 ** ((loudness + 0.691) / 10);

/**
 * Loudness of a programme: momentary (400 ms), short-term (3 s) and integrated with its gates, range,
 * true peak. New every 100 ms. Silence reads -Infinity.
 *
 * Source: ITU-R BS.1770-5; EBU Tech 3341 (windows) and Tech 3342 (range). The test signals of both
 * that are given as formulas read within 0.1 LU, ranges within 0.1 LU, true peaks within 0.2 dB.
 *
 * ```ts
 * import { Loudness } from "@aether/dsp/taps";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const meter = new Loudness(48_000, 2);
 * const level = 10 ** (-23 / 20);
 * const tone = Float32Array.from(
 *   { length: 96_000 },
 *   (_, t) => level * Math.sin(2 * Math.PI * 1000 * t / 48_000),
 * );
 * meter.push([tone, tone]);
 * assertAlmostEquals(meter.integrated, -23, 0.1);
 * ```
 */
export class Loudness {
  /** Loudest momentary value so far, in LUFS. */
  maxMomentary: number = -Infinity;
  /** Loudest short-term value so far, in LUFS. */
  maxShortTerm: number = -Infinity;
  readonly #step: number;
  readonly #weights: readonly number[];
  readonly #filters: readonly KWeighting[];
  readonly #peaks: readonly TruePeak[];
  /** Mean squares of the last steps, a ring. */
  readonly #steps = new Float64Array(SHORT_TERM);
  #count = 0;
  #sum = 0;
  #frames = 0;
  /** Mean squares of all windows above the absolute gate. */
  readonly #blocks: number[] = [];
  readonly #shortTerms: number[] = [];

  /**
   * Begins with silence.
   *
   * @param sampleRate In Hz, at least 10.
   * @param channels 1 to 6 in the order of WAV files (L R C LFE Ls Rs; without LFE if 5), or any number with weights.
   * @param weights Factors of the channels' powers.
   * @throws {RangeError} If the channels have no known weights.
   */
  constructor(sampleRate: number, channels: number, weights?: readonly number[]) {
    const chosen = weights ?? WEIGHTS[channels - 1];
    if (chosen?.length !== channels) {
      throw new RangeError(
        `Cannot measure loudness of ${channels} channels: give a weight for each`,
      );
    }
    this.#weights = chosen;
    this.#step = Math.round(sampleRate / 10);
    this.#filters = chosen.map(() => new KWeighting(sampleRate));
    this.#peaks = chosen.map(() => new TruePeak());
  }

  /** Takes in frames, an array a channel. */
  push(channels: readonly Float32Array[], frames: number = channels[0].length): void {
    for (let t = 0; t < frames; t++) {
      for (let c = 0; c < this.#weights.length; c++) {
        const x = channels[c][t];
        this.#peaks[c].next(x);
        this.#sum += this.#weights[c] * this.#filters[c].next(x) ** 2;
      }
      if (++this.#frames === this.#step) this.#endStep();
    }
  }

  /** Loudness of the last 400 ms, in LUFS. */
  get momentary(): number {
    return lufs(this.#mean(MOMENTARY));
  }

  /** Loudness of the last 3 seconds, in LUFS. */
  get shortTerm(): number {
    return lufs(this.#mean(SHORT_TERM));
  }

  /** Loudness of the whole programme in LUFS, without what lies below -70 or 10 below the rest. */
  get integrated(): number {
    const gate = powerOf(lufs(mean(this.#blocks)) - 10);
    return lufs(mean(this.#blocks.filter((power) => power > gate)));
  }

  /** Loudness range in LU: between 10 and 95 % of the short-term values above their gates. */
  get range(): number {
    const gate = powerOf(lufs(mean(this.#shortTerms)) - 20);
    const values = this.#shortTerms.filter((power) => power >= gate).sort((a, b) => a - b);
    if (values.length === 0) return 0;
    const at = (share: number) => lufs(values[Math.round(share * (values.length - 1))]);
    return at(0.95) - at(0.1);
  }

  /** Largest true peak of all channels in dBTP. */
  get truePeakDb(): number {
    return 20 * Math.log10(Math.max(...this.#peaks.map(({ peak }) => peak)));
  }

  #endStep(): void {
    this.#steps[this.#count++ % SHORT_TERM] = this.#sum / this.#step;
    this.#sum = this.#frames = 0;
    const gate = powerOf(ABSOLUTE_GATE);
    if (this.#count >= MOMENTARY) {
      const power = this.#mean(MOMENTARY);
      this.maxMomentary = Math.max(this.maxMomentary, lufs(power));
      if (power > gate) this.#blocks.push(power);
    }
    if (this.#count >= SHORT_TERM) {
      const power = this.#mean(SHORT_TERM);
      this.maxShortTerm = Math.max(this.maxShortTerm, lufs(power));
      if (power > gate) this.#shortTerms.push(power);
    }
  }

  /** Of the last steps; those before the beginning are silent. */
  #mean(steps: number): number {
    let sum = 0;
    for (let k = 1; k <= Math.min(steps, this.#count); k++) {
      sum += this.#steps[(this.#count - k) % SHORT_TERM];
    }
    return sum / steps;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
}
