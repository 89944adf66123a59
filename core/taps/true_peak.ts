/** The peak between samples. @module */

/** Taps of each phase of the interpolator. */
const TAPS = 32;
/** Kaiser's parameter: ripples of -70 dB. */
const BETA = 7;
const OVERSAMPLING = 4;

/** Three phases of a windowed sinc; the fourth is the sample itself. */
const PHASES = [1, 2, 3].map((phase) => {
  const late = TAPS / 2 - phase / OVERSAMPLING;
  return Float64Array.from({ length: TAPS }, (_, n) => {
    const x = n - late;
    const sinc = Math.sin(Math.PI * x) / (Math.PI * x);
    return sinc * bessel(BETA * Math.sqrt(1 - (x / (TAPS / 2)) ** 2)) / bessel(BETA);
  });
});

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-17 * sum; k++) sum += term *= (x / (2 * k)) ** 2;
  return sum;
}

/**
 * Largest magnitude of one channel at four times the sample rate, as a converter will meet it.
 *
 * Source: ITU-R BS.1770-5, annex 2, with a longer interpolator (32 taps a phase, a sinc under a Kaiser
 * window): within 0.02 dB up to 0.42 of the sample rate. Between the four points a peak may be
 * higher by 20 log10(1 / cos(pi f / (4 rate))): 0.17 dB at a quarter of the rate, 0.5 dB at 0.42.
 */
export class TruePeak {
  /** Largest magnitude so far, 1 is full scale. */
  peak = 0;
  readonly #past = new Float64Array(2 * TAPS);
  #at = 0;

  /** The next sample. */
  next(x: number): void {
    // Twice, so that the last TAPS values always lie in one piece.
    this.#past[this.#at] = this.#past[this.#at + TAPS] = x;
    this.#at = (this.#at + 1) % TAPS;
    this.peak = Math.max(this.peak, Math.abs(x));
    for (let phase = 0; phase < PHASES.length; phase++) {
      const taps = PHASES[phase];
      let sum = 0;
      for (let n = 0; n < TAPS; n++) sum += taps[n] * this.#past[this.#at + TAPS - 1 - n];
      if (sum > this.peak) this.peak = sum;
      else if (-sum > this.peak) this.peak = -sum;
    }
  }
}
