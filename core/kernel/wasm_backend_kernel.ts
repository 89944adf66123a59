/** The kernel of a batch: the same program on 1, 4 or 8 instances side by side, frame by frame. @module */
import { HEADER, PARAM_BYTES } from "../layout.ts";
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
} from "../wasm/mod.ts";
import { type IrNode, ParamSource, type Program } from "./ir.ts";
import { Cursors } from "./wasm_backend_cursors.ts";
import { Emitter } from "./wasm_backend_emitter.ts";
import { type Addresses, Lanes } from "./wasm_backend_lanes.ts";
import { paramField } from "./wasm_backend_time.ts";
import { Tables } from "./wasm_backend_tables.ts";
import { LaneMemory } from "./wasm_backend_memory.ts";
import { type Schedule, schedule } from "./wasm_backend_schedule.ts";

/** Writes the body of a lane kernel. */
export function buildKernel(
  f: FunctionBuilder,
  [desc, frames]: readonly [Local, Local],
  program: Program,
  options: { readonly width: 1 | 4 | 8; readonly sources: readonly ParamSource[] },
): void {
  new Kernel(f, desc, frames, program, options.width, options.sources).build();
}

class Kernel {
  readonly #lanes: Lanes;
  readonly #schedule: Schedule;
  readonly #emitter: Emitter;
  readonly #state: Addresses;
  readonly #params: Addresses;
  readonly #memory: LaneMemory;
  readonly #cursors: Cursors;
  readonly #tables: Tables;
  /** Locals of the scalars by group, then index. */
  readonly #scalars: Local[][];
  /** Is NaN on a lane once one of the lane's outputs was not finite. */
  readonly #poison: Local[];
  /** Bytes from the start of a buffer to the current frame. */
  readonly #at: Local;
  readonly #inputs: Local[];
  readonly #outputs: Local[];
  readonly #rows: Local[];

  constructor(
    readonly f: FunctionBuilder,
    desc: Local,
    readonly frames: Local,
    readonly program: Program,
    readonly width: 1 | 4 | 8,
    readonly sources: readonly ParamSource[],
  ) {
    const lanes = this.#lanes = new Lanes(f, desc, width);
    this.#schedule = schedule(program, sources);
    const words = {
      inputs: 2 * width,
      outputs: 2 * width + program.inputs,
      rows: 2 * width + program.inputs + program.outputs.length,
      tables: 2 * width + program.inputs + program.outputs.length + program.params,
    };
    const word = (index: number) => f.local("i32", i32.load(desc, 4 * index));
    this.#state = lanes.addresses(0);
    this.#params = lanes.addresses(width);
    this.#inputs = Array.from({ length: program.inputs }, (_, k) => word(words.inputs + k));
    this.#outputs = program.outputs.map((_, k) => word(words.outputs + k));
    this.#rows = Array.from({ length: program.params }, (_, k) => word(words.rows + k));
    this.#emitter = new Emitter(f, program, this.#schedule, lanes.form, lanes.groups);
    this.#emitter.hoistConstants();
    this.#cursors = new Cursors(f);
    this.#memory = new LaneMemory(this.#emitter, lanes, this.#state, this.#cursors);
    this.#tables = new Tables(lanes, program, (k) => i32.load(desc, 4 * (words.tables + k)));
    this.#scalars = lanes.perGroup((group) =>
      program.scalars.map(({ type, offset }) => {
        const value = lanes.gather(this.#state.lane, group, offset, type);
        return f.local(value.type as Local["type"], value);
      })
    );
    this.#poison = lanes.perGroup(() => f.local(lanes.f32Type));
    this.#at = f.local("i32");
  }

