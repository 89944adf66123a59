/**
 * Delay lines and arrays of the lanes of a kernel.
 *
 * Every index is limited to its block before it becomes an address, so that whatever a node computes,
 * its kernel stays within its own state.
 *
 * @module
 */
import { LINE_FLUSH } from "../../layout.ts";
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
} from "../../wasm/mod.ts";
import { type Block, type IrNode, type Program, Rate } from "../ir.ts";
import { fixedDelay } from "./parts.ts";
import type { Cursors } from "./cursors.ts";
import type { Emitter } from "./emitter.ts";
import type { Addresses, Lanes } from "./lanes.ts";

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

  /** @param frame Frames after the current one, within a run of the cursors. */
  load(node: IrNode, args: readonly Code[], group: number, frame: number): Code {
    const { offset, length } = this.#block(node);
    if (node.op === "array.load") {
      return this.lanes.gather(this.#element(node, args[0], group), group, offset);
    }
    const fixed = fixedDelay(this.#program, node);
    if (fixed === undefined) {
      return this.lanes.gather(this.#past(node, args[0], group, frame), group, offset);
    }
    return this.lanes.gather(this.#at(this.cursors.at(length, fixed)), group, offset + 4 * frame);
  }

  /** Emits a store. @param frame As for `load`. */
  store(node: IrNode, args: readonly Code[], group: number, frame: number): void {
    const { offset, length } = this.#block(node);
    if (node.op === "array.store") {
      this.lanes.scatter(this.#element(node, args[0], group), group, offset, this.flushed(args[1]));
    } else {
      const address = this.#at(this.cursors.at(length));
      this.lanes.scatter(address, group, offset + 4 * frame, this.flushed(args[0]));
    }
  }

  /** A value as it is stored: what is too small to be heard becomes 0. */
  flushed(value: Code): Code {
    return this.lanes.form === "scalar"
      ? f32.sub(f32.add(value, this.#flush), this.#flush)
      : f32x4.sub(f32x4.add(value, this.#flush), this.#flush);
  }

  #block(node: IrNode): Block {
    return this.#program.blocks[node.imm];
  }

  #prepareRead(node: IrNode): void {
    const { length } = this.#block(node);
    const delay = node.args[0];
    const fixed = fixedDelay(this.#program, node);
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

  /** Address of the element at `cursor`, without the block's offset. */
  #at(cursor: Code): (lane: number) => Code {
    return (lane) => i32.add(this.state.lane(lane), cursor);
  }

  /** Address of the element of an array. */
  #element(node: IrNode, index: Code, group: number): (lane: number) => Code {
    const limited = this.lanes.limit(index, 0, this.#block(node).length - 1);
    return this.lanes.split(this.lanes.add(this.lanes.bytes(limited), this.state.group(group)));
  }

  /** Address of the element of a line that a read wants, `frame` frames from now. */
  #past(node: IrNode, delay: Code, group: number, frame: number): (lane: number) => Code {
    const { length } = this.#block(node);
    const bytes = this.#delays.get(`${node.args[0]},${length}`)?.[group] ??
      this.#back(delay, length);
    const now = this.lanes.splat(i32.add(this.cursors.at(length), 4 * frame));
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
