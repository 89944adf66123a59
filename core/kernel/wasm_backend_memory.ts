/**
 * Delay lines, arrays and tables of the lanes of a kernel.
 *
 * Every index is limited to its block before it becomes an address, so that whatever a node computes,
 * its kernel stays within its own state.
 *
 * @module
 */
import { LINE_FLUSH } from "../layout.ts";
import {
  type Code,
  constant,
  f32,
  f32x4,
  f32x4Const,
  type FunctionBuilder,
  i32,
  i32x4,
  i32x4Const,
  v128,
} from "../wasm/mod.ts";
import { type Block, type IrNode, type Program, Rate } from "./ir.ts";
import type { Cursors } from "./wasm_backend_cursors.ts";
import type { Emitter } from "./wasm_backend_emitter.ts";
import type { Addresses, Lanes } from "./wasm_backend_lanes.ts";
import { integerLimit } from "./wasm_backend_ops.ts";

/** Access to what does not fit in registers. */
export class LaneMemory {
  readonly #f: FunctionBuilder;
  readonly #program: Program;
  readonly #integers = new Map<number, Code>();
  readonly #tables: Code[];
  /** Delays in bytes that keep still during a call: by the node that is the delay in frames, then group. */
  readonly #delays = new Map<string, Code[]>();
  readonly #flush: Code;

