// This module is real-time safe.
/**
 * Partitioned convolution: the procedure that convolvers share.
 *
 * @module
 */
import { array, i32 } from "../../core/kernel/define_node.ts";
import type { ArrayState, IntegerState, StateView } from "../../core/kernel/definition.ts";
import type { MathContext } from "../../core/math/context.ts";
import { defineFft } from "./fft.ts";
import type { FftPlan } from "./transform.ts";
import { type Partitions, partitionSpectra } from "./partitions.ts";

/** Frames of a short partition, and how many of them come before the long ones. */
const SHORT = 64;
const SHORT_COUNT = 32;
const SHORT_BINS = SHORT + 1;
/** Frames of a long partition, which begin after so many. */
const LONG = 1024;
const LONG_START = SHORT * SHORT_COUNT;
/** Hops in which the products of a long block are summed; two more are for its transforms. */
const SLICES = 14;
const SLICE = Math.ceil((LONG + 1) / SLICES);
/** Bins of a long spectrum, rounded up to whole slices. */
const LONG_BINS = SLICE * SLICES;
/** Frames of input that are kept: two long blocks and the hop after them, rounded up. */
const HISTORY = 4 * LONG;

/** Functions of the context. */
type Limits = Pick<MathContext, "max" | "min">;

/** What a convolver has in `uses`. */
export interface ConvolverPlan {
  readonly shortFft: FftPlan;
  readonly longFft: FftPlan;
  readonly short: Partitions;
  readonly long: Partitions;
  readonly SHORT_COUNT: number;
  readonly SHORT_BINS: number;
  readonly SLICE: number;
  readonly SLICES: number;
  readonly HISTORY: number;
  readonly hop: typeof hop;
  readonly multiply: typeof multiply;
  readonly longWork: typeof longWork;
  readonly advance: typeof advance;
}

/** What the channels of a convolver share in `state`. */
export interface SharedState {
  readonly base: IntegerState;
  readonly count: IntegerState;
  readonly slot: IntegerState;
  readonly longSlot: IntegerState;
  readonly phase: IntegerState;
  readonly frame: ArrayState;
  readonly re: ArrayState;
  readonly im: ArrayState;
  readonly workRe: ArrayState;
  readonly workIm: ArrayState;
}

/** What each channel has for itself. */
export interface ChannelState {
  readonly input: ArrayState;
  readonly output: ArrayState;
  readonly shortRe: ArrayState;
  readonly shortIm: ArrayState;
  readonly longRe: ArrayState;
  readonly longIm: ArrayState;
  readonly sumRe: ArrayState;
  readonly sumIm: ArrayState;
  readonly late: ArrayState;
}

/** What a convolution with `response` needs beforehand. @thread control */
export function planConvolver(response: ArrayLike<number>): ConvolverPlan {
  return {
    shortFft: defineFft(2 * SHORT),
    longFft: defineFft(2 * LONG),
    short: partitionSpectra(response, 0, SHORT, {
      slice: SHORT_BINS,
      slices: 1,
      most: SHORT_COUNT,
    }),
    long: partitionSpectra(response, LONG_START, LONG, { slice: SLICE, slices: SLICES }),
    SHORT_COUNT,
    SHORT_BINS,
    SLICE,
    SLICES,
    HISTORY,
    hop,
    multiply,
    longWork,
    advance,
  };
}

/** State for it: what channels share. @thread control */
export function sharedState({ long }: ConvolverPlan): SharedState {
  const size = long.count > 0 ? 2 * LONG : 2 * SHORT;
  return {
    base: i32(),
    count: i32(),
    slot: i32(),
    longSlot: i32(),
    phase: i32(),
    frame: array(size),
    re: array(size / 2 + 1),
    im: array(size / 2 + 1),
    workRe: array(size / 2),
    workIm: array(size / 2),
  };
}

/** State of one channel. @thread control */
export function channelState({ long }: ConvolverPlan): ChannelState {
  const spectra = Math.max(1, long.count * LONG_BINS);
  const sums = long.count > 0 ? LONG_BINS : 1;
  return {
    input: array(HISTORY),
    output: array(SHORT),
    shortRe: array(SHORT_COUNT * SHORT_BINS),
    shortIm: array(SHORT_COUNT * SHORT_BINS),
    longRe: array(spectra),
    longIm: array(spectra),
    sumRe: array(sums),
    sumIm: array(sums),
    late: array(LONG),
  };
}

/** Adds the product of two spectra, `bins` values from `x` and `h` on, to the values from `to` on. */
function multiply(
  bins: number,
  xRe: ArrayLike<number>,
  xIm: ArrayLike<number>,
  x: number,
  hRe: ArrayLike<number>,
  hIm: ArrayLike<number>,
  h: number,
  toRe: Float32Array,
  toIm: Float32Array,
  to: number,
): void {
  for (let k = 0; k < bins; k++) {
    const a = xRe[x + k];
    const b = xIm[x + k];
    const c = hRe[h + k];
    const d = hIm[h + k];
    toRe[to + k] = toRe[to + k] + (a * c - b * d);
    toIm[to + k] = toIm[to + k] + (a * d + b * c);
  }
}

