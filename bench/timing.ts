/**
 * Times of blocks: what is reported of a run.
 *
 * @module
 */

/** Microseconds of one block. */
export interface BlockTime {
  /** Over the whole run, warm-up included. */
  readonly mean: number;
  /** Of groups of `GROUP` blocks, once the run is a quarter through. */
  readonly median: number;
  /** Fastest of these groups: what the machine does when nothing else runs on it. */
  readonly min: number;
}

/** Blocks timed together: a clock read each block would cost as much as a small graph. */
const GROUP = 8;

/** Collects the times of groups of blocks. */
export class BlockTimer {
  readonly #groups: number[] = [];
  readonly #start = performance.now();
  #last = this.#start;
  #blocks = 0;

  /** To be called after each block. */
  tick(): void {
    if (++this.#blocks % GROUP) return;
    const now = performance.now();
    this.#groups.push((now - this.#last) * 1000 / GROUP);
    this.#last = now;
  }

  /** What the run came to. */
  get time(): BlockTime {
    const mean = (performance.now() - this.#start) * 1000 / Math.max(1, this.#blocks);
    // Before, kernels are compiled, and the first blocks may wait for commands and be silent.
    const steady = this.#groups.slice(this.#groups.length >> 2);
    if (steady.length === 0) return { mean, median: mean, min: mean };
    return { mean, median: median(steady), min: Math.min(...steady) };
  }
}

/** The middle value; of an even number, the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
