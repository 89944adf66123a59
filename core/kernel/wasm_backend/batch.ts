/** What a lane kernel's descriptor tells: the lanes' state, parameters and buffers, as code. @module */
import { HEADER, PARAM_BYTES } from "../../layout.ts";
import {
  type Code,
  constant,
  f32,
  f32x4,
  type FunctionBuilder,
  i32,
  i32x4,
  type Local,
  select,
  v128,
} from "../../wasm/mod.ts";
import { descriptorWords } from "../../rt/plan_format.ts";
import { type IrNode, ParamSource, type Program } from "../ir.ts";
import { Cursors } from "./cursors.ts";
import { Emitter, type Leaves } from "./emitter.ts";
import { type Addresses, Lanes } from "./lanes.ts";
import { LaneMemory } from "./memory.ts";
import type { Schedule } from "./schedule.ts";
import { Slots } from "./slots.ts";
import { Tables } from "./tables.ts";
import { paramField } from "./time.ts";

/** A batch of instances in the making. */
export class Batch {
  readonly lanes: Lanes;
  readonly emitter: Emitter;
  readonly state: Addresses;
  readonly cursors: Cursors;
  readonly memory: LaneMemory;
  /** The scalars of the state by group, then index. */
  readonly scalars: readonly (readonly Local[])[];
  /** Bytes from the start of a buffer to the current frame. */
  readonly at: Local;
  /** Buffers by descriptor, then index. */
  readonly inputs: readonly (readonly Local[])[];
  readonly outputs: readonly (readonly Local[])[];
  readonly rows: readonly (readonly Local[])[];
  readonly #params: Addresses;
  readonly #tables: Tables;
  readonly slots: Slots;
  /** Is NaN on a lane once something of the lane was not finite. */
  readonly #poison: readonly Local[];

  constructor(
    readonly f: FunctionBuilder,
    readonly desc: Local,
    readonly program: Program,
    readonly schedule: Schedule,
    readonly width: 1 | 4 | 8,
    readonly sources: readonly ParamSource[],
    isPair = false,
  ) {
    const { inputs, outputs, params, tables } = program;
    const words = descriptorWords(width, inputs, outputs.length, params, tables.length);
    const lanes = this.lanes = new Lanes(f, desc, width, isPair ? 4 * words : 0);
    const buffers = (first: number, count: number) =>
      Array.from({ length: lanes.halves }, (_, half) =>
        Array.from(
          { length: count },
          (_, k) => f.local("i32", i32.load(desc, lanes.offset(half, 2 * width + first + k))),
        ));
    this.state = lanes.addresses(0);
    this.#params = lanes.addresses(width);
    this.inputs = buffers(0, inputs);
    this.outputs = buffers(inputs, outputs.length);
    this.rows = buffers(inputs + outputs.length, params);
    this.#tables = new Tables(lanes, program, (index) => this.tableAddress(index));
    this.slots = new Slots(
      lanes,
      program,
      [...schedule.before, ...schedule.during],
      (lane) => this.state.lane(lane),
      lanes.groups,
    );
    this.cursors = new Cursors(f);
    this.emitter = new Emitter(f, program, schedule, lanes.form, lanes.groups);
    this.emitter.hoistConstants();
    this.memory = new LaneMemory(this.emitter, lanes, this.state, this.cursors);
    this.scalars = lanes.perGroup((group) =>
      program.scalars.map(({ type, offset }) => {
        const value = lanes.gather(this.state.lane, group, offset, type);
        return f.local(type === "f32" ? lanes.f32Type : lanes.i32Type, value);
      })
    );
    this.#poison = lanes.perGroup(() => f.local(lanes.f32Type));
    this.at = f.local("i32");
    this.emitter.emit(schedule.before, this.leaves());
    this.memory.prepare();
  }

  /** Bytes of one frame of a buffer. */
  get stride(): number {
    return 4 * this.width;
  }

  /** The address of a table. */
  tableAddress(index: number): Code {
    const { inputs, outputs, params } = this.program;
    return i32.load(this.desc, 4 * (2 * this.width + inputs + outputs.length + params + index));
  }

