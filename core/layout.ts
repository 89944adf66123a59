// This module is real-time safe.
/**
 * The one drawing of shared memory. Everything the audio side touches lies in one
 * `WebAssembly.Memory`, in this order; all addresses are byte addresses.
 *
 * ```text
 *   0        HEADER      clock, meters, what a scheduler keeps         2 KiB
 *            ZEROS       one packed buffer of silence (8 lanes)         2 KiB, never written
 *            SINK        where lanes nobody reads are written           256 B, never read
 *            ROWS        scratch rows for moving parameters            MAX_PARAMS x 2 KiB
 *            NODES       node table: one record a slot (arena)         nodes x 32 B
 *            PLANS       room for flat plans                           PLAN_ROOMS x planBytes
 *            EVENTS      pending parameter events                      events x 32 B
 *            OUTPUT      the rendered block, interleaved                blockFrames x outputs x 4 B
 *            INPUT       the recorded block, interleaved                blockFrames x inputs x 4 B
 *            BUFFERS     block buffers, QUANTUM frames each            buffers x 256 B
 *            PARALLEL    what the threads of a parallel engine share   parallelBytes(workers)
 *            HEAP        parameters and state of nodes, constant tables, samples
 * ```
 *
 * "Control writes" means the thread that owns the `Engine`; "audio writes" the thread that
 * renders. Only one side writes each word while it is reachable by the other.
 *
 * @module
 */

/** Frames that one walk over the plan renders at most; also the period of the control grid. */
export const QUANTUM = 64;
/** Lanes of the widest kernel. A packed buffer holds `QUANTUM * width` values. */
export const MAX_LANES = 8;
/** Bytes of one planar block buffer. */
export const BUFFER_BYTES = QUANTUM * 4;
/** Bytes of one packed block buffer of `MAX_LANES` lanes. */
export const PACKED_BYTES = BUFFER_BYTES * MAX_LANES;
/** Parameters one node type may have. */
export const MAX_PARAMS = 24;
/** Channels of the engine's output and of one port. */
export const MAX_CHANNELS = 32;
/** Plans of the full size that have room in memory: one sounding, one waiting, one being written. */
export const PLAN_ROOMS = 3;
/** Pieces of such a room; a plan takes as many as it needs, one after the other. */
export const ROOM_PIECES = 8;
/** Plans in memory at most. */
export const PLAN_COUNT = 8;

/** Byte addresses of the header's words. */
export const HEADER = {
  /** u64: frame time of the first frame of the segment being rendered. Audio writes. */
  NOW: 16,
  /** f32: states smaller than this become 0 at the end of the segment; 0 off the control grid. Audio writes. */
  FLUSH: 24,
  /** u32: address of the sounding plan, 0 for none. Audio writes. */
  PLAN: 28,
  /** u32: epoch of the sounding plan. Audio writes. */
  EPOCH: 32,
  /** u32: address of the segment's first frame in the INPUT region. Audio writes. */
  INPUT: 36,
  /** u32: bytes of one frame of the INPUT region. Audio writes. */
  INPUT_STRIDE: 40,
  /** u32: replies that found the reply ring full and were dropped (never those about plans). Audio writes. */
  LOST_REPLIES: 44,
  /** f32, u32: value and duration of the parameter change being started. Audio only. */
  CHANGE: 48,
  /** u32: counts up before and after each block, so it is odd while one is rendered. Audio writes. */
  RENDERING: 56,
  /** u32: events that wait for their frame, in the EVENTS region. Audio only, like all up to WAITING. */
  EVENT_COUNT: 60,
  /** i32: events that have arrived so far. */
  ARRIVALS: 64,
  /** u32: state blocks being cleared, RESET_BYTES each from RESETS on. */
  RESET_COUNT: 68,
  /** u32: whether control has not been told yet that the sounding plan sounds. */
  REPLY_DUE: 72,
  /** u32: whether COMMAND is still to be carried out. */
  HELD: 76,
  /** 8 words: the command taken last. */
  COMMAND: 80,
  /** u32, u32: the first of the plans that wait, and how many there are. */
  WAITING_FIRST: 112,
  WAITING_COUNT: 116,
  /**
   * One word for each piece of the rooms for plans: what was decided last of the plans that begin
   * there. 2 x epoch: audio took it; 2 x epoch + 1: control withdrew it. Each writes by
   * compare-exchange, so that a plan is either taken or withdrawn.
   */
  DECIDED: 320,
  /** PLAN_COUNT times address, epoch, frame low, frame high. */
  WAITING: 192,
  /** f64: milliseconds, as a profiled walk read them last. Audio writes. */
  CLOCK: 176,
  /** u32: not 0 while the times of ops are measured, see PROFILE in the plan format. Control writes. */
  PROFILING: 184,
  /** MAX_CHANNELS meters of METER_BYTES, one an output channel. Audio writes. */
  METERS: 512,
  /** MAX_RESETS times RESET_BYTES. Audio only. */
  RESETS: 1024,
} as const;
export const HEADER_BYTES = 2048;

