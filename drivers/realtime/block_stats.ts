// This module is real-time safe.
/**
 * What the audio thread notes about each block. All numbers stay in typed arrays: a `double` in a
 * variable that outlives an iteration would become garbage.
 *
 * @module
 */
import { readClock } from "../clock.ts";
import {
  HISTOGRAM_BINS,
  HISTOGRAM_FIRST,
  HISTOGRAM_SHIFT,
  type StreamState,
  TIME,
  TRACE_BLOCKS,
  TRACE_FIELDS,
  WORD,
} from "./stream_state.ts";

/** Takes the times of blocks. @thread audio */
export class BlockStats {
  readonly #state: StreamState;
  /** The share of the deadline, and its bits. */
  readonly #share = new Float32Array(1);
  readonly #bits = new Int32Array(this.#share.buffer);

  /** @param deadlineMs milliseconds a block lasts */
  constructor(state: StreamState, deadlineMs: number) {
    this.#state = state;
    state.times[TIME.DEADLINE] = deadlineMs;
  }

  /** Notes some late blocks that starved, which a rehearsal has few of. @thread set-up */
  rehearse(): void {
    for (let k = 0; k < 50; k++) {
      this.begin();
      this.#state.times[TIME.START] -= k * this.#state.times[TIME.DEADLINE];
      this.rendered();
      this.written(1);
    }
  }

  /** A block begins. */
  begin(): void {
    readClock(this.#state.times, TIME.START);
  }

  /** The block has been rendered. */
  rendered(): void {
    const { words, times, histogram } = this.#state;
    readClock(times, TIME.RENDERED);
    times[TIME.BUSY] += times[TIME.RENDERED] - times[TIME.START];
    this.#share[0] = (times[TIME.RENDERED] - times[TIME.START]) / times[TIME.DEADLINE];
    if (this.#share[0] > times[TIME.MAX_SHARE]) times[TIME.MAX_SHARE] = this.#share[0];
    if (this.#share[0] > 1) Atomics.add(words, WORD.MISSED, 1);
    const bin = (this.#bits[0] >> HISTOGRAM_SHIFT) - HISTOGRAM_FIRST;
    histogram[Math.min(Math.max(bin, 0), HISTOGRAM_BINS - 1)]++;
  }

  /** The device has taken the block. @param underrun 1 if it had run out, else 0 */
  written(underrun: number): void {
    const { words, times, trace } = this.#state;
    readClock(times, TIME.WRITTEN);
    const at = (words[WORD.BLOCKS] & (TRACE_BLOCKS - 1)) * TRACE_FIELDS;
    trace[at] = times[TIME.START];
    trace[at + 1] = times[TIME.RENDERED];
    trace[at + 2] = times[TIME.WRITTEN];
    trace[at + 3] = underrun;
    trace[at + 4] = times[TIME.AWAY_FROM];
    trace[at + 5] = times[TIME.AWAY_TO];
    Atomics.add(words, WORD.UNDERRUNS, underrun);
    Atomics.add(words, WORD.BLOCKS, 1); // last: control may now read the trace
  }
}
