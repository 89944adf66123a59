/** The frequency weighting of loudness. @module */

/**
 * K-weighting: a shelf of 4 dB above 1.7 kHz (the head) and a high-pass at 38 Hz, in double precision.
 *
 * Source: ITU-R BS.1770-5, annex 1, which gives coefficients for 48 kHz. Undoing their bilinear
 * transform gives the analog filters below, and these all other rates.
 */
export class KWeighting {
  readonly #shelf: Biquad;
  readonly #high: Biquad;

  /** @param sampleRate In Hz. */
  constructor(sampleRate: number) {
    {
      const w = Math.tan(Math.PI * 1681.974450955533 / sampleRate);
      const [q, high] = [0.7071752369554196, 10 ** (3.999843853973347 / 20)];
      const band = high ** 0.4996667741545416;
      const a0 = 1 + w / q + w * w;
      this.#shelf = new Biquad(
        (high + band * w / q + w * w) / a0,
        2 * (w * w - high) / a0,
        (high - band * w / q + w * w) / a0,
        2 * (w * w - 1) / a0,
        (1 - w / q + w * w) / a0,
      );
    }
    const w = Math.tan(Math.PI * 38.13547087602444 / sampleRate);
    const q = 0.5003270373238773;
    const a0 = 1 + w / q + w * w;
    this.#high = new Biquad(1, -2, 1, 2 * (w * w - 1) / a0, (1 - w / q + w * w) / a0);
  }

  /** The next weighted value. */
  next(x: number): number {
    return this.#high.next(this.#shelf.next(x));
  }
}

/** A second-order section, transposed direct form 2. */
class Biquad {
  #s1 = 0;
  #s2 = 0;

  constructor(
    readonly b0: number,
    readonly b1: number,
    readonly b2: number,
    readonly a1: number,
    readonly a2: number,
  ) {}

  next(x: number): number {
    const y = this.b0 * x + this.#s1;
    this.#s1 = this.b1 * x - this.a1 * y + this.#s2;
    this.#s2 = this.b2 * x - this.a2 * y;
    return y;
  }
}