/** Byte offsets in the meter of one output channel. */
export const METER = {
  /** f32: largest magnitude since the last multiple of METER_FRAMES of frame time. */
  PEAK: 0,
  /** f32: that of the METER_FRAMES before; the larger of the two never misses a peak. */
  LAST_PEAK: 4,
  /** f64: sum of the squares of all samples so far; two readings and their frame times give the RMS between. */
  SQUARES: 8,
} as const;
export const METER_BYTES = 16;
/** Byte offsets in the entry of a state block being cleared. */
export const RESET = {
  /** Address of the state block. */
  STATE: 0,
  /** What is still to be cleared: from NEXT to END. */
  NEXT: 4,
  END: 8,
  /** Address of the node's record, and its slot. */
  NODE: 12,
  SLOT: 16,
} as const;
export const RESET_BYTES = 32;
/** Resets that can be under way. */
export const MAX_RESETS = 32;

/** Frames in which meters look for a peak; a multiple of QUANTUM. */
export const METER_FRAMES = 4096;

/** State whose magnitude is below this is set to zero (WebAssembly has no flush-to-zero). */
export const FLUSH_THRESHOLD = 1e-20;
/** Values written to delay lines and arrays are rounded by `(x + LINE_FLUSH) - LINE_FLUSH`. */
export const LINE_FLUSH = 1e-15;

/** Byte offsets within one node's record in the node table. */
export const NODE = {
  /** u32: generation of the slot; odd while in use. Control writes. */
  GENERATION: 0,
  /** u32: address of the node's parameter records. Control writes. */
  PARAMS: 4,
  /** u32: frame (low word) until which some parameter of the node moves. Audio writes. */
  MOVING_UNTIL: 8,
  /** u32: address of the node's first lane entry in the plan taken last; may be stale. Audio writes. */
  LANES: 12,
  /** u32: number of parameter records. Control writes. */
  PARAM_COUNT: 16,
  /** u32: bytes that a reset clears of a state block, of which a node has one a lane. Control writes. */
  STATE_BYTES: 20,
  /** u32: address of what a new state block begins with; the rest of it is zero. Control writes. */
  IMAGE: 24,
  /** u32: bytes of that image, at most STATE_BYTES. Control writes. */
  IMAGE_BYTES: 28,
} as const;
export const NODE_BYTES = 32;

/**
 * Byte offsets within one parameter record. The value at frame t is
 * `target - slope * max(0, end - t)`, so it does not depend on how time is cut into blocks.
 */
export const PARAM = {
  /** f32: the value once the ramp has ended. */
  TARGET: 0,
  /** f32: change per frame while ramping, 0 when still. */
  SLOPE: 4,
  /** u32: frame (low word) at which the ramp reaches `target`. */
  END: 8,
  /** f32: value of a parameter modulated at control rate, latched on the control grid. */
  LATCH: 12,
  /** i32: address of the first event of this segment, -1 for none. Audio only. */
  EVENTS: 16,
  /** f32 */
  MIN: 20,
  /** f32 */
  MAX: 24,
  /** i32: address of the last event of this segment if there is a first. Audio only. */
  LAST_EVENT: 28,
} as const;
export const PARAM_BYTES = 32;

