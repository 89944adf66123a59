/**
 * The kernel of a batch: the same program on 1, 4 or 8 instances side by side, or on a pair of batches
 * of 8.
 *
 * @module
 */
import { type FunctionBuilder, i32, type Local } from "../../wasm/mod.ts";
import type { ParamSource, Program } from "../ir.ts";
import { Batch } from "./batch.ts";
import { findParts, TILE } from "./parts.ts";
import { gainsByTiles, TimeTile } from "./time_tile.ts";
import { schedule } from "./schedule.ts";
import { buildLaneTile, gainsByLaneTiles } from "./lane_tile.ts";

/** Writes the body of a lane kernel. That of a pair leaves the state as it was if there is a fault. */
export function buildKernel(
  f: FunctionBuilder,
  [desc, frames]: readonly [Local, Local],
  program: Program,
  options: {
    readonly width: 1 | 4 | 8 | "pair";
    readonly sources: readonly ParamSource[];
  },
): void {
  const { sources } = options;
  const isPair = options.width === "pair";
  const width = options.width === "pair" ? 8 : options.width;
  const plan = schedule(program, sources);
  const batch = new Batch(f, desc, program, plan, width, sources, isPair);
  const parts = findParts(program, plan);
  const time = width === 1 && gainsByTiles(batch, parts) ? new TimeTile(batch, parts) : undefined;
  const lanes = width > 1 && gainsByLaneTiles(batch, parts);
  const tile = time ? () => time.build() : lanes ? () => buildLaneTile(batch, parts) : undefined;
  if (batch.cursors.isEmpty && !tile) {
    f.count(batch.at, i32.mul(frames, batch.stride), batch.stride, () => buildFrame(batch));
  } else {
    buildRuns(batch, frames, tile);
  }
  batch.checkScalars();
  if (isPair) f.if(batch.faults(), () => f.return(i32.const(1)));
  batch.storeScalars();
  f.return(time ? i32.or(batch.faults(), time.faults()) : batch.faults());
}

/** One frame: reads, then arithmetic and array stores in order, then outputs, line writes, new state. */
function buildFrame(batch: Batch): void {
  const emitter = batch.emitter.fork();
  const leaves = batch.leaves();
  emitter.emit(batch.schedule.during, leaves);
  batch.storeOutputs(emitter);
  emitter.emit(batch.schedule.writes, leaves);
  batch.assignScalars(emitter);
}

/**
 * All frames, in runs in which no delay line goes round: first tiles, if there is a way to compute
 * them, then what is left frame by frame.
 */
function buildRuns(batch: Batch, frames: Local, tile?: () => void): void {
  const { f, cursors, at, stride } = batch;
  const left = f.local("i32", frames);
  const run = f.local("i32");
  const step = (count: number, build: () => void) => {
    build();
    f.set(at, i32.add(at, count * stride));
    f.set(run, i32.sub(run, count));
    cursors.advance(count);
  };
  f.loop((again) => {
    f.set(run, left);
    cursors.limit(run);
    f.set(left, i32.sub(left, run));
    if (tile) f.while(i32.ge_u(run, TILE), () => step(TILE, tile));
    f.while(run, () => step(1, () => buildFrame(batch)));
    cursors.wrap();
    f.brIf(again, left);
  });
}
