// This module is real-time safe.
/**
 * What partitioned convolution needs beforehand, and its state.
 *
 * @module
 */
import { array, i32 } from "../../core/kernel/define_node.ts";
import type { ArrayState, IntegerState } from "../../core/kernel/definition.ts";
import { defineFft } from "../spectral/fft.ts";
import type { FftPlan } from "../spectral/transform.ts";
import { advance, hop, longWork, multiply } from "./convolution.ts";
import { type Partitions, partitionSpectra } from "./partitions.ts";

/** Frames of a short partition, and how many of them come before the long ones. */
const SHORT = 64;
const SHORT_COUNT = 32;
const SHORT_BINS = SHORT + 1;
/** Frames of a long partition, which begin after so many. */
const LONG = 1024;
export const LONG_START: number = SHORT * SHORT_COUNT;
/** Frames of input that are kept: two long blocks and the hop after them, rounded up. */
const HISTORY = 4 * LONG;

/** What a convolver has in `uses`. */
export interface ConvolverPlan {
  readonly shortFft: FftPlan;
  readonly longFft: FftPlan;
  readonly SHORT_COUNT: number;
  readonly SHORT_BINS: number;
  /** Most long partitions that a response may have. */
  readonly longSlots: number;
  /** The hop of a long block in which the first slice of its products is summed. */
  readonly firstSlice: number;
  /** Number of slices, one a hop, and their bins. */
  readonly slices: number;
  readonly slice: number;
  readonly HISTORY: number;
  readonly hop: typeof hop;
  readonly multiply: typeof multiply;
  readonly longWork: typeof longWork;
  readonly advance: typeof advance;
}

/** The response that a channel is convolved with: its short partitions and its long ones. */
export interface ResponseSpectra {
  readonly short: Partitions;
  readonly long: Partitions;
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

/** Long partitions that a response of so many frames has. @thread control */
export function longPartitions(frames: number): number {
  return Math.max(0, Math.ceil((frames - LONG_START) / LONG));
}

/**
 * What a convolution needs beforehand with responses of at most `longSlots` long partitions. The products
 * of a long block are summed from hop `firstSlice` of the next one on, in `slices` hops.
 *
 * @thread control
 */
export function planConvolver(longSlots: number, firstSlice = 2, slices = 14): ConvolverPlan {
  return {
    shortFft: defineFft(2 * SHORT),
    longFft: defineFft(2 * LONG),
    SHORT_COUNT,
    SHORT_BINS,
    longSlots,
    firstSlice,
    slices,
    slice: Math.ceil((LONG + 1) / slices),
    HISTORY,
    hop,
    multiply,
    longWork,
    advance,
  };
}

/** The spectra of a response. @thread control */
export function planResponse(plan: ConvolverPlan, response: ArrayLike<number>): ResponseSpectra {
  const { slice, slices } = plan;
  return {
    short: partitionSpectra(response, 0, SHORT, {
      slice: SHORT_BINS,
      slices: 1,
      most: SHORT_COUNT,
    }),
    long: partitionSpectra(response, LONG_START, LONG, { slice, slices }),
  };
}

/** State for it: what channels share. @thread control */
export function sharedState({ longSlots }: ConvolverPlan): SharedState {
  const size = longSlots > 0 ? 2 * LONG : 2 * SHORT;
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
export function channelState({ longSlots, slice, slices }: ConvolverPlan): ChannelState {
  const spectra = Math.max(1, longSlots * slice * slices);
  const sums = longSlots > 0 ? slice * slices : 1;
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