  /**
   * Loads and stores for the frame `frame` frames after the current one.
   *
   * @param scalar The value of a scalar in that frame, if it is not the one kept in its local.
   */
  leaves(frame = 0, scalar?: (index: number, group: number) => Code): Leaves {
    return {
      load: (node, args, group) => {
        switch (node.op) {
          case "input":
            return this.#packed(this.inputs, node.imm, group, frame);
          case "param":
            return this.#param(node, group, frame);
          case "state.f32":
          case "state.i32":
            return scalar?.(node.imm, group) ?? this.scalars[group][node.imm];
          case "table.load":
            return this.#tables.load(node.imm, args[0], group);
          case "given.load":
          case "given.length":
          case "given.rate":
          case "given.id":
            return this.slots.load(node, args, group);
          default:
            return this.memory.load(node, args, group, frame);
        }
      },
      store: (node, args, group) => this.memory.store(node, args, group, frame),
    };
  }

  /** Stores the outputs of the frame `frame` frames after the current one. */
  storeOutputs(emitter: Emitter, frame = 0): void {
    for (const [k, id] of this.program.outputs.entries()) {
      for (let group = 0; group < this.lanes.groups; group++) {
        const address = i32.add(this.outputs[this.lanes.half(group)][k], this.at);
        const value = emitter.value(id, group);
        const offset = frame * this.stride + 16 * group % this.stride;
        this.f.do(
          this.lanes.form === "scalar"
            ? f32.store(address, value, offset)
            : v128.store(address, value, offset),
        );
        this.#check(value, group);
      }
    }
  }

  /** Gives the scalars their values after the frame that `emitter` has computed. */
  assignScalars(emitter: Emitter): void {
    const { changing } = this.schedule;
    for (let group = 0; group < this.lanes.groups; group++) {
      this.f.assign(
        changing.map((k) => this.scalars[group][k]),
        changing.map((k) => emitter.value(this.program.next[k], group)),
      );
    }
  }

  /** Notes which scalars are not finite; to be called once, after the last frame. */
  checkScalars(): void {
    for (const k of this.schedule.changing) {
      if (this.program.scalars[k].type === "i32") continue;
      this.scalars.forEach((values, group) => this.#check(values[k], group));
    }
  }

  /** Stores the scalars, those that are too small to be heard as 0. */
  storeScalars(): void {
    const { f, lanes } = this;
    const header = i32.const(HEADER.FLUSH);
    const scalar = lanes.form === "scalar";
    const flush = f.local(lanes.f32Type, scalar ? f32.load(header) : v128.load32_splat(header));
    for (const k of this.schedule.changing) {
      const { type, offset } = this.program.scalars[k];
      for (let group = 0; group < lanes.groups; group++) {
        const value = this.scalars[group][k];
        const stored = type === "i32"
          ? value
          : scalar
          ? select(constant("f32", 0), value, f32.lt(f32.abs(value), flush))
          : v128.andnot(value, f32x4.lt(f32x4.abs(value), flush));
        lanes.scatter(this.state.lane, group, offset, stored);
      }
    }
  }

  /** Bit l is set if something of lane l was not finite. */
  faults(): Code {
    return this.#poison
      .map((poison) =>
        this.lanes.form === "scalar"
          ? f32.ne(poison, poison)
          : i32x4.bitmask(f32x4.ne(poison, poison))
      )
      .reduce((all, mask, group) => i32.or(all, i32.shl(mask, 4 * group)));
  }

  /** Remembers whether `value` is finite: x - x is 0 if it is, else NaN. */
  #check(value: Code, group: number): void {
    const poison = this.#poison[group];
    this.f.set(
      poison,
      this.lanes.form === "scalar"
        ? f32.add(poison, f32.sub(value, value))
        : v128.or(poison, f32x4.sub(value, value)),
    );
  }

  #param({ imm }: IrNode, group: number, frame: number): Code {
    const source = this.sources[imm];
    if (source === ParamSource.Row) return this.#packed(this.rows, imm, group, frame);
    return this.lanes.gather(this.#params.lane, group, imm * PARAM_BYTES + paramField(source));
  }

  #packed(
    buffers: readonly (readonly Local[])[],
    index: number,
    group: number,
    frame: number,
  ): Code {
    const address = i32.add(buffers[this.lanes.half(group)][index], this.at);
    const offset = frame * this.stride + 16 * group % this.stride;
    return this.lanes.form === "scalar" ? f32.load(address, offset) : v128.load(address, offset);
  }
}
