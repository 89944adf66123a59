// This module is real-time safe.
/**
 * The one format of a plan: what the control thread writes and the audio thread walks.
 *
 * ```text
 *   plan     HEADER (PLAN_HEADER_BYTES)   then anywhere in the plan's region:
 *   ops      opCount x OP_BYTES           in execution order
 *   lanes    laneCount x LANE_BYTES       one a node and channel (instance), grouped by op
 *   descriptors                           32-bit words, read by the kernels
 * ```
 * All words are little-endian u32 unless stated; all addresses are byte addresses.
 *
 * @module
 */
import { MAX_CHANNELS, MAX_WORKERS } from "../layout.ts";

/** Byte offsets in a plan's header. Control writes before the plan is published; then nobody. */
export const PLAN = {
  /** Number of op records. */
  OP_COUNT: 0,
  /** Address of the first op record. */
  OPS: 4,
  /** Number of lane entries. */
  LANE_COUNT: 8,
  /** Address of the first lane entry. */
  LANES: 12,
  /** Channels of the engine's output. */
  CHANNELS: 16,
  /** Address of the fades: a count, then FADE_BYTES each; 0 for none. Done once, when the plan is taken. */
  FADES: 20,
  /** Address of the copies of state: a count, then COPY_BYTES each; 0 for none. Done once, likewise. */
  COPIES: 24,
  /** Address of the plan's profile: PROFILE_BYTES, then PROFILED_OP_BYTES for each op that OP_COUNT counts. */
  PROFILE: 28,
  /** Address of the task table, 0 for none. */
  TASKS: 32,
  /** Address of the planar buffer of output channel 0, 1, ... */
  OUTPUTS: 48,
} as const;
export const PLAN_HEADER_BYTES = PLAN.OUTPUTS + 4 * MAX_CHANNELS;

/** Byte offsets in a profile: what was measured of the plan while HEADER.PROFILING was not 0. Audio writes. */
export const PROFILE = {
  /** f64: frames that were rendered then. */
  FRAMES: 0,
  /** f64: milliseconds that reading the clock takes at least, Infinity at first; part of each call's time. */
  CLOCK: 8,
  /** f64: milliseconds that 64 frames of some ops took at least, timed together; Infinity at first. */
  LEAST: 16,
  /** Address of the first of these ops, and of the end; 0 before any have been timed together. */
  FROM: 24,
  UNTIL: 28,
} as const;
export const PROFILE_BYTES = 32;

/** Byte offsets in the profile of one op. A LOOP counts as one, with all that it runs. */
export const PROFILED_OP = {
  /** f64: sum of the milliseconds of its calls. */
  TIME: 0,
  /** f64: number of calls. */
  CALLS: 8,
} as const;
export const PROFILED_OP_BYTES = 16;
/**
 * Byte offsets in a task table: how a plan is cut up for several threads. Tasks are in an order in
 * which they can run one after another; so are the ops, task by task.
 */
export const TABLE = {
  /** Number of tasks. */
  COUNT: 0,
  /** 1 if running them in parallel pays. Control writes, also while the plan sounds. */
  PARALLEL: 4,
  /** Kernels that a thread must have. */
  KERNELS: 8,
  /** Number of main ops, and the address of their numbers in the order in which faults are told. */
  OP_COUNT: 12,
  ORDER: 16,
  /** Address of a word for each main op: lanes that have faulted in this segment. All threads. */
  FAULTS: 20,
  /** Address of the first op. */
  OPS: 24,
  /** i32: the first task of each owner, -1 for none: the audio thread, then MAX_WORKERS helpers. */
  OWNERS: 28,
  /** Tasks, TASK_BYTES each. */
  TASKS: 28 + 4 * (1 + MAX_WORKERS),
} as const;
/**
 * Byte offsets in a task: ops in two stages, the second of which waits for more tasks than the
 * first. Lists are a count, then words.
 */
