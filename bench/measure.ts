/**
 * Renders a workload and says how long its blocks took and what it sounded like.
 *
 * @module
 */
import { render } from "../drivers/offline.ts";
import { Engine } from "../drivers/parallel.ts";
import { PlainEngine } from "./plain/engine.ts";
import { SignalFigures } from "./signal.ts";
import { type BlockTime, BlockTimer } from "./timing.ts";
import type { Workload } from "./workloads/mod.ts";

/** Frames of a block and frames per second in all figures. */
export const BLOCK_FRAMES = 64;
export const SAMPLE_RATE = 48_000;

/** What a run came to. */
export interface Measurement {
  readonly workload: string;
  readonly seconds: number;
  readonly frames: number;
  /** Microseconds a block of 64 frames. */
  readonly usPerBlock: BlockTime;
  /** Of the left channel. */
  readonly rmsDbfs: number;
  readonly signChangesPerSecond: number;
  readonly peak: number;
}

/** What a run may be told. */
export interface MeasureOptions {
  readonly seconds: number;
  /** Takes the interleaved frames. */
  readonly out?: Float32Array;
  /** Helper threads. Default 0. */
  readonly workers?: number;
}

/** Measures a workload in the engine. */
export async function measure(workload: Workload, options: MeasureOptions): Promise<Measurement> {
  const { seconds, out, workers = 0 } = options;
  const engine = new Engine({
    workers,
    sampleRate: SAMPLE_RATE,
    blockFrames: BLOCK_FRAMES,
    capacity: workload.capacity,
  });
  const perform = workload.build(engine, seconds);
  const signal = new SignalFigures(SAMPLE_RATE);
  const ahead = SAMPLE_RATE / 4;
  let until = 0;
  let at = 0;
  const timer = new BlockTimer();
  for await (const block of render(engine, { seconds })) {
    if (perform && engine.now >= until) perform(until = engine.now + ahead);
    signal.add(block, 2);
    out?.set(block, at);
    at += block.length;
    timer.tick();
  }
  return result(workload, seconds, timer.time, signal);
}

/** Measures the same nodes as plain JavaScript, one call a node and block. */
export function measurePlain(workload: Workload, { seconds, out }: MeasureOptions): Measurement {
  const engine = new PlainEngine(SAMPLE_RATE);
  // It has as much of the engine's face as the workloads use.
  const perform = workload.build(engine as unknown as Engine, seconds);
  const signal = new SignalFigures(SAMPLE_RATE);
  const blocks = Math.round(seconds * SAMPLE_RATE / BLOCK_FRAMES);
  const timer = new BlockTimer();
  for (let k = 0; k < blocks; k++) {
    perform?.(engine.now + BLOCK_FRAMES);
    const [left, right] = engine.process();
    signal.add(left, 1);
    if (out) interleave(left, right, out, 2 * BLOCK_FRAMES * k);
    timer.tick();
  }
  return result(workload, seconds, timer.time, signal);
}

function interleave(left: Float32Array, right: Float32Array, out: Float32Array, at: number): void {
  for (let t = 0; t < left.length && at + 2 * t < out.length; t++) {
    out[at + 2 * t] = left[t];
    out[at + 2 * t + 1] = right[t];
  }
}

function result(
  workload: Workload,
  seconds: number,
  usPerBlock: BlockTime,
  signal: SignalFigures,
): Measurement {
  return {
    workload: workload.name,
    seconds,
    frames: Math.round(seconds * SAMPLE_RATE),
    usPerBlock,
    rmsDbfs: signal.rmsDbfs,
    signChangesPerSecond: signal.signChangesPerSecond,
    peak: signal.peak,
  };
}
