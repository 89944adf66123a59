/**
 * Delay lines and arrays of the lanes of a kernel.
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
  v128,
} from "../wasm/mod.ts";
import { type Block, type IrNode, type Program, Rate } from "./ir.ts";
import type { Cursors } from "./wasm_backend_cursors.ts";
import type { Emitter } from "./wasm_backend_emitter.ts";
import type { Addresses, Lanes } from "./wasm_backend_lanes.ts";

/** Loads from and stores to the blocks of each lane's state. */
export class LaneMemory {
  readonly #f: FunctionBuilder;
  readonly #program: Program;
  /** Delays in bytes that keep still during a call: by the node that is the delay in frames, then group. */
  readonly #delays = new Map<string, Code[]>();
  #flush: Code = constant("f32", LINE_FLUSH);

  constructor(
    readonly emitter: Emitter,
    readonly lanes: Lanes,
    readonly state: Addresses,
    readonly cursors: Cursors,
  ) {
    this.#f = emitter.f;
    this.#program = emitter.program;
  }

  /** Computes what keeps still during the call; all that is not computed each frame has been emitted. */
  prepare(): void {
    const { during, writes } = this.emitter.schedule;
    if (this.lanes.form === "vector" && this.#program.blocks.length > 0) {
      this.#flush = this.#f.local("v128", f32x4Const(LINE_FLUSH));
    }
    for (const id of [...during, ...writes]) {
      const node = this.#program.nodes[id];
      if (node.op === "array.load" || node.op === "array.store") {
        this.lanes.integer(0);
        this.lanes.integer(this.#block(node).length - 1);
      } else if (node.op === "line.write") {
        this.cursors.at(this.#block(node).length);
      } else if (node.op === "line.read") {
        this.#prepareRead(node);
      }
    }
  }

  load(node: IrNode, args: readonly Code[], group: number): Code {
    const address = node.op === "array.load"
      ? this.#element(node, args[0], group)
      : this.#past(node, args[0], group);
    return this.lanes.gather(address, group, this.#block(node).offset);
  }

  /** Emits a store. */
  store(node: IrNode, args: readonly Code[], group: number): void {
    const { offset, length } = this.#block(node);
    const value = args[args.length - 1];
    const flushed = this.lanes.form === "scalar"
      ? f32.sub(f32.add(value, this.#flush), this.#flush)
      : f32x4.sub(f32x4.add(value, this.#flush), this.#flush);
    const address = node.op === "array.store"
      ? this.#element(node, args[0], group)
      : this.#at(this.cursors.at(length));
    this.lanes.scatter(address, group, offset, flushed);
  }

  #block(node: IrNode): Block {
    return this.#program.blocks[node.imm];
  }

  #prepareRead(node: IrNode): void {
    const { length } = this.#block(node);
    const delay = node.args[0];
    const fixed = this.#fixedDelay(node);
    this.cursors.at(length, fixed);
    if (fixed !== undefined) return;
    this.lanes.integer(1);
    this.lanes.integer(length);
    this.lanes.integer(4 * length);
    if (this.emitter.schedule.rates[delay] === Rate.Sample) return;
    const bytes = this.lanes.perGroup((group) =>
      this.#f.local(this.lanes.i32Type, this.#back(this.emitter.value(delay, group), length))
    );
    this.#delays.set(`${delay},${length}`, bytes);
  }

  /** The constant delay of a read, limited to the line; undefined if it is not constant. */
  #fixedDelay(node: IrNode): number | undefined {
    const delay = this.#program.nodes[node.args[0]];
    if (delay.op !== "i32.const") return undefined;
    return Math.min(Math.max(delay.imm, 1), this.#block(node).length);
  }

  /** Address of the element at `cursor`, without the block's offset. */
  #at(cursor: Code): (lane: number) => Code {
    return (lane) => i32.add(this.state.lane(lane), cursor);
  }

  /** Address of the element of an array. */
  #element(node: IrNode, index: Code, group: number): (lane: number) => Code {
    const limited = this.lanes.limit(index, 0, this.#block(node).length - 1);
    return this.lanes.split(this.lanes.add(this.lanes.bytes(limited), this.state.group(group)));
  }

  /** Address of the element of a line that a read wants. */
  #past(node: IrNode, delay: Code, group: number): (lane: number) => Code {
    const { length } = this.#block(node);
    const fixed = this.#fixedDelay(node);
    if (fixed !== undefined) return this.#at(this.cursors.at(length, fixed));
    const bytes = this.#delays.get(`${node.args[0]},${length}`)?.[group] ??
      this.#back(delay, length);
    const now = this.lanes.splat(this.cursors.at(length));
    const scalar = this.lanes.form === "scalar";
    const at = this.#f.local(
      this.lanes.i32Type,
      scalar ? i32.sub(now, bytes) : i32x4.sub(now, bytes),
    );
    const turn = this.lanes.integer(4 * length);
    const round = scalar ? i32.and(i32.shr_s(at, 31), turn) : v128.and(i32x4.shr_s(at, 31), turn);
    return this.lanes.split(this.lanes.add(this.lanes.add(at, round), this.state.group(group)));
  }

  /** A delay in bytes, limited to the line. */
  #back(delay: Code, length: number): Code {
    return this.lanes.bytes(this.lanes.limit(delay, 1, length));
  }
}
