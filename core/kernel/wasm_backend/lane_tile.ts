/**
 * Four frames of four or eight lanes. What a delay line gives to a lane in four frames is one vector in
 * memory; read so and transposed, it takes a quarter of the loads of frame after frame. And what does
 * not recur is computed for four frames side by side, so that slow operations overlap.
 *
 * @module
 */
import { type Code, i32, i8x16, lanes32, type Local, v128 } from "../../wasm/mod.ts";
import { type Id, ParamSource } from "../ir.ts";
import type { Batch } from "./batch.ts";
import type { Emitter } from "./emitter.ts";
import { fixedDelay, type Parts, TILE } from "./parts.ts";

/** Nodes times groups up to which four frames are worth their code; beyond, registers and cache run out. */
const MAX_SIZE = 1200;

/**
 * Whether a kernel of several lanes should take four frames at a time. It must for its delay lines;
 * otherwise it gains if much of it does not recur, or if all of it is short.
 */
export function gainsByLaneTiles(batch: Batch, { parts, tiled }: Parts): boolean {
  if (tiled.some(Boolean)) return true;
  const { during } = batch.schedule;
  if (during.length * batch.lanes.groups > MAX_SIZE) return false;
  const serial = parts.reduce((sum, part) => sum + (part.serial ? part.ids.length : 0), 0);
  return 2 * serial <= during.length || !batch.sources.includes(ParamSource.Row);
}

/** Writes `TILE` frames. Parts take turns, not frames, so that few values are alive at a time. */
export function buildLaneTile(batch: Batch, { parts, tiled }: Parts): void {
  const frames = Array.from({ length: TILE }, () => batch.emitter.fork());
  const leaves = frames.map((_, k) =>
    k === 0
      ? batch.leaves()
      : batch.leaves(k, (index, group) => frames[k - 1].value(batch.program.next[index], group))
  );
  for (const { ids } of parts) {
    const { op, imm } = batch.program.nodes[ids[0]];
    if (op === "line.read" && tiled[imm]) {
      readTile(batch, frames, ids[0]);
    } else if (op === "line.write" && tiled[imm]) {
      writeTile(batch, frames, ids[0]);
    } else {
      frames.forEach((frame, k) => frame.emit(ids, leaves[k]));
    }
  }
  frames.forEach((frame, k) => batch.storeOutputs(frame, k));
  batch.assignScalars(frames[TILE - 1]);
}

function readTile(batch: Batch, frames: readonly Emitter[], id: Id): void {
  const node = batch.program.nodes[id];
  const { offset, length } = batch.program.blocks[node.imm];
  const cursor = batch.cursors.at(length, fixedDelay(batch.program, node));
  for (let group = 0; group < batch.lanes.groups; group++) {
    const lanes = fourLanes(group).map((lane) =>
      v128.load(i32.add(batch.state.lane(lane), cursor), offset)
    );
    transpose(batch, lanes).forEach((value, k) => frames[k].define(id, group, value));
  }
}

function writeTile(batch: Batch, frames: readonly Emitter[], id: Id): void {
  const node = batch.program.nodes[id];
  const { offset, length } = batch.program.blocks[node.imm];
  const cursor = batch.cursors.at(length);
  for (let group = 0; group < batch.lanes.groups; group++) {
    const values = frames.map((frame) => batch.memory.flushed(frame.value(node.args[0], group)));
    const rows = transpose(batch, values);
    fourLanes(group).forEach((lane, k) =>
      batch.f.do(v128.store(i32.add(batch.state.lane(lane), cursor), rows[k], offset))
    );
  }
}

function fourLanes(group: number): number[] {
  return [0, 1, 2, 3].map((k) => 4 * group + k);
}

/** Rows become columns: element j of result i is element i of vector j. */
function transpose({ f }: Batch, rows: readonly Code[]): Local[] {
  const [a, b, c, d] = rows.map((row) => f.local("v128", row));
  const shuffle = (x: Code, y: Code, lanes: readonly number[]) =>
    f.local("v128", i8x16.shuffle(x, y, lanes));
  const [low, high] = [lanes32(0, 4, 1, 5), lanes32(2, 6, 3, 7)];
  const [ab, cd] = [shuffle(a, b, low), shuffle(c, d, low)];
  const [ab2, cd2] = [shuffle(a, b, high), shuffle(c, d, high)];
  const [first, second] = [lanes32(0, 1, 4, 5), lanes32(2, 3, 6, 7)];
  return [
    shuffle(ab, cd, first),
    shuffle(ab, cd, second),
    shuffle(ab2, cd2, first),
    shuffle(ab2, cd2, second),
  ];
}