export const TASK = {
  /** Address of the first op, of the first one of the second stage, and of the end. */
  FIRST: 0,
  SECOND: 4,
  END: 8,
  /** u32: 1 for a task that only the audio thread runs, when all before it are done; 2 for one that it runs like any other. */
  ALONE: 12,
  /** Addresses of the lists of tasks that each stage waits for. */
  WAITS: 16,
  SECOND_WAITS: 20,
  /** Addresses of the lists of what each stage reads and then overwrites: address and bytes of each piece. */
  SAVES: 24,
  SECOND_SAVES: 28,
  /** The number of its word among the task words. */
  WORD: 32,
  /** i32: the next task of the same owner, -1 for the last. */
  NEXT: 36,
} as const;
export const TASK_BYTES = 40;

/** Byte offsets in a fade: a ramp of a parameter that starts on the plan's first frame. */
export const FADE = {
  /** Node slot. */
  SLOT: 0,
  /** Address of the parameter record. */
  PARAM: 4,
  /** f32: value to go to from the value then. */
  TARGET: 8,
  /** Frames; 0 for a step. */
  DURATION: 12,
} as const;
export const FADE_BYTES = 16;

/** Byte offsets in a copy: state that a node takes over from the one it replaces. */
export const STATE_COPY = { FROM: 0, TO: 4, BYTES: 8 } as const;
export const COPY_BYTES = 12;

/** Byte offsets in an op record. */
export const OP = {
  /** Kernel table index used while no parameter of the op moves. */
  STILL: 0,
  /**
   * Kernel table index used while one does (the same as STILL if it makes no difference). For a fused
   * chain and a pair of batches, which run one by one then, BUILTIN.NOP.
   */
  MOVING: 4,
  /** Address of the descriptor. */
  DESC: 8,
  /** Frame (low word) until which some parameter moves. Audio writes. */
  MOVING_UNTIL: 12,
  /**
   * Bits 0..23, bit p: parameter p is filled from its record into its row before a MOVING call.
   * Bits 24..31: output buffers; they stand right before the rows and are silenced after a fault.
   */
  FILL: 16,
  /** Bits 0..7 lanes in use, 8..15 width W (0 for a built-in op), 16..31 word offset of the rows in the descriptor. */
  SHAPE: 20,
  /** Number of records after this one that do the same work one by one; skipped while nothing moves. */
  SKIP: 24,
  /** Address of the first lane entry of this op, 0 for none. */
  LANES: 28,
} as const;
export const OP_BYTES = 32;

/** Byte offsets in a lane entry. */
export const LANE = {
  /** Node slot. */
  SLOT: 0,
  /** Address of the op this lane belongs to. */
  OP: 4,
  /** Address of the next lane entry of the same node, 0 for the last. */
  NEXT: 8,
  /** 1 for the first lane entry of its node, else 0. */
  HEAD: 12,
} as const;
export const LANE_BYTES = 16;

/**
 * Descriptor of a lane kernel of width W (1, 4 or 8) for I input channels, O output channels,
 * P parameters and T tables: W state addresses, W parameter-record addresses, I input buffers,
 * O output buffers, P rows, T tables. Buffers and rows are packed: lane l of frame t is the f32
 * at `address + 4 * (t * W + l)`. Width 1 is planar. A pair of batches of width 8 has two
 * descriptors, one right after the other.
 */
export function descriptorWords(w: number, i: number, o: number, p: number, t: number): number {
  return 2 * w + i + o + p + t;
}

/**
 * Descriptor of a hop kernel, which runs a node type's procedure on its instances one by one when the
 * frame time is a multiple of the procedure's hop, a multiple of 64: number of lanes, T tables, then
 * for each lane its state address, its parameter-record address and P addresses of the parameters'
 * values on the segment's first frame (used for parameters modulated at audio rate only).
 *
 * It stands right before the op of the same lanes, has no lane entries, reads and writes nothing but
 * these states, and never faults.
 */
