/**
 * A stream's figures, read on the control side.
 *
 * @module
 */

// This module is browser compatible.
import { HEADER, METER, METER_BYTES } from "../../core/layout.ts";
import type { SharedEngine } from "../../core/rt/shared.ts";
import {
  HISTOGRAM_FIRST,
  HISTOGRAM_SHIFT,
  PRIORITY,
  type StreamState,
  TIME,
  WORD,
} from "./stream_state.ts";

/** Level of one output channel. */
export interface ChannelLevel {
  /** Largest magnitude of the last 0.1 seconds or so. */
  readonly peak: number;
  /** Root of the mean square since the last reading. */
  readonly rms: number;
}

/** How a stream has done since it was opened. Times of rendering are shares of the time a block lasts. */
export interface StreamStats {
  /** Blocks played. */
  readonly blocks: number;
  /** Milliseconds that a block lasts. */
  readonly deadlineMs: number;
  /** Mean rendering time. */
  readonly load: number;
  /** Rendering time that 50 % of the blocks stayed below; at most 6 % too large. */
  readonly p50: number;
  /** Likewise 99 %. */
  readonly p99: number;
  /** Likewise 99.9 %. */
  readonly p999: number;
  /** Longest rendering time. */
  readonly max: number;
  /** Blocks whose rendering took longer than they last. */
  readonly missed: number;
  /** Times the device ran out of sound because a block came too late. */
  readonly underruns: number;
  /** Times the device itself skipped some sound, though a block was queued: JACK's own xruns. */
  readonly skips: number;
  /** Times recorded sound was lost. */
  readonly overruns: number;
  /** Times the device was lost. */
  readonly losses: number;
  /** Commands that waited at the start of the last block. */
  readonly waiting: number;
  /** Whether the system let the audio thread go before others. */
  readonly priority: "normal" | "raised" | "refused";
  /** Levels of the output channels. */
  readonly channels: readonly ChannelLevel[];
}

/** Reads the figures of one stream. */
export class StatsReader {
  readonly #state: StreamState;
  readonly #channels: number;
  readonly #header: DataView;
  #lastFrame: number;
  readonly #lastSquares: number[];

  constructor(state: StreamState, shared: SharedEngine) {
    this.#state = state;
    this.#channels = shared.capacity.outputs;
    this.#header = new DataView(shared.memory.buffer);
    this.#lastFrame = this.#frame();
    this.#lastSquares = Array.from({ length: this.#channels }, (_, c) => this.#squares(c));
  }

  /** Reads them as they are now. */
  read(): StreamStats {
    const { words, times, histogram } = this.#state;
    const word = (index: number) => Atomics.load(words, index) >>> 0;
    const blocks = histogram.reduce((sum, count) => sum + count, 0);
    const max = times[TIME.MAX_SHARE];
    const at = (share: number) => Math.min(quantile(histogram, share), max);
    const priority = word(WORD.PRIORITY);
    return {
      blocks: word(WORD.BLOCKS),
      deadlineMs: times[TIME.DEADLINE],
      load: blocks ? times[TIME.BUSY] / (blocks * times[TIME.DEADLINE]) : 0,
      p50: at(0.5),
      p99: at(0.99),
      p999: at(0.999),
      max,
      missed: word(WORD.MISSED),
      underruns: word(WORD.UNDERRUNS),
      skips: word(WORD.SKIPS),
      overruns: word(WORD.OVERRUNS),
      losses: word(WORD.LOSSES),
      waiting: word(WORD.WAITING),
      priority: priority === PRIORITY.Raised
        ? "raised"
        : priority === PRIORITY.Refused
        ? "refused"
        : "normal",
      channels: this.#levels(),
    };
  }

  #levels(): ChannelLevel[] {
    const frame = this.#frame();
    const frames = frame - this.#lastFrame;
    const levels = this.#lastSquares.map((last, c) => {
      const at = HEADER.METERS + c * METER_BYTES;
      const peak = Math.max(
        this.#header.getFloat32(at + METER.PEAK, true),
        this.#header.getFloat32(at + METER.LAST_PEAK, true),
      );
      const squares = this.#squares(c);
      this.#lastSquares[c] = squares;
      // The sum may be a block ahead of the clock, or behind.
      return { peak, rms: frames > 0 ? Math.sqrt(Math.max(0, squares - last) / frames) : 0 };
    });
    this.#lastFrame = frame;
    return levels;
  }

  #squares(channel: number): number {
    return this.#header.getFloat64(HEADER.METERS + channel * METER_BYTES + METER.SQUARES, true);
  }

  #frame(): number {
    return Number(this.#header.getBigUint64(HEADER.NOW, true));
  }
}

const bits = new DataView(new ArrayBuffer(4));

/** Upper edge of a bin of the histogram. */
export function binEdge(bin: number): number {
  bits.setInt32(0, bin + 1 + HISTOGRAM_FIRST << HISTOGRAM_SHIFT);
  return bits.getFloat32(0);
}

/** Upper edge of the bin below which at least this share of all counts lies; 0 if there are none. */
export function quantile(histogram: Int32Array, share: number): number {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (let bin = 0; bin < histogram.length; bin++) {
    below += histogram[bin];
    if (total && below >= share * total) return binEdge(bin);
  }
  return 0;
}