/** The work of 64 frames of a channel: their output, and a sixteenth of the work on a long block. */
function hop(
  plan: ConvolverPlan,
  s: StateView<SharedState>,
  v: StateView<ChannelState>,
  limits: Limits,
): void {
  const { shortFft, short, SHORT_COUNT, SHORT_BINS, HISTORY } = plan;
  const now = s.base + 64 & HISTORY - 1;
  for (let n = 0; n < 128; n++) s.frame[n] = v.input[now - 128 + n & HISTORY - 1];
  shortFft.forward(shortFft, s.frame, s.re, s.im, s.workRe, s.workIm);
  const slot = s.slot & SHORT_COUNT - 1;
  for (let k = 0; k < SHORT_BINS; k++) {
    v.shortRe[slot * SHORT_BINS + k] = s.re[k];
    v.shortIm[slot * SHORT_BINS + k] = s.im[k];
    s.re[k] = 0;
    s.im[k] = 0;
  }
  const { shortRe, shortIm } = v;
  const { re, im } = short;
  for (let p = 0; p < short.count; p++) {
    const from = (slot - p & SHORT_COUNT - 1) * SHORT_BINS;
    plan.multiply(SHORT_BINS, shortRe, shortIm, from, re, im, p * SHORT_BINS, s.re, s.im, 0);
  }
  shortFft.inverse(shortFft, s.re, s.im, s.frame, s.workRe, s.workIm);
  // What comes round from the end spoils the first half only.
  const late = (s.phase - 1 & 15) * 64;
  for (let n = 0; n < 64; n++) v.output[n] = s.frame[64 + n] + v.late[late + n];
  if (plan.long.count > 0) plan.longWork(plan, s, v, now, limits);
}

/** The part of the work on long blocks that belongs to this hop. */
function longWork(
  plan: ConvolverPlan,
  s: StateView<SharedState>,
  v: StateView<ChannelState>,
  now: number,
  { max, min }: Limits,
): void {
  const { longFft, long, SLICE, SLICES, HISTORY } = plan;
  const phase = s.phase & 15;
  const last = long.count - 1;
  const slot = min(max(s.longSlot, 0), last);
  if (phase === 0) {
    // The sums for the block that ended 1024 frames ago are complete.
    for (let k = 0; k < longFft.bins; k++) {
      s.re[k] = v.sumRe[k];
      s.im[k] = v.sumIm[k];
    }
    longFft.inverse(longFft, s.re, s.im, s.frame, s.workRe, s.workIm);
    for (let n = 0; n < 1024; n++) v.late[n] = s.frame[1024 + n];
  } else if (phase === 1) {
    // The block that ended 64 frames ago.
    const from = now - 64 - longFft.size;
    for (let n = 0; n < longFft.size; n++) s.frame[n] = v.input[from + n & HISTORY - 1];
    longFft.forward(longFft, s.frame, s.re, s.im, s.workRe, s.workIm);
    const next = slot < last ? slot + 1 : 0;
    for (let slice = 0; slice < SLICES; slice++) {
      const from = slice * SLICE;
      const to = (slice * (last + 1) + min(next, last)) * SLICE;
      const bins = min(SLICE, longFft.bins - from);
      for (let k = 0; k < bins; k++) {
        v.longRe[to + k] = s.re[from + k];
        v.longIm[to + k] = s.im[from + k];
      }
    }
  } else {
    const slice = max(phase - 2, 0);
    const to = slice * SLICE;
    const start = slice * (last + 1) * SLICE;
    for (let k = 0; k < SLICE; k++) {
      v.sumRe[to + k] = 0;
      v.sumIm[to + k] = 0;
    }
    const { longRe, longIm, sumRe, sumIm } = v;
    const { re, im } = long;
    for (let p = 0; p <= last; p++) {
      const at = slot < p ? slot - p + last + 1 : slot - p;
      const from = start + min(max(at, 0), last) * SLICE;
      plan.multiply(SLICE, longRe, longIm, from, re, im, start + p * SLICE, sumRe, sumIm, to);
    }
  }
}

/** Goes on to the next 64 frames, when all channels have been worked on. */
function advance(plan: ConvolverPlan, s: StateView<SharedState>): void {
  const { long, SHORT_COUNT, HISTORY } = plan;
  if ((s.phase & 15) === 1) s.longSlot = s.longSlot < long.count - 1 ? s.longSlot + 1 | 0 : 0;
  s.slot = s.slot + 1 & SHORT_COUNT - 1;
  s.phase = s.phase + 1 & 15;
  s.base = s.base + 64 & HISTORY - 1;
  s.count = 0;
}
