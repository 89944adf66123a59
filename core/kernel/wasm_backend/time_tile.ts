/**
 * Four frames of one instance with a memory. Parts without recursion take the four frames as one vector;
 * the others go frame by frame, and values cross over between the two forms.
 *
 * @module
 */
import {
  type Code,
  f32x4,
  f32x4Const,
  i32,
  i32x4,
  i8x16,
  lanes32,
  Local,
  v128,
} from "../../wasm/mod.ts";
import { LINE_FLUSH } from "../../layout.ts";
import { type Id, type IrNode, OPS, ParamSource, Rate, type Type } from "../ir.ts";
import { Access } from "./access.ts";
import type { Batch } from "./batch.ts";
import { Emitter } from "./emitter.ts";
import { fixedDelay, type Part, type Parts, TILE } from "./parts.ts";
import { Slots } from "./slots.ts";
import { Tables } from "./tables.ts";

/** What a value costs to cross over: four extractions, or four insertions. */
const CROSSING = 4;

/** Whether a program at width 1 gains by tiles: the vectors must save more than the crossings cost. */
export function gainsByTiles(batch: Batch, { parts }: Parts): boolean {
  const { nodes, outputs } = batch.program;
  const serial = new Set(parts.flatMap((part) => part.serial ? part.ids : []));
  const sample = (id: Id) =>
    batch.schedule.rates[id] === Rate.Sample && !nodes[id].op.endsWith(".const");
  const crossing = new Set<Id>(outputs.filter((id) => serial.has(id)));
  let saved = 0;
  for (const id of parts.flatMap((part) => part.ids)) {
    if (!serial.has(id)) saved += TILE - 1;
    for (const arg of nodes[id].args) {
      if (sample(arg) && serial.has(arg) !== serial.has(id)) crossing.add(arg);
    }
  }
  return saved > CROSSING * (crossing.size + 1);
}

/** Writes tiles of one instance. Made outside of the loop, built inside of it. */
export class TimeTile {
  readonly #vector: Emitter;
  readonly #tables: Tables;
  readonly #slots: Slots;
  readonly #flush: Local;
  /** Is NaN on a lane once an output was not finite. */
  readonly #poison: Local;

  /** Puts what keeps still during the call into vectors. */
  constructor(readonly batch: Batch, readonly parts: Parts) {
    const { f, program, schedule } = batch;
    const access = new Access(f, "vector");
    this.#vector = new Emitter(f, program, schedule, "vector", 1);
    this.#vector.hoistConstants();
    this.#tables = new Tables(access, program, (index) => batch.tableAddress(index));
    const loads = parts.parts.flatMap(({ ids }) => ids);
    this.#slots = new Slots(access, program, loads, () => batch.state.lane(0), 1);
    this.#flush = f.local("v128", f32x4Const(LINE_FLUSH));
    this.#poison = f.local("v128");
    const wanted = parts.parts.flatMap(({ ids, serial }) =>
      serial ? [] : ids.flatMap((id) => program.nodes[id].args)
    );
    for (const id of [...wanted, ...program.outputs, ...program.next]) {
      if (this.#vector.has(id) || schedule.rates[id] === Rate.Sample) continue;
      if (!batch.emitter.has(id)) continue;
      const splat = splatOf(this.#type(id), batch.emitter.value(id, 0));
      this.#vector.define(id, 0, f.local("v128", splat));
    }
  }

  /** Writes one tile. */
  build(): void {
    const { batch } = this;
    const { next } = batch.program;
    const frames = Array.from({ length: TILE }, () => batch.emitter.fork());
    const leaves = frames.map((_, k) =>
      k === 0 ? batch.leaves() : batch.leaves(k, (index) => frames[k - 1].value(next[index], 0))
    );
    for (const part of this.parts.parts) {
      if (part.serial) {
        this.#toFrames(part, frames);
        frames.forEach((frame, k) => frame.emit(part.ids, leaves[k]));
      } else {
        for (const arg of batch.program.nodes[part.ids[0]].args) this.#toVector(arg, frames);
        this.#vector.emit(part.ids, {
          load: (node, args) => this.#load(node, args, frames),
          store: (node, args) => this.#store(node, args[0]),
        });
      }
    }
    this.#storeOutputs(frames);
    this.#assignScalars(frames[TILE - 1]);
  }

