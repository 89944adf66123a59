/**
 * A stream's figures, read on the control side.
 *
 * @module
 */

// This module is browser compatible.
import type { RenderStats } from "../../core/control/engine_stats.ts";
import { type ChannelLevel, Meters } from "../../core/control/meters.ts";
import type { SharedEngine } from "../../core/rt/shared.ts";
import {
  HISTOGRAM_FIRST,
  HISTOGRAM_SHIFT,
  PRIORITY,
  type StreamState,
  TIME,
  WORD,
} from "./stream_state.ts";

export type { ChannelLevel, RenderStats };

/** How a stream has done since it was opened. */
export interface StreamStats extends RenderStats {
  /** Commands that waited at the start of the last block. */
  readonly waiting: number;
  /** Levels of the output channels; RMS since the last reading. */
  readonly channels: readonly ChannelLevel[];
}

const PRIORITIES = {
  [PRIORITY.Normal]: "normal",
  [PRIORITY.Raised]: "raised",
  [PRIORITY.Refused]: "refused",
} as const;

/** Reads what was noted of blocks. */
export function renderStats({ words, times, histogram }: StreamState): RenderStats {
  const word = (index: number) => Atomics.load(words, index) >>> 0;
  const blocks = histogram.reduce((sum, count) => sum + count, 0);
  const max = times[TIME.MAX_SHARE];
  const at = (share: number) => Math.min(quantile(histogram, share), max);
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
    priority: PRIORITIES[word(WORD.PRIORITY) as keyof typeof PRIORITIES],
  };
}

/** Reads the figures of one stream. */
export class StatsReader {
  readonly #state: StreamState;
  readonly #meters: Meters;

  constructor(state: StreamState, shared: SharedEngine) {
    this.#state = state;
    this.#meters = new Meters(shared);
  }

  /** Reads them as they are now. */
  read(): StreamStats {
    return {
      ...renderStats(this.#state),
      waiting: Atomics.load(this.#state.words, WORD.WAITING) >>> 0,
      channels: this.#meters.read(),
    };
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
