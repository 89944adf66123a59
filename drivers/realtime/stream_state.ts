// This module is real-time safe.
/**
 * The words that the audio thread and the control thread of a stream share.
 *
 * ```text
 *   0       WORDS      Int32, read and written with Atomics            128 B
 *   128     TIMES      Float64, milliseconds of the audio thread       128 B
 *   256     HISTOGRAM  HISTOGRAM_BINS x Int32                            1 KiB
 *   1280    TRACE      TRACE_BLOCKS x TRACE_FIELDS x Float64           192 KiB
 * ```
 * The audio thread writes everything but STOP, MAIL and HEAP_ASKED.
 *
 * @module
 */

/** Indices into the words. */
export const WORD = {
  /** Not 0: the audio thread shall end. Control writes and notifies. */
  STOP: 0,
  /** Number of kernels posted. Control writes. */
  MAIL: 1,
  /** One of `PHASE`. */
  PHASE: 2,
  /** Blocks played. */
  BLOCKS: 3,
  /** Blocks whose rendering took longer than they last. */
  MISSED: 4,
  /** Times the device ran out of sound because a block came too late. */
  UNDERRUNS: 5,
  /** Times the device was lost. */
  LOSSES: 6,
  /** One of `PRIORITY`. */
  PRIORITY: 7,
  /** Commands that waited at the start of the last block. */
  WAITING: 8,
  /** Times input was lost because it was read too late. */
  OVERRUNS: 9,
  /** Times the device itself skipped some sound, though a block was queued. */
  SKIPS: 13,
  /** How often control has asked for the size of the thread's heap, and been answered. */
  HEAP_ASKED: 11,
  HEAP_TOLD: 12,
  /** A word that nobody changes: to wait on for a time. */
  NEVER: 10,
} as const;

/** What the audio thread is doing. */
export const PHASE = { Starting: 0, Playing: 1, Lost: 2, Ended: 3 } as const;

/** What became of the wish for a raised priority. */
export const PRIORITY = { Normal: 0, Raised: 1, Refused: 2 } as const;

/** Indices into the times. */
export const TIME = {
  /** When the block being rendered was begun. */
  START: 0,
  /** When it was rendered. */
  RENDERED: 1,
  /** When the device had taken it. */
  WRITTEN: 2,
  /** `performance.timeOrigin` of the audio thread. */
  ORIGIN: 3,
  /** Sum of all rendering times. */
  BUSY: 4,
  /** Longest rendering time, as a share of the time a block lasts. */
  MAX_SHARE: 5,
  /** Milliseconds a block lasts. */
  DEADLINE: 6,
  /** Bytes of the thread's heap when control asked last. */
  HEAP: 9,
  /** Scratch of a device that waits. */
  WAIT: 7,
  NOW: 8,
  /** When a device that is polled was asked last. */
  POLL: 10,
  /** When the thread was away last for longer than a block, from and to; 0 if never. */
  AWAY_FROM: 11,
  AWAY_TO: 12,
} as const;

/** 16 bins an octave, from 2^-11 of the deadline: the top bits of an f32 are the number of its bin. */
export const HISTOGRAM_BINS = 256;
/** Bits of an f32 below the bin number. */
export const HISTOGRAM_SHIFT = 19;
/** Number of the first bin: exponent -11, no fraction. */
export const HISTOGRAM_FIRST = (127 - 11) << 4;

/** Blocks that a trace can reach back. */
export const TRACE_BLOCKS = 4096;
/** start, rendered, written (milliseconds), 1 if the device ran out, and then AWAY_FROM and AWAY_TO. */
export const TRACE_FIELDS = 6;

const TIMES_AT = 128;
const HISTOGRAM_AT = 256;
const TRACE_AT = 1280;
const BYTES = TRACE_AT + TRACE_BLOCKS * TRACE_FIELDS * 8;

/** Views of the memory that both threads of a stream share. */
export class StreamState {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly times: Float64Array<SharedArrayBuffer>;
  readonly histogram: Int32Array<SharedArrayBuffer>;
  readonly trace: Float64Array<SharedArrayBuffer>;

  /** Views of the given memory, or of new memory. @thread set-up */
  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.words = new Int32Array(buffer, 0, TIMES_AT / 4);
    this.times = new Float64Array(buffer, TIMES_AT, (HISTOGRAM_AT - TIMES_AT) / 8);
    this.histogram = new Int32Array(buffer, HISTOGRAM_AT, HISTOGRAM_BINS);
    this.trace = new Float64Array(buffer, TRACE_AT, TRACE_BLOCKS * TRACE_FIELDS);
  }

  /** Sets counters and figures to zero, as after a rehearsal. @thread audio */
  clear(): void {
    const { words } = this;
    Atomics.store(words, WORD.BLOCKS, 0);
    Atomics.store(words, WORD.MISSED, 0);
    Atomics.store(words, WORD.UNDERRUNS, 0);
    Atomics.store(words, WORD.OVERRUNS, 0);
    Atomics.store(words, WORD.SKIPS, 0);
    this.times[TIME.BUSY] = 0;
    this.times[TIME.MAX_SHARE] = 0;
    this.histogram.fill(0);
  }
}
