// This module is real-time safe.
/**
 * Partitioned convolution: the procedure that convolvers share.
 *
 * @module
 */
import type { StateView } from "../../core/kernel/definition.ts";
import type { MathContext } from "../../core/math/context.ts";
import type {
  ChannelState,
  ConvolverPlan,
  ResponseSpectra,
  SharedState,
} from "./convolver_plan.ts";
import type { Partitions } from "./partitions.ts";

/** Functions of the context. */
type Limits = Pick<MathContext, "max" | "min">;

/** Adds the product of two spectra, `bins` values from `x` and `h` on, to the values from `to` on. */
export function multiply(
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
export function hop(
  plan: ConvolverPlan,
  s: StateView<SharedState>,
  v: StateView<ChannelState>,
  { short, long }: ResponseSpectra,
  limits: Limits,
): void {
  const { shortFft, SHORT_COUNT, SHORT_BINS, HISTORY } = plan;
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
  for (let p = 0; p < limits.min(short.count, SHORT_COUNT); p++) {
    const from = (slot - p & SHORT_COUNT - 1) * SHORT_BINS;
    plan.multiply(SHORT_BINS, shortRe, shortIm, from, re, im, p * SHORT_BINS, s.re, s.im, 0);
  }
  shortFft.inverse(shortFft, s.re, s.im, s.frame, s.workRe, s.workIm);
  // What comes round from the end spoils the first half only.
  const late = (s.phase - 1 & 15) * 64;
  for (let n = 0; n < 64; n++) v.output[n] = s.frame[64 + n] + v.late[late + n];
  if (plan.longSlots > 0) plan.longWork(plan, s, v, long, now, limits);
}

/** The part of the work on long blocks that belongs to this hop. */
export function longWork(
  plan: ConvolverPlan,
  s: StateView<SharedState>,
  v: StateView<ChannelState>,
  { count, re, im }: Partitions,
  now: number,
  { max, min }: Limits,
): void {
  const { longFft, longSlots, firstSlice, slices, slice, HISTORY } = plan;
  const phase = s.phase & 15;
  const slot = min(max(s.longSlot, 0), longSlots - 1);
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
    const next = slot < longSlots - 1 ? slot + 1 : 0;
    for (let part = 0; part < slices; part++) {
      const from = part * slice;
      const to = (part * longSlots + min(next, longSlots - 1)) * slice;
      const bins = min(slice, longFft.bins - from);
      for (let k = 0; k < bins; k++) {
        v.longRe[to + k] = s.re[from + k];
        v.longIm[to + k] = s.im[from + k];
      }
    }
  } else if (phase >= firstSlice && phase < firstSlice + slices) {
    const part = min(max(phase - firstSlice, 0), slices - 1);
    const to = part * slice;
    const start = part * longSlots * slice;
    for (let k = 0; k < slice; k++) {
      v.sumRe[to + k] = 0;
      v.sumIm[to + k] = 0;
    }
    const { longRe, longIm, sumRe, sumIm } = v;
    for (let p = 0; p < min(count, longSlots); p++) {
      const at = slot < p ? slot - p + longSlots : slot - p;
      const from = start + min(max(at, 0), longSlots - 1) * slice;
      plan.multiply(slice, longRe, longIm, from, re, im, start + p * slice, sumRe, sumIm, to);
    }
  }
}

/** Takes in the value of a frame, and gives the one that comes out. */
export function pass(s: StateView<SharedState & ChannelState>, x: number): number {
  const at = s.count & 63;
  s.input[s.base + at | 0] = x;
  s.count = at + 1;
  return s.output[at];
}

/** Goes on to the next 64 frames, when all channels have been worked on. */
export function advance(
  { longSlots, SHORT_COUNT, HISTORY }: ConvolverPlan,
  s: StateView<SharedState>,
): void {
  if ((s.phase & 15) === 1) s.longSlot = s.longSlot < longSlots - 1 ? s.longSlot + 1 | 0 : 0;
  s.slot = s.slot + 1 & SHORT_COUNT - 1;
  s.phase = s.phase + 1 & 15;
  s.base = s.base + 64 & HISTORY - 1;
  s.count = 0;
}
