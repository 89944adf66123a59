// This module is real-time safe.
/**
 * A device that plays nothing, in time: it takes blocks at the pace of the clock. It makes the
 * engine run in real time anywhere, and stands in while a device is lost.
 *
 * @module
 */
import { readClock } from "../clock.ts";
import { type BlockDevice, PLAYED, STARVED, STOPPED } from "./block_device.ts";
import { type StreamState, TIME, WORD } from "./stream_state.ts";

/** Blocks that may be late before the device counts as starved, as if it queued so many. */
const QUEUE_BLOCKS = 2;
/** Waits are whole milliseconds, which are small integers and make no garbage. */
const WAIT_MS = 1;

/** Paces blocks by the clock. */
export class NullDevice implements BlockDevice {
  readonly #state: StreamState;
  readonly #blockMs: number;
  /** When the next block is due. */
  readonly #due = new Float64Array(1);

  /** @param blockMs milliseconds a block lasts */
  constructor(state: StreamState, blockMs: number) {
    this.#state = state;
    this.#blockMs = blockMs;
    this.start();
  }

  /** Counts time from now on. @thread set-up */
  start(): void {
    readClock(this.#due);
  }

  read(): number {
    return PLAYED;
  }

  write(): number {
    const { words, times } = this.#state;
    this.#due[0] += this.#blockMs;
    readClock(times, TIME.NOW);
    while (times[TIME.NOW] < this.#due[0]) {
      if (Atomics.load(words, WORD.STOP) !== 0) return STOPPED;
      Atomics.wait(words, WORD.STOP, 0, WAIT_MS);
      readClock(times, TIME.NOW);
    }
    if (times[TIME.NOW] - this.#due[0] <= QUEUE_BLOCKS * this.#blockMs + WAIT_MS) return PLAYED;
    this.#due[0] = times[TIME.NOW];
    return STARVED;
  }

  /** @thread set-up */
  rehearse(round: number): void {
    // Late in time, early, late, far too late.
    const late = round === 1 ? -0.02 : round === 2 ? this.#blockMs : round === 3 ? 1000 : 0;
    readClock(this.#due);
    this.#due[0] -= this.#blockMs + late;
  }

  /** @thread set-up */
  close(): boolean {
    return true;
  }
}
