// This module is real-time safe.
/**
 * A response whose spectra are in the state of a node, and how they follow a table, in the language of
 * procedures.
 *
 * What came in before a change rings out in the old response, what comes in later sounds in the new
 * one: partition p is exchanged p blocks after the change, when the first input that it must have for
 * reaches it. Through that block the sum of all products goes with the old spectrum, and the product
 * with the difference of both is added under a ramp. A node that is new has nothing to fade from: it has
 * the whole response for its first frame.
 *
 * @module
 */
import { array, i32 } from "../../core/kernel/define_node.ts";
import type {
  ArrayState,
  IntegerState,
  StateView,
  TableView,
} from "../../core/kernel/definition.ts";
import type { MathContext } from "../../core/math/context.ts";
import {
  type ChannelState,
  type ConvolverPlan,
  LONG_START,
  type SharedState,
} from "./convolver_plan.ts";
import { spectraOf } from "./spectra_of.ts";

/** Functions of the context. */
type Context = Pick<MathContext, "max" | "min" | "abs" | "ceil">;

/** Spectra, and how far they have followed the table. */
export interface ResponseState {
  /** Number of the table that they are taken from. */
  readonly table: IntegerState;
  /** Partitions that are not 0, and the next to be exchanged. */
  readonly shortCount: IntegerState;
  readonly shortNext: IntegerState;
  readonly longCount: IntegerState;
  readonly longNext: IntegerState;
  /** The long partition that is being exchanged, from 1; 0 for none. */
  readonly fading: IntegerState;
  readonly shortHRe: ArrayState;
  readonly shortHIm: ArrayState;
  readonly longHRe: ArrayState;
  readonly longHIm: ArrayState;
  /** The new spectrum of that partition; slice by slice it becomes the product with the difference. */
  readonly newRe: ArrayState;
  readonly newIm: ArrayState;
  /** What that adds in the next block. */
  readonly fade: ArrayState;
}

/** All state of a channel. */
export type State = StateView<SharedState & ChannelState & ResponseState>;

/** State for it. @thread control */
export function responseState(plan: ConvolverPlan): ResponseState {
  const { SHORT_COUNT, SHORT_BINS, longSlots, slice, slices } = plan;
  return {
    table: i32(),
    shortCount: i32(),
    shortNext: i32(),
    longCount: i32(),
    longNext: i32(),
    fading: i32(),
    shortHRe: array(SHORT_COUNT * SHORT_BINS),
    shortHIm: array(SHORT_COUNT * SHORT_BINS),
    longHRe: array(longSlots * slice * slices),
    longHIm: array(longSlots * slice * slices),
    newRe: array(slice * slices),
    newIm: array(slice * slices),
    fade: array(plan.longFft.size / 2),
  };
}

/** What `uses` needs for it. */
export interface Follower {
  readonly LONG_START: number;
  readonly spectraOf: typeof spectraOf;
  readonly notice: typeof notice;
  readonly takeIn: typeof takeIn;
  readonly exchangeShort: typeof exchangeShort;
  readonly exchangeLong: typeof exchangeLong;
}
/** See {@linkcode Follower}. */
export const follower: Follower = {
  LONG_START,
  spectraOf,
  notice,
  takeIn,
  exchangeShort,
  exchangeLong,
};

/** Begins anew when another table is there, and counts its partitions. */
function notice(
  plan: ConvolverPlan,
  { LONG_START }: Follower,
  s: State,
  { id, length }: TableView,
  { max, min, ceil }: Context,
): void {
  const short = min(ceil(length / 64), plan.SHORT_COUNT) | 0;
  const long = min(ceil(max(length - LONG_START, 0) / 1024), plan.longSlots) | 0;
  if (id !== s.table) {
    s.shortNext = 0;
    s.longNext = 0;
    s.shortCount = max(s.shortCount, short) | 0;
    s.longCount = max(s.longCount, long) | 0;
  } else {
    s.shortCount = s.shortNext >= s.shortCount ? short : s.shortCount;
    s.longCount = s.longNext >= s.longCount && s.fading === 0 ? long : s.longCount;
  }
  s.table = id;
}

