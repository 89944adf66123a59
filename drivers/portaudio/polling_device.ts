// This module is real-time safe.
/**
 * JACK, whose calls never come back once its server has died: so the loop asks how much room there
 * is and waits by itself, and gives up when the server is silent.
 *
 * @module
 */
import { readClock } from "../clock.ts";
import { type BlockDevice, LOST, PLAYED, STARVED, STOPPED } from "../realtime/block_device.ts";
import { type StreamState, TIME, WORD } from "../realtime/stream_state.ts";
import type { DeviceBlocks } from "./blocking_device.ts";
import type { PortAudioSymbols } from "./symbols.ts";

/** Milliseconds between two looks. A constant is boxed once, not at each call. */
const POLL_MS = 0.1;
/** Milliseconds before the second look: a good part of a block of 64 frames. */
const FIRST_POLL_MS = 0.5;
/** Milliseconds without room after which the server is asked whether it lives. */
const PATIENCE_MS = 100;
/** Below any error code: what is asked for while rehearsing. */
const EASY = -10_000;
/** Blocks over which the clock's smallest lead is looked for. */
const WINDOW = 32;
/** Indices of the clock's leads in milliseconds: now, the least of this window, that of the last. */
const LEAD = 0;
const LEAST = 1;
const LAST_LEAST = 2;
/** Index of the number of blocks written, and of that number when this thread was away last. */
const WRITTEN = 3;
const AWAY = 4;

/** Plays and records through JACK. */
export class PollingDevice implements BlockDevice {
  readonly #pa: PortAudioSymbols;
  readonly #blocks: DeviceBlocks;
  readonly #state: StreamState;
  readonly #blockMs: number;
  readonly #duplex: boolean;
  #stream: Deno.PointerValue = null;
  /** Room for a block, in frames, and the smallest answer that is no error; others while rehearsing. */
  #needed: number;
  #error = 0;
  #patience = PATIENCE_MS;
  /** Whether the gap that is rehearsed is the fault of this thread. */
  #isOurs = false;
  /** See `#starved`; NaN while unknown. */
  readonly #leads = new Float64Array(5);
  #queue = 0;

  constructor(
    pa: PortAudioSymbols,
    blocks: DeviceBlocks,
    state: StreamState,
    blockMs: number,
  ) {
    this.#pa = pa;
    this.#blocks = blocks;
    this.#state = state;
    this.#blockMs = blockMs;
    this.#duplex = blocks.input.length > 0;
    this.#needed = blocks.frames;
  }

