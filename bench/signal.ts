/**
 * What a rendered signal is known by: its level and how often it crosses zero.
 *
 * @module
 */

/** Collects figures of one channel. */
export class SignalFigures {
  readonly #sampleRate: number;
  #squares = 0;
  #changes = 0;
  #samples = 0;
  #positive = false;
  #peak = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** Takes every `stride`-th sample from the first on. */
  add(samples: Float32Array, stride: number): void {
    for (let k = 0; k < samples.length; k += stride) {
      const x = samples[k];
      this.#squares += x * x;
      this.#peak = Math.max(this.#peak, Math.abs(x));
      const positive = x > 0;
      if (positive !== this.#positive && this.#samples > 0) this.#changes++;
      this.#positive = positive;
      this.#samples++;
    }
  }

  /** Root mean square in dBFS: that of a full-scale square wave is 0. */
  get rmsDbfs(): number {
    return 10 * Math.log10(this.#squares / this.#samples);
  }

  get peak(): number {
    return this.#peak;
  }

  get signChangesPerSecond(): number {
    return this.#changes * this.#sampleRate / this.#samples;
  }
}