export const HOP = {
  LANES: 0,
  REST: 4,
  /** Within a lane. */
  STATE: 0,
  PARAMS: 4,
  ROWS: 8,
} as const;
/** Bytes of a lane in a hop kernel's descriptor. */
export function hopLaneBytes(params: number): number {
  return HOP.ROWS + 4 * params;
}

/** Descriptor of a chain kernel: count, in, out, T tables, then one parameter-record address a node. */
export const CHAIN = { COUNT: 0, IN: 4, OUT: 8, REST: 12 } as const;

/** Places of a sum that are added up together; larger sums are trees of such. */
export const SUM_BLOCK = 32;

/**
 * Built-in ops, which come first in the kernel table, with their descriptors (words in order).
 * A sum of signals e0, e1, ... (edges by their places) is *defined* as eight partial sums,
 * s[j] = 0 + e[j] + e[j + 8] + ..., added as ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)),
 * whichever ops compute it. Of more than SUM_BLOCK places it is the sum of the sums of its blocks of
 * so many, and so on. One signal alone is passed through, unsummed.
 */
export const BUILTIN = {
  /** Nothing. */
  NOP: 0,
  /** dst (packed W), W, src x W (planar). */
  PACK: 1,
  /** dst (packed W), W, src (planar): the same signal on each lane. */
  SPLAT: 2,
  /** src (packed W), W, dst x W (planar; 0 skips the lane). */
  UNPACK: 3,
  /** dst (planar), k, src x k (planar), k in 2..8. */
  SUM: 4,
  /** acc (packed 8): set to +0. */
  MIX_CLEAR: 5,
  /** acc (packed 8), src (packed W), W, first lane in acc, lanes n: acc[first + l] += src[l], l < n. */
  MIX_PACKED: 6,
  /** acc (packed 8), k, first lane in acc, src x k (planar): acc[first + j] += src[j]. */
  MIX_PLANAR: 7,
  /** dst (planar), acc (packed 8): the tree above. */
  MIX_REDUCE: 8,
  /**
   * Parameter modulated at audio rate: dst row (packed W), W, p, W parameter-record addresses, k, then k times
   * { src (packed W), W amounts as f32 }: row[t][l] = clamp(((record p (t) + amount0 * src0) + amount1 * src1) + ...),
   * where clamp(x) is (x > MIN ? x : MIN), then (x < MAX ? x : MAX), so that NaN gives MIN.
   */
  MODULATE: 9,
  /** The same descriptor with dst ignored: on the control grid, writes PARAM.LATCH from frame 0 of the sources. */
  MODULATE_BLOCK: 10,
  /** dst (planar), ring (address of 2 * QUANTUM f32): dst[t] = ring[(now + t - QUANTUM) mod 2 QUANTUM]. */
  FEEDBACK_READ: 11,
  /** src (planar), ring: ring[(now + t) mod 2 QUANTUM] = src[t]. */
  FEEDBACK_WRITE: 12,
  /** dst (planar), src (planar): a copy. */
  COPY: 13,
  /** dst (packed W), W, k, src x k (packed W), k in 2..8: SUM on each lane. */
  SUM_PACKED: 14,
  /** dst (planar), channel: one channel of the INPUT region. */
  AUDIO_INPUT: 15,
  /**
   * A part of the graph sample by sample, for feedback of one sample: op count and address of the
   * first op (the head of a plan header), n, n x { src (planar), dst }, m, m x { src, dst (planar) }.
   * For each frame t the clock is set to it, dst[0] = src[t] for the inputs, the ops run with one
   * frame, dst[t] = src[0] for the outputs. The ops stand behind those of the plan.
   */
  LOOP: 16,
  /** dst (planar), k, src x k (packed 8), k in 1..4: the sum of 8 k signals. */
  SUM_ROUNDS: 17,
} as const;
/** First kernel table index of compiled kernels. */
export const FIRST_KERNEL = 18;