/**
 * Byte offsets within one table slot. The slots of an instance stand right before its state block:
 * slot k at `state - (k + 1) * TABLE_SLOT_BYTES`. So a reset, saved state and state that is carried over
 * leave them alone. Control writes before the node is known to the audio side; then audio writes, by
 * the copies of a plan.
 */
export const TABLE_SLOT = {
  /** u32: address of the first value; with LENGTH 0, of a zero. */
  ADDRESS: 0,
  /** u32: number of f32 values. */
  LENGTH: 4,
  /** f32: frames per second of the values. */
  SAMPLE_RATE: 8,
  /** u32: number of the table in its engine, 0 for none. */
  ID: 12,
} as const;
export const TABLE_SLOT_BYTES = 16;

/**
 * Byte offsets within one parameter event. Audio only: an event waits in a heap ordered by frame,
 * is linked to its parameter (PARAM.EVENTS, EVENT.NEXT, ascending frames) for the segment in which
 * it falls, and is applied to the record when the segment is done. Filling a row only reads.
 */
export const EVENT = {
  /** u64: frame on which the event lands; once linked only its low word. */
  FRAME: 0,
  /** f32, in the place of the high word once linked: change per frame of the ramp. */
  SLOPE: 4,
  /** u32: address of the parameter record. */
  PARAM: 8,
  /** f32: value to go to. */
  TARGET: 12,
  /** u32: frames the linear ramp takes from the value then; 0 for a step. */
  DURATION: 16,
  /** i32: address of the next event of the same parameter in this segment, -1 for the last. */
  NEXT: 20,
  /** u32, u32: node slot and generation, so that events of removed nodes are dropped. */
  SLOT: 24,
  GENERATION: 28,
} as const;
export const EVENT_BYTES = 32;

/** Helper threads that an engine may have. */
export const MAX_WORKERS = 16;
/** Tasks that a plan may be cut into. */
export const MAX_TASKS = 1024;
/**
 * Byte offsets in the PARALLEL region. Words that different threads write lie in cache lines of their
 * own. The audio thread writes those before SLEEPERS while no segment is open.
 */
export const PARALLEL = {
  /** u32: odd while a segment is open for helpers, even while it is closed; free-running. */
  EPOCH: 0,
  /** u32: address of the open plan's task table. */
  TABLE: 4,
  /** u32: number of its tasks. */
  COUNT: 8,
  /** u32: frames of the segment. */
  FRAMES: 12,
  /** u32: threads that sleep until a task is done. All threads. */
  SLEEPERS: 128,
  /** u32: helpers that sleep until a segment is opened. Helpers. */
  IDLERS: 132,
  /** u32: helpers that take part. Helpers, and the audio thread for one that it gives up. */
  ACTIVE: 136,
  /** u32: whether some op has faulted since the segment was opened. All threads. */
  FAULTED: 192,
  /** u32: counts up when helpers are to start anew; those of an older run end. Control. */
  RUN: 196,
  /** u32: kernels sent to helpers. Control. */
  MAIL: 200,
  /** u32: 1 if helpers should ask for the audio thread's priority. The driver. */
  PRIORITY: 204,
  /** MAX_WORKERS times HELPER_BYTES, and then the audio thread's, of which only CURSOR is used. */
  HELPERS: 256,
  /**
   * MAX_TASKS + MAX_WORKERS x 16 words: who has the task, see `core/rt/parallel/words.ts`. Those of tasks
   * with one owner stand together.
   */
  TASKS: 256 + 64 * 17,
} as const;
/** Byte offsets in a helper's words, which only that helper writes unless stated. */
export const HELPER = {
  /** u32: 1 once it has been given up, or has broken down. The audio thread, control. */
  DEAD: 0,
  /** u32: how far it is in its task, see `core/rt/parallel/stages.ts`. */
  STEP: 4,
  /** u32: the last epoch in which it took part. */
  SEEN: 8,
  /** u32: tasks it has finished; free-running. */
  DONE: 12,
  /** u32: whether it has a raised priority: 0 normal, 1 raised, 2 refused. */
  PRIORITY: 16,
  /** i32: the task of its own that it looked at last, where others begin to help; -1 for none. */
  CURSOR: 20,
  /** u32: counts up each time it looks around, awake or from its sleep; free-running, not 0 from then on. */
  BEAT: 24,
  /** u32: its run while it counts in ACTIVE. Whoever makes it 0 takes it out there. All threads. */
  COUNTED: 28,
} as const;
export const HELPER_BYTES = 64;
/** Words of tasks: room for the last line of each owner to be shared with nobody. */
export const TASK_WORDS = MAX_TASKS + 16 * (MAX_WORKERS + 1);
/** Bytes in which a helper notes what a task is about to change. */
export const JOURNAL_BYTES = 1 << 17;