/** Copies `size` frames of the table, and as many zeros behind them. */
function takeIn(
  s: State,
  size: number,
  from: number,
  response: TableView,
  { abs }: Context,
): void {
  for (let n = 0; n < size; n++) {
    const at = from + n | 0;
    const x = response[at];
    // Neither NaN nor infinite.
    const isValue = at < response.length && abs(x) <= 3.4e38;
    s.frame[n] = isValue ? x : 0;
    s.frame[size + n] = 0;
  }
}

/** Exchanges one short partition, if one is due, and adds its part of the output. */
function exchangeShort(
  plan: ConvolverPlan,
  follower: Follower,
  s: State,
  response: TableView,
  context: Context,
): void {
  const { shortFft, SHORT_COUNT, SHORT_BINS } = plan;
  if (s.shortNext < s.shortCount) {
    const p = context.min(context.max(s.shortNext, 0), SHORT_COUNT - 1) | 0;
    follower.takeIn(s, 64, Math.imul(p, 64), response, context);
    shortFft.forward(shortFft, s.frame, s.re, s.im, s.workRe, s.workIm);
    const x = ((s.slot & SHORT_COUNT - 1) - p & SHORT_COUNT - 1) * SHORT_BINS;
    const h = p * SHORT_BINS;
    for (let k = 0; k < SHORT_BINS; k++) {
      const a = s.shortRe[x + k];
      const b = s.shortIm[x + k];
      const c = s.re[k] - s.shortHRe[h + k];
      const d = s.im[k] - s.shortHIm[h + k];
      s.shortHRe[h + k] = s.re[k];
      s.shortHIm[h + k] = s.im[k];
      s.re[k] = a * c - b * d;
      s.im[k] = a * d + b * c;
    }
    shortFft.inverse(shortFft, s.re, s.im, s.frame, s.workRe, s.workIm);
    for (let n = 0; n < 64; n++) {
      s.output[n] = s.output[n] + (n + 1) / 64 * s.frame[64 + n];
    }
    s.shortNext = p + 1 | 0;
  }
}

/** The part of the work on exchanging a long partition that belongs to this hop. */
function exchangeLong(
  plan: ConvolverPlan,
  follower: Follower,
  s: State,
  response: TableView,
  context: Context,
): void {
  const { max, min } = context;
  const { longFft, longSlots, firstSlice, slices, slice } = plan;
  const phase = s.phase & 15;
  if (phase === 2 && s.longNext < s.longCount) {
    const p = min(max(s.longNext, 0), longSlots - 1) | 0;
    follower.takeIn(s, 1024, follower.LONG_START + Math.imul(p, 1024) | 0, response, context);
    longFft.forward(longFft, s.frame, s.newRe, s.newIm, s.workRe, s.workIm);
    s.longNext = p + 1 | 0;
    s.fading = p + 1 | 0;
  }
  if (s.fading > 0) {
    const p = min(max(s.fading - 1 | 0, 0), longSlots - 1);
    if (phase >= firstSlice && phase < firstSlice + slices) {
      const part = min(max(phase - firstSlice, 0), slices - 1);
      const start = part * longSlots * slice;
      const slot = min(max(s.longSlot, 0), longSlots - 1);
      const at = slot < p ? slot - p + longSlots : slot - p;
      const x = start + min(max(at, 0), longSlots - 1) * slice;
      const h = start + p * slice;
      const to = part * slice;
      for (let k = 0; k < slice; k++) {
        const a = s.longRe[x + k];
        const b = s.longIm[x + k];
        const c = s.newRe[to + k] - s.longHRe[h + k];
        const d = s.newIm[to + k] - s.longHIm[h + k];
        s.longHRe[h + k] = s.newRe[to + k];
        s.longHIm[h + k] = s.newIm[to + k];
        s.newRe[to + k] = a * c - b * d;
        s.newIm[to + k] = a * d + b * c;
      }
    } else if (phase === 15) {
      longFft.inverse(longFft, s.newRe, s.newIm, s.frame, s.workRe, s.workIm);
      for (let n = 0; n < 1024; n++) s.fade[n] = s.frame[1024 + n];
    } else if (phase === 0) {
      for (let n = 0; n < 1024; n++) {
        s.late[n] = s.late[n] + (n + 1) / 1024 * s.fade[n];
      }
      s.fading = 0;
    }
  }
}
