/**
 * The driver: a WebAssembly module with the plan walker and the built-in ops.
 *
 * @module
 */
import { type Func, i32, memory, Module } from "../../wasm/mod.ts";
import type { BUILTIN } from "../plan_format.ts";
import { advance, begin, framesLate, framesUntil } from "./clock.ts";
import { builtin } from "./emit.ts";
import { applyEvents, eventBefore, eventPush, forgetEvents, linkEvents } from "./events.ts";
import { audioInput, feedbackRead, feedbackWrite } from "./feedback.ts";
import { fill, value } from "./fill.ts";
import { loop } from "./loop.ts";
import { modulate, modulateBlock } from "./modulate.ts";
import { output } from "./output.ts";
import { change, isGone, lanesOf, raise, slope, tidy } from "./parameters.ts";
import { copy, pack, splat, unpack } from "./packing.ts";
import { mixClear, mixPacked, mixPlanar, mixReduce, sum, sumPacked, sumRounds } from "./sums.ts";
import { restore, save } from "./journal.ts";
import { profiling, timed } from "./profile.ts";
import { adopt, fillOwnRowsOf, fillRowsOf, walk, walkPart } from "./walker.ts";

/** What an instance of the driver exports, besides the built-in ops. Numbers are i32. */
export interface Driver {
  /** Before a segment: when states are flushed, and the address of its input. */
  begin(frames: number, input: number): void;
  /** Runs one segment of at most `QUANTUM` frames. */
  run(plan: number, frames: number): void;
  /** The same, and takes the time of each op. */
  run_profiled(plan: number, frames: number): void;
  /** The same, and takes the time of all together. */
  run_timed(plan: number, frames: number): void;
  /** Runs ops up to `end` with scratch rows of their own; 0 if the word at `stop` ended it. */
  run_part(
    plan: number,
    op: number,
    end: number,
    frames: number,
    rows: number,
    stop: number,
  ): number;
  /** The same, and takes the time of each op. */
  run_part_profiled(
    plan: number,
    op: number,
    end: number,
    frames: number,
    rows: number,
    stop: number,
  ): number;
  /** The same, and takes the time of all together. */
  run_part_timed(
    plan: number,
    op: number,
    end: number,
    frames: number,
    rows: number,
    stop: number,
  ): number;
  /** Copies the pieces of a list one behind the other. */
  save(list: number, to: number): void;
  /** Puts them back. */
  restore(list: number, from: number): void;
  /** Writes and meters a segment's output; steps in bytes from frame to frame and channel to channel. */
  output(
    plan: number,
    address: number,
    frames: number,
    channels: number,
    frameStep: number,
    channelStep: number,
  ): void;
  /** After a segment: the clock. */
  advance(frames: number): void;
  /** Frames from now to a frame, in [0, most]. */
  frames_until(low: number, high: number, most: number): number;
  /** Frames by which a frame is past; 0 for frame 0. */
  frames_late(low: number, high: number): number;
  /** Makes a plan ready to run. */
  adopt(plan: number, nodes: number): void;
  /** The first lane entry of a node in a plan, or 0. */
  lanes_of(node: number, slot: number, plan: number): number;
  /** Whether a node was in a plan and is not in this one. */
  is_gone(node: number, slot: number, plan: number): number;
  /** Starts a change of a parameter: the address of its value and duration. */
  change(record: number, change: number, node: number, slot: number, plan: number): void;
  /** Keeps the times of one lane of the plan from growing old. */
  tidy(plan: number, nodes: number, lane: number): void;
  /** Takes the record behind a heap of `count` events into it. */
  event_push(events: number, count: number): void;
  /** Links the events of a segment; returns how many others wait. */
  link_events(
    events: number,
    count: number,
    nodes: number,
    plan: number,
    frames: number,
  ): number;
  /** Drops the events of a frame and later ones; returns how many are left. Not while any are linked. */
  forget_events(events: number, count: number, low: number, high: number): number;
  /** Applies the linked events: those of `count` that are behind the `kept` ones. */
  apply_events(events: number, kept: number, count: number): void;
  /** One parameter of `width` lanes to a packed row. */
  fill(width: number, records: number, offset: number, row: number, frames: number): void;
  /** Copies bytes; the two places may overlap. */
  move(to: number, from: number, bytes: number): void;
  /** Sets bytes to zero. */
  clear(address: number, bytes: number): void;
}