  /** Plays on this stream, which has been started, from now on. @thread set-up */
  connect(stream: Deno.PointerObject): void {
    this.#stream = stream;
    this.#needed = this.#blocks.frames;
    this.#error = 0;
    this.#patience = PATIENCE_MS;
    this.#leads.fill(NaN);
    this.#leads[WRITTEN] = 0;
    readClock(this.#state.times, TIME.POLL);
    this.#queue = this.#pa.Pa_GetStreamWriteAvailable(stream);
    if (this.#duplex) this.#dropBacklog();
  }

  read(): number {
    if (!this.#duplex) return PLAYED;
    const result = this.#wait(false);
    if (result !== PLAYED) return result;
    this.#pa.Pa_ReadStream(
      this.#stream,
      this.#blocks.input as Uint8Array<ArrayBuffer>,
      this.#blocks.frames,
    );
    return PLAYED;
  }

  write(): number {
    const result = this.#wait(true);
    if (result !== PLAYED) return result;
    this.#pa.Pa_WriteStream(
      this.#stream,
      this.#blocks.output as Uint8Array<ArrayBuffer>,
      this.#blocks.frames,
    );
    return this.#starved();
  }

  #wait(output: boolean): number {
    const leads = this.#leads;
    const { words, times } = this.#state;
    readClock(times, TIME.WAIT);
    times[TIME.NOW] = times[TIME.WAIT];
    for (;;) {
      if (times[TIME.NOW] - times[TIME.POLL] > this.#blockMs) {
        leads[AWAY] = leads[WRITTEN];
        times[TIME.AWAY_FROM] = times[TIME.POLL];
        times[TIME.AWAY_TO] = times[TIME.NOW];
      }
      times[TIME.POLL] = times[TIME.NOW];
      const ready = output
        ? this.#pa.Pa_GetStreamWriteAvailable(this.#stream)
        : this.#pa.Pa_GetStreamReadAvailable(this.#stream);
      if (ready >= this.#needed) return PLAYED;
      if (ready < this.#error) return LOST;
      if (Atomics.load(words, WORD.STOP) !== 0) return STOPPED;
      if (times[TIME.NOW] > times[TIME.WAIT]) Atomics.wait(words, WORD.NEVER, 0, POLL_MS);
      else Atomics.wait(words, WORD.NEVER, 0, FIRST_POLL_MS);
      readClock(times, TIME.NOW);
      if (times[TIME.NOW] - times[TIME.WAIT] > this.#patience) {
        times[TIME.WAIT] = times[TIME.NOW]; // first, for then it is rehearsed
        if (this.#pa.Pa_IsStreamActive(this.#stream) !== 1) return LOST;
      }
    }
  }

  /**
   * Whether JACK has played silence for want of a block, which it never says: then the clock is ahead
   * of the frames written by one block more than before. A block that came late but in time puts it
   * ahead for a moment only, so the smallest lead of each window is compared with that of the last.
   * It was the fault of this thread only if it was away for more than a block shortly before.
   */
  #starved(): number {
    const leads = this.#leads;
    const { words, times } = this.#state;
    readClock(times, TIME.NOW);
    leads[WRITTEN]++;
    leads[LEAD] = times[TIME.NOW] - leads[WRITTEN] * this.#blockMs;
    if (!(leads[LEAD] >= leads[LEAST])) leads[LEAST] = leads[LEAD];
    if (leads[WRITTEN] % WINDOW !== 0) return PLAYED;
    const isGap = leads[LEAST] - leads[LAST_LEAST] > this.#blockMs / 2;
    leads[LAST_LEAST] = leads[LEAST];
    leads[LEAST] = NaN;
    if (!isGap) return PLAYED;
    // A gap at the end of a window shows in the least lead of the next one.
    if (leads[WRITTEN] - leads[AWAY] <= 2 * WINDOW) return STARVED;
    Atomics.add(words, WORD.SKIPS, 1);
    return PLAYED;
  }

  rehearse(round: number): void {
    this.#needed = round & 1 ? 1 : EASY;
    this.#error = round & 2 ? EASY : 0;
    this.#patience = round === 3 ? FIRST_POLL_MS + POLL_MS : 0;
    if (round !== 2) return;
    // A gap at the end of a window, by the device's fault and by ours in turns.
    const leads = this.#leads;
    this.#isOurs = !this.#isOurs;
    leads[AWAY] = -1000;
    leads[WRITTEN] = WINDOW - 1;
    leads[LAST_LEAST] = -1e9;
    leads[LEAST] = NaN;
    if (this.#isOurs) this.#state.times[TIME.POLL] = 0;
  }

  /** @thread set-up */
  close(lost: boolean): boolean {
    const stream = this.#stream;
    this.#stream = null;
    if (!stream) return true;
    // A lost server is never spoken to again; the stream is left to the end of the process.
    if (lost || !this.#drain(stream)) return false;
    this.#pa.Pa_StopStream(stream);
    this.#pa.Pa_CloseStream(stream);
    return true;
  }

  /** `Pa_StopStream` would wait for the queue to run empty, for ever if the server died meanwhile. @thread set-up */
  #drain(stream: Deno.PointerObject): boolean {
    const { words } = this.#state;
    for (let polls = 0; this.#pa.Pa_GetStreamWriteAvailable(stream) < this.#queue; polls++) {
      if (polls % 100 === 99 && this.#pa.Pa_IsStreamActive(stream) !== 1) return false;
      Atomics.wait(words, WORD.NEVER, 0, 1);
    }
    return this.#pa.Pa_IsStreamActive(stream) === 1;
  }

  /** @thread set-up */
  #dropBacklog(): void {
    const { input, frames } = this.#blocks;
    let backlog = this.#pa.Pa_GetStreamReadAvailable(this.#stream);
    for (; backlog >= frames; backlog -= frames) {
      this.#pa.Pa_ReadStream(this.#stream, input as Uint8Array<ArrayBuffer>, frames);
    }
  }
}