  /** Not 0 if an output was not finite. */
  faults(): Code {
    return v128.any_true(f32x4.ne(this.#poison, this.#poison));
  }

  #type(id: Id): Type {
    return OPS[this.batch.program.nodes[id].op].result;
  }

  #load({ op, imm, args: ids }: IrNode, args: readonly Code[], frames: readonly Emitter[]): Code {
    const { f, inputs, rows, at, program, sources, scalars } = this.batch;
    switch (op) {
      case "input":
        return v128.load(i32.add(inputs[0][imm], at));
      case "param":
        if (sources[imm] !== ParamSource.Row) break;
        return v128.load(i32.add(rows[0][imm], at));
      case "table.load":
        return this.#tables.load(imm, args[0], 0);
      case "given.load":
        return this.#slots.load({ op, imm, args: ids }, args, 0);
      case "state.f32":
      case "state.i32": {
        // The value before each frame: the scalar's own, then the new values of three frames.
        this.#toVector(program.next[imm], frames);
        const before = splatOf(program.scalars[imm].type, scalars[0][imm]);
        const after = this.#vector.value(program.next[imm], 0);
        return f.local("v128", i8x16.shuffle(after, before, lanes32(4, 0, 1, 2)));
      }
      case "line.read": {
        const { offset, length } = program.blocks[imm];
        const fixed = fixedDelay(program, { op, imm, args: ids });
        return v128.load(this.#element(length, fixed), offset);
      }
    }
    throw new TypeError(`Cannot compile ${op}: it must be computed frame by frame`);
  }

  #store({ imm }: IrNode, value: Code): void {
    const { offset, length } = this.batch.program.blocks[imm];
    const flushed = f32x4.sub(f32x4.add(value, this.#flush), this.#flush);
    this.batch.f.do(v128.store(this.#element(length), flushed, offset));
  }

  #element(length: number, delay?: number): Code {
    return i32.add(this.batch.state.lane(0), this.batch.cursors.at(length, delay));
  }

  /** Makes the arguments of a serial part known to each frame. */
  #toFrames({ ids }: Part, frames: readonly Emitter[]): void {
    const { f, program } = this.batch;
    for (const id of ids.flatMap((member) => program.nodes[member].args)) {
      if (ids.includes(id) || frames[0].has(id)) continue;
      const type = this.#type(id);
      const value = this.#vector.value(id, 0);
      const kept = value instanceof Local ? value : f.local("v128", value);
      this.#vector.define(id, 0, kept);
      frames.forEach((frame, k) => {
        frame.define(id, 0, f.local(type === "f32" ? "f32" : "i32", extract(type, kept, k)));
      });
    }
  }

  /** Makes a value of the frames known as a vector. */
  #toVector(id: Id, frames: readonly Emitter[]): void {
    if (this.#vector.has(id)) return;
    const type = this.#type(id);
    const [first, ...others] = frames.map((frame) => frame.value(id, 0));
    const vector = others.reduce(
      (code, value, k) => replace(type, code, k + 1, value),
      splatOf(type, first),
    );
    this.#vector.define(id, 0, this.batch.f.local("v128", vector));
  }

  #storeOutputs(frames: readonly Emitter[]): void {
    const { f, program, outputs, at } = this.batch;
    for (const id of program.outputs) this.#toVector(id, frames);
    for (const [k, id] of program.outputs.entries()) {
      const value = this.#vector.value(id, 0);
      f.do(v128.store(i32.add(outputs[0][k], at), value));
      f.set(this.#poison, v128.or(this.#poison, f32x4.sub(value, value)));
    }
  }

  #assignScalars(last: Emitter): void {
    const { f, program, scalars, schedule } = this.batch;
    f.assign(
      schedule.changing.map((k) => scalars[0][k]),
      schedule.changing.map((k) => {
        const id = program.next[k];
        if (last.has(id)) return last.value(id, 0);
        return extract(program.scalars[k].type, this.#vector.value(id, 0), TILE - 1);
      }),
    );
  }
}

/** Masks are 0 or 1 alone, all bits of a lane in a vector. */
function splatOf(type: Type, value: Code): Code {
  if (type === "f32") return f32x4.splat(value);
  return i32x4.splat(type === "mask" ? i32.sub(0, value) : value);
}

function replace(type: Type, vector: Code, lane: number, value: Code): Code {
  if (type === "f32") return f32x4.replace_lane(vector, value, lane);
  return i32x4.replace_lane(vector, type === "mask" ? i32.sub(0, value) : value, lane);
}

function extract(type: Type, vector: Code, lane: number): Code {
  if (type === "f32") return f32x4.extract_lane(vector, lane);
  const word = i32x4.extract_lane(vector, lane);
  return type === "mask" ? i32.and(word, 1) : word;
}