/** Names of the exported built-in ops, to be put into the kernel table at these indices. */
export const BUILTIN_NAMES: Readonly<Record<keyof typeof BUILTIN, string>> = {
  NOP: "nop",
  PACK: "pack",
  SPLAT: "splat",
  UNPACK: "unpack",
  SUM: "sum",
  MIX_CLEAR: "mix_clear",
  MIX_PACKED: "mix_packed",
  MIX_PLANAR: "mix_planar",
  MIX_REDUCE: "mix_reduce",
  SUM_ROUNDS: "sum_rounds",
  MODULATE: "modulate",
  MODULATE_BLOCK: "modulate_block",
  FEEDBACK_READ: "feedback_read",
  FEEDBACK_WRITE: "feedback_write",
  COPY: "copy",
  SUM_PACKED: "sum_packed",
  AUDIO_INPUT: "audio_input",
  LOOP: "loop",
};

/**
 * The driver's bytes. It imports `env.memory`, the kernel table `env.table`, `env.fault`, which is
 * called with an op's address and the lanes whose state or output is not finite, and `env.clock`,
 * which writes the time to HEADER.CLOCK.
 *
 * @param options.shared Whether the memory is shared.
 * @thread control
 */
export function compileDriver(options: { readonly shared: boolean }): Uint8Array<ArrayBuffer> {
  const module = new Module();
  module.importMemory({ shared: options.shared });
  module.importTable();
  const fault = module.importFunction("fault", ["i32", "i32"]);
  const clock = module.importFunction("clock", []);
  builtin(module, "nop", () => {});
  const simple: readonly ((module: Module) => Func)[] = [
    pack,
    splat,
    unpack,
    copy,
    sum,
    sumPacked,
    mixClear,
    mixPacked,
    mixPlanar,
    mixReduce,
    sumRounds,
    feedbackRead,
    feedbackWrite,
    audioInput,
  ];
  for (const add of simple) add(module);
  const fillRow = fill(module);
  modulate(module, fillRow);
  const valueNow = value(module);
  modulateBlock(module, valueNow);
  const slopeOf = slope(module);
  const lanes = lanesOf(module);
  const gone = isGone(module, lanes);
  const raiseNode = raise(module, lanes);
  change(module, valueNow, slopeOf, raiseNode);
  tidy(module);
  const before = eventBefore(module);
  forgetEvents(module, eventPush(module, before));
  linkEvents(module, before, slopeOf, gone, raiseNode);
  applyEvents(module);
  for (const add of [begin, advance, framesUntil, framesLate]) add(module);
  const fillRows = fillRowsOf(module, fillRow);
  const run = walk(module, "run", fillRows, fault);
  loop(module, run);
  walk(module, "run_profiled", fillRows, fault, profiling(clock));
  const fillOwnRows = fillOwnRowsOf(module, fillRow);
  const runPart = walkPart(module, "run_part", fillOwnRows, fault);
  timed(module, run, runPart, clock);
  walkPart(module, "run_part_profiled", fillOwnRows, fault, profiling(clock));
  save(module);
  restore(module);
  adopt(module);
  output(module);
  module.func("move", ["i32", "i32", "i32"], "void", (f, to, from, bytes) => {
    f.do(memory.copy(to, from, bytes));
  }, { export: true });
  module.func("clear", ["i32", "i32"], "void", (f, address, bytes) => {
    f.do(memory.fill(address, i32.const(0), bytes));
  }, { export: true });
  return module.encode();
}