  /** Makes ready what does not depend on the program's values. */
  constructor(
    readonly emitter: Emitter,
    readonly lanes: Lanes,
    readonly state: Addresses,
    readonly cursors: Cursors,
    tableAddress: (index: number) => Code,
  ) {
    this.#f = emitter.f;
    this.#program = emitter.program;
    const vector = lanes.form === "vector";
    this.#tables = this.#program.tables.map((_, index) => {
      const address = tableAddress(index);
      return vector ? this.#f.local("v128", i32x4.splat(address)) : this.#f.local("i32", address);
    });
    const flushes = this.#program.blocks.length > 0;
    this.#flush = vector && flushes
      ? this.#f.local("v128", f32x4Const(LINE_FLUSH))
      : constant("f32", LINE_FLUSH);
    for (const id of [...emitter.schedule.before, ...emitter.schedule.during]) {
      this.#limits(this.#program.nodes[id]);
    }
  }

  /** Makes ready what depends on values that keep still during the call. */
  prepare(): void {
    const { during, writes, rates } = this.emitter.schedule;
    for (const id of [...during, ...writes]) {
      const node = this.#program.nodes[id];
      if (node.op === "line.write") this.cursors.at(this.#block(node).length);
      if (node.op !== "line.read") continue;
      const { length } = this.#block(node);
      const delay = node.args[0];
      const fixed = this.#fixedDelay(node);
      this.cursors.at(length, fixed);
      if (fixed !== undefined || rates[delay] === Rate.Sample) continue;
      const bytes = Array.from({ length: this.lanes.groups }, (_, group) =>
        this.#f.local(
          this.lanes.i32Type,
          this.#delayBytes(this.emitter.value(delay, group), length),
        ));
      this.#delays.set(`${delay},${length}`, bytes);
    }
  }

  /** The value of a load. */
  load(node: IrNode, args: readonly Code[], group: number): Code {
    if (node.op === "table.load") {
      const index = this.#limited(args[0], this.#program.tables[node.imm].length);
      const address = this.#add(this.#shiftLeft(index), this.#tables[node.imm]);
      return this.lanes.gather(this.lanes.split(address), group, 0, "f32");
    }
    const { offset } = this.#block(node);
    const address = node.op === "array.load"
      ? this.#element(node, args[0], group)
      : this.#past(node, args[0], group);
    return this.lanes.gather(address, group, offset, "f32");
  }

  /** Emits a store. */
  store(node: IrNode, args: readonly Code[], group: number): void {
    const { offset } = this.#block(node);
    if (node.op === "array.store") {
      const address = this.#element(node, args[0], group);
      this.lanes.scatter(address, group, offset, this.#flushed(args[1]));
    } else {
      const address = this.#at(this.cursors.at(this.#block(node).length));
      this.lanes.scatter(address, group, offset, this.#flushed(args[0]));
    }
  }

  #block(node: IrNode): Block {
    return this.#program.blocks[node.imm];
  }

  /** The constant delay of a read, limited to the line; undefined if it is not constant. */
  #fixedDelay(node: IrNode): number | undefined {
    const delay = this.#program.nodes[node.args[0]];
    if (delay.op !== "i32.const") return undefined;
    return Math.min(Math.max(delay.imm, 1), this.#block(node).length);
  }

  /** Address of the element at `cursor` on each lane, without the block's offset. */
  #at(cursor: Code): (lane: number) => Code {
    return (lane) => i32.add(this.state.lane(lane), cursor);
  }

  /** Address of the element of an array. */
  #element(node: IrNode, index: Code, group: number): (lane: number) => Code {
    const limited = this.#limited(index, this.#block(node).length);
    return this.lanes.split(this.#add(this.#shiftLeft(limited), this.state.group(group)));
  }

  /** Address of the element of a line that a read wants. */
  #past(node: IrNode, delay: Code, group: number): (lane: number) => Code {
    const { length } = this.#block(node);
    const fixed = this.#fixedDelay(node);
    if (fixed !== undefined) return this.#at(this.cursors.at(length, fixed));
    const bytes = this.#delays.get(`${node.args[0]},${length}`)?.[group] ??
      this.#delayBytes(delay, length);
    const back = this.#f.local(this.lanes.i32Type);
    if (this.lanes.form === "scalar") {
      this.#f.set(back, i32.sub(this.cursors.at(length), bytes));
      const round = i32.and(i32.shr_s(back, 31), 4 * length);
      return this.lanes.split(i32.add(i32.add(back, round), this.state.group(group)));
    }
    this.#f.set(back, i32x4.sub(i32x4.splat(this.cursors.at(length)), bytes));
    const round = v128.and(i32x4.shr_s(back, 31), this.#integer(4 * length));
    return this.lanes.split(i32x4.add(i32x4.add(back, round), this.state.group(group)));
  }

  #delayBytes(delay: Code, length: number): Code {
    const positive = integerLimit(this.#f, this.lanes.form, "i32.max", [delay, this.#integer(1)]);
    return this.#shiftLeft(
      integerLimit(this.#f, this.lanes.form, "i32.min", [positive, this.#integer(length)]),
    );
  }

  /** `index` limited to [0, length - 1]. */
  #limited(index: Code, length: number): Code {
    const { form } = this.lanes;
    const positive = integerLimit(this.#f, form, "i32.max", [index, this.#integer(0)]);
    return integerLimit(this.#f, form, "i32.min", [positive, this.#integer(length - 1)]);
  }

  #flushed(value: Code): Code {
    return this.lanes.form === "scalar"
      ? f32.sub(f32.add(value, this.#flush), this.#flush)
      : f32x4.sub(f32x4.add(value, this.#flush), this.#flush);
  }

  #shiftLeft(index: Code): Code {
    return this.lanes.form === "scalar" ? i32.shl(index, 2) : i32x4.shl(index, i32.const(2));
  }

  #add(a: Code, b: Code): Code {
    return this.lanes.form === "scalar" ? i32.add(a, b) : i32x4.add(a, b);
  }

  /** Puts the constants that limit the node's index into locals, outside the loop. */
  #limits(node: IrNode): void {
    if (node.op === "table.load") {
      this.#integer(0);
      this.#integer(this.#program.tables[node.imm].length - 1);
    } else if (node.op === "array.load" || node.op === "array.store") {
      this.#integer(0);
      this.#integer(this.#block(node).length - 1);
    } else if (node.op === "line.read" && this.#fixedDelay(node) === undefined) {
      this.#integer(1);
      this.#integer(this.#block(node).length);
      this.#integer(4 * this.#block(node).length);
    }
  }

  #integer(value: number): Code {
    if (this.lanes.form === "scalar") return i32.const(value);
    const known = this.#integers.get(value);
    if (known) return known;
    const local = this.#f.local("v128", i32x4Const(value));
    this.#integers.set(value, local);
    return local;
  }
}