/** Bytes of the PARALLEL region for so many helpers. */
export function parallelBytes(workers: number): number {
  const own = MAX_PARAMS * PACKED_BYTES + JOURNAL_BYTES;
  return workers === 0 ? 0 : PARALLEL.TASKS + 4 * TASK_WORDS + workers * own;
}
/** Address of a helper's scratch rows; its journal follows. */
export function helperRows(region: number, helper: number): number {
  return region + parallelBytes(helper + 1) - MAX_PARAMS * PACKED_BYTES - JOURNAL_BYTES;
}

/** Frames of the longest ramp; longer ones are cut to this. Keeps differences of 32-bit frame times unambiguous. */
export const MAX_RAMP_FRAMES = 1 << 30;

/** Sizes chosen when an engine is created. */
export interface Capacity {
  /** Nodes at once, at most 10,240. */
  readonly nodes: number;
  /** Bytes for parameters, state, delay lines, tables and samples. */
  readonly heapBytes: number;
  /** Frames of one block that a driver asks for. */
  readonly blockFrames: number;
  /** Output channels. */
  readonly outputs: number;
  /** Input channels (duplex). */
  readonly inputs: number;
  /** Block buffers of `QUANTUM` frames for signals between nodes. */
  readonly buffers: number;
  /** Parameter events that can wait for their frame. */
  readonly events: number;
  /** Bytes of the largest plan, a multiple of 64. Memory has room for `PLAN_ROOMS` of them. */
  readonly planBytes: number;
  /** Helper threads, at most `MAX_WORKERS`. Default 0. */
  readonly workers?: number;
}

/** Byte addresses of the regions. */
export interface Layout {
  readonly capacity: Capacity;
  readonly zeros: number;
  readonly rows: number;
  readonly nodes: number;
  readonly plans: number;
  readonly events: number;
  readonly output: number;
  readonly input: number;
  readonly buffers: number;
  readonly parallel: number;
  readonly heap: number;
  /** Total size, a multiple of a WebAssembly page. */
  readonly bytes: number;
}

/** Bytes of a piece of a room for plans. */
export function pieceBytes({ planBytes }: Pick<Capacity, "planBytes">): number {
  return Math.floor(planBytes / ROOM_PIECES / 64) * 64;
}

/** Places the regions for the given capacity. @thread control */
export function layout(capacity: Capacity): Layout {
  const align = (address: number, to: number) => Math.ceil(address / to) * to;
  const zeros = HEADER_BYTES;
  const rows = zeros + PACKED_BYTES + BUFFER_BYTES;
  const nodes = rows + MAX_PARAMS * PACKED_BYTES;
  const plans = align(nodes + capacity.nodes * NODE_BYTES, 64);
  const events = align(plans + PLAN_ROOMS * capacity.planBytes, 64);
  const output = align(events + capacity.events * EVENT_BYTES, 64);
  const input = align(output + capacity.blockFrames * capacity.outputs * 4, 64);
  const buffers = align(input + capacity.blockFrames * capacity.inputs * 4, 64);
  const parallel = buffers + capacity.buffers * BUFFER_BYTES;
  const heap = parallel + parallelBytes(capacity.workers ?? 0);
  const bytes = align(heap + capacity.heapBytes, 65536);
  return {
    capacity,
    zeros,
    rows,
    nodes,
    plans,
    events,
    output,
    input,
    buffers,
    parallel,
    heap,
    bytes,
  };
}