  build(): void {
    const { f } = this;
    const end = f.local("i32", i32.mul(this.frames, 4 * this.width));
    this.#emitter.emit(this.#schedule.before, this);
    this.#memory.prepare();
    f.count(this.#at, end, 4 * this.width, () => {
      this.#emitter.emit(this.#schedule.during, this);
      this.#storeOutputs();
      this.#emitter.emit(this.#schedule.writes, this);
      this.#assignScalars();
      this.#cursors.advance();
    });
    this.#storeScalars();
    f.return(this.#faults());
  }

  load(node: IrNode, args: readonly Code[], group: number): Code {
    switch (node.op) {
      case "input":
        return this.#frame(this.#inputs[node.imm], group);
      case "param":
        return this.#param(node.imm, group);
      case "state.f32":
      case "state.i32":
        return this.#scalars[group][node.imm];
      case "table.load":
        return this.#tables.load(node.imm, args[0], group);
      default:
        return this.#memory.load(node, args, group);
    }
  }

  store(node: IrNode, args: readonly Code[], group: number): void {
    this.#memory.store(node, args, group);
  }

  #param(index: number, group: number): Code {
    const source = this.sources[index];
    if (source === ParamSource.Row) return this.#frame(this.#rows[index], group);
    const field = paramField(source);
    return this.#lanes.gather(this.#params.lane, group, index * PARAM_BYTES + field, "f32");
  }

  /** The current frame of a packed buffer. */
  #frame(buffer: Local, group: number): Code {
    const address = i32.add(buffer, this.#at);
    return this.#lanes.form === "scalar" ? f32.load(address) : v128.load(address, 16 * group);
  }

  #storeOutputs(): void {
    for (const [k, id] of this.program.outputs.entries()) {
      const address = i32.add(this.#outputs[k], this.#at);
      for (let group = 0; group < this.#lanes.groups; group++) {
        const value = this.#emitter.value(id, group);
        if (this.#lanes.form === "scalar") this.f.do(f32.store(address, value));
        else this.f.do(v128.store(address, value, 16 * group));
        this.#check(value, group);
      }
    }
  }

  /** Remembers whether `value` is finite: x - x is 0 if it is, else NaN. */
  #check(value: Code, group: number): void {
    const poison = this.#poison[group];
    this.f.set(
      poison,
      this.#lanes.form === "scalar"
        ? f32.add(poison, f32.sub(value, value))
        : v128.or(poison, f32x4.sub(value, value)),
    );
  }

  #assignScalars(): void {
    const { changing } = this.#schedule;
    for (let group = 0; group < this.#lanes.groups; group++) {
      this.f.assign(
        changing.map((k) => this.#scalars[group][k]),
        changing.map((k) => this.#emitter.value(this.program.next[k], group)),
      );
    }
  }

  #storeScalars(): void {
    const { f } = this;
    const scalar = this.#lanes.form === "scalar";
    const flush = scalar
      ? f.local("f32", f32.load(i32.const(HEADER.FLUSH)))
      : f.local("v128", v128.load32_splat(i32.const(HEADER.FLUSH)));
    for (const k of this.#schedule.changing) {
      const { type, offset } = this.program.scalars[k];
      for (let group = 0; group < this.#lanes.groups; group++) {
        const value = this.#scalars[group][k];
        if (type === "f32") {
          this.#check(value, group);
          const flushed = scalar
            ? select(constant("f32", 0), value, f32.lt(f32.abs(value), flush))
            : v128.andnot(value, f32x4.lt(f32x4.abs(value), flush));
          this.#lanes.scatter(this.#state.lane, group, offset, flushed);
        } else {
          this.#lanes.scatter(this.#state.lane, group, offset, value);
        }
      }
    }
  }

  /** Bit l is set if lane l went wrong. */
  #faults(): Code {
    const masks = this.#poison.map((poison) =>
      this.#lanes.form === "scalar"
        ? f32.ne(poison, poison)
        : i32x4.bitmask(f32x4.ne(poison, poison))
    );
    return masks.reduce((all, mask, group) => i32.or(all, i32.shl(mask, 4 * group)));
  }
}
