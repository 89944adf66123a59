/** A seeded generator of 32-bit numbers (xorshift), so that two threads can draw the same ones. @module */

/** G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8(14), 2003: the triple (13, 17, 5). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  /** A u32. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** An integer in [0, n). */
  below(n: number): number {
    return this.next() % n;
  }

  /** An f32 in [-1, 1), now and then a zero of either sign. */
  sample(): number {
    const kind = this.below(16);
    if (kind === 0) return 0;
    if (kind === 1) return -0;
    return Math.fround(this.next() / 2 ** 31 - 1);
  }
}
