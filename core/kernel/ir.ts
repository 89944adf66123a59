/**
 * Intermediate form of a kernel: hash-consed SSA for one sample of one instance.
 *
 * A program is a list of nodes in order of creation; an argument always comes before its user, so a
 * backend emits the list as it stands. State is read at the start of the sample and written at its end.
 * Reads of arrays keep their place among the stores to the same array; reads of delay lines always
 * see earlier samples, so every line is read before it is written.
 *
 * @module
 */
import { TABLE_SLOT_BYTES } from "../layout.ts";

/** Types: `mask` is a truth value (a lane mask in SIMD); `void` has no value. */
export type Type = "f32" | "i32" | "mask" | "void";

const f = Math.fround;
const b = (x: boolean) => x ? 1 : 0;
const bitsF = new Float32Array(1);
const bitsI = new Int32Array(bitsF.buffer);
const truncSat = (x: number) =>
  x !== x ? 0 : x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : x | 0;
const nearest = (x: number) => {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r === 0 && (x < 0 || Object.is(x, -0)) ? -0 : r;
};

/** Names of the operations. */
export type Op =
  | "f32.const"
  | "i32.const"
  | "mask.const"
  | "input"
  | "param"
  | "state.f32"
  | "state.i32"
  | "f32.add"
  | "f32.sub"
  | "f32.mul"
  | "f32.div"
  | "f32.min"
  | "f32.max"
  | "f32.neg"
  | "f32.abs"
  | "f32.sqrt"
  | "f32.floor"
  | "f32.ceil"
  | "f32.trunc"
  | "f32.nearest"
  | "i32.add"
  | "i32.sub"
  | "i32.mul"
  | "i32.and"
  | "i32.or"
  | "i32.xor"
  | "i32.shl"
  | "i32.shr_s"
  | "i32.shr_u"
  | "i32.min"
  | "i32.max"
  | "f32.lt"
  | "f32.le"
  | "f32.gt"
  | "f32.ge"
  | "f32.eq"
  | "f32.ne"
  | "i32.lt"
  | "i32.le"
  | "i32.gt"
  | "i32.ge"
  | "i32.eq"
  | "i32.ne"
  | "mask.and"
  | "mask.or"
  | "mask.xor"
  | "mask.not"
  | "f32.select"
  | "i32.select"
  | "mask.select"
  | "i32.trunc_sat"
  | "f32.convert"
  | "i32.from_bits"
  | "f32.from_bits"
  | "array.load"
  | "array.store"
  | "line.read"
  | "line.write"
  | "table.load"
  | "scalar.load.f32"
  | "scalar.load.i32"
  | "scalar.store.f32"
  | "scalar.store.i32"
  | "slot.f32"
  | "slot.i32"
  | "slot.mask"
  | "given.load"
  | "given.length"
  | "given.rate"
  | "given.id";

export interface OpInfo {
  readonly args: readonly Type[];
  readonly result: Type;
  /** Exact f32 / i32 arithmetic on numbers; masks are 0 and 1. */
  readonly fold?: (...args: number[]) => number;
}
const op = (args: string, result: Type, fold?: (...args: number[]) => number): OpInfo => ({
  args: [...args].map((c) => c === "f" ? "f32" : c === "i" ? "i32" : "mask") as Type[],
  result,
  fold,
});

/** Every operation with its argument types, result type and, where it is pure arithmetic, its meaning. */
export const OPS: Readonly<Record<Op, OpInfo>> = {
  // Leaves; `imm` is the value or the index.
  "f32.const": op("", "f32"),
  "i32.const": op("", "i32"),
  "mask.const": op("", "mask"),
  "input": op("", "f32"),
  "param": op("", "f32"),
  "state.f32": op("", "f32"),
  "state.i32": op("", "i32"),
  // f32
  "f32.add": op("ff", "f32", (x, y) => f(x + y)),
  "f32.sub": op("ff", "f32", (x, y) => f(x - y)),
  "f32.mul": op("ff", "f32", (x, y) => f(x * y)),
  "f32.div": op("ff", "f32", (x, y) => f(x / y)),
  /** NaN if either is; -0 is below +0. As Math.min. */
  "f32.min": op("ff", "f32", (x, y) => Math.min(x, y)),
  "f32.max": op("ff", "f32", (x, y) => Math.max(x, y)),
  "f32.neg": op("f", "f32", (x) => -x),
  "f32.abs": op("f", "f32", (x) => Math.abs(x)),
  "f32.sqrt": op("f", "f32", (x) => f(Math.sqrt(x))),
  "f32.floor": op("f", "f32", (x) => Math.floor(x)),
  "f32.ceil": op("f", "f32", (x) => Math.ceil(x)),
  "f32.trunc": op("f", "f32", (x) => Math.trunc(x)),
  /** To the nearest integer, ties to even. */
  "f32.nearest": op("f", "f32", nearest),
  // i32, wrapping
  "i32.add": op("ii", "i32", (x, y) => (x + y) | 0),
  "i32.sub": op("ii", "i32", (x, y) => (x - y) | 0),
  "i32.mul": op("ii", "i32", (x, y) => Math.imul(x, y)),
  "i32.and": op("ii", "i32", (x, y) => x & y),
  "i32.or": op("ii", "i32", (x, y) => x | y),
  "i32.xor": op("ii", "i32", (x, y) => x ^ y),
  /** Shift counts are `imm`, 0..31. */
  "i32.shl": op("i", "i32"),
  "i32.shr_s": op("i", "i32"),
  "i32.shr_u": op("i", "i32"),
  "i32.min": op("ii", "i32", (x, y) => Math.min(x, y)),
  "i32.max": op("ii", "i32", (x, y) => Math.max(x, y)),
  // Comparisons
  "f32.lt": op("ff", "mask", (x, y) => b(x < y)),
  "f32.le": op("ff", "mask", (x, y) => b(x <= y)),
  "f32.gt": op("ff", "mask", (x, y) => b(x > y)),
  "f32.ge": op("ff", "mask", (x, y) => b(x >= y)),
  "f32.eq": op("ff", "mask", (x, y) => b(x === y)),
  "f32.ne": op("ff", "mask", (x, y) => b(x !== y)),
  "i32.lt": op("ii", "mask", (x, y) => b(x < y)),
  "i32.le": op("ii", "mask", (x, y) => b(x <= y)),
  "i32.gt": op("ii", "mask", (x, y) => b(x > y)),
  "i32.ge": op("ii", "mask", (x, y) => b(x >= y)),
  "i32.eq": op("ii", "mask", (x, y) => b(x === y)),
  "i32.ne": op("ii", "mask", (x, y) => b(x !== y)),
  "mask.and": op("mm", "mask", (x, y) => x & y),
  "mask.or": op("mm", "mask", (x, y) => x | y),
  "mask.xor": op("mm", "mask", (x, y) => x ^ y),
  "mask.not": op("m", "mask", (x) => x ^ 1),
  // Selection: args are mask, if true, if false.
  "f32.select": op("mff", "f32", (m, x, y) => m ? x : y),
  "i32.select": op("mii", "i32", (m, x, y) => m ? x : y),
  "mask.select": op("mmm", "mask", (m, x, y) => m ? x : y),
  // Conversions
  /** Towards zero, saturating; NaN gives 0. */
  "i32.trunc_sat": op("f", "i32", truncSat),
  "f32.convert": op("i", "f32", (x) => f(x)),
  "i32.from_bits": op("f", "i32", (x) => (bitsF[0] = x, bitsI[0])),
  "f32.from_bits": op("i", "f32", (x) => (bitsI[0] = x, bitsF[0])),
  // Memory; `imm` is the index of the array, line or table. Indices are clamped by the backend.
  /** (index) */
  "array.load": op("i", "f32"),
  /** (index, value); the value is stored as (x + LINE_FLUSH) - LINE_FLUSH. */
  "array.store": op("if", "void"),
  /** (delay): the value written `delay` samples ago, clamped to [1, length]. */
  "line.read": op("i", "f32"),
  /** (value); at most one a line; stored as (x + LINE_FLUSH) - LINE_FLUSH. */
  "line.write": op("f", "void"),
  /** (index) into a constant table. */
  "table.load": op("i", "f32"),
  // Procedures only. Scalars of the state lie in memory; `imm` is their index, that of a slot its number.
  "scalar.load.f32": op("", "f32"),
  "scalar.load.i32": op("", "i32"),
  "scalar.store.f32": op("f", "void"),
  "scalar.store.i32": op("i", "void"),
  /** What a slot, a variable of a loop or a branch, holds at this place. */
  "slot.f32": op("", "f32"),
  "slot.i32": op("", "i32"),
  "slot.mask": op("", "mask"),
  // The table that the instance is given; `imm` is the index of its slot.
  /** (index); 0 from an empty slot. */
  "given.load": op("i", "f32"),
  /** Number of values, 0 for an empty slot. */
  "given.length": op("", "i32"),
  /** Frames per second of the values. */
  "given.rate": op("", "f32"),
  /** A number that no other table of the engine has, 0 for an empty slot. */
  "given.id": op("", "i32"),
};

/** Index of a node in its program. */
export type Id = number;

export interface IrNode {
  readonly op: Op;
  readonly args: readonly Id[];
  /** Value of a constant, index of a leaf or of memory, shift count; else 0. */
  readonly imm: number;
}

/** A scalar in an instance's state block. */
export interface Scalar {
  readonly name: string;
  readonly type: "f32" | "i32";
  /** "phase" is an i32 whose 2^32 steps are one turn; "channel" an i32 that is the instance's own and never changes. */
  readonly kind: "f32" | "i32" | "phase" | "channel";
  /** Initial value as stored (for a phase: the i32). */
  readonly initial: number;
  /** Byte offset in the state block. */
  readonly offset: number;
}
/** An array or delay line in an instance's state block. */
export interface Block {
  readonly name: string;
  readonly kind: "array" | "line";
  /** Number of f32. A line's element at sample time n is at index n mod length. */
  readonly length: number;
  readonly offset: number;
}

/** One sample of one instance. Independent of SIMD width and of which parameters move. */
export interface Program {
  readonly name: string;
  readonly sampleRate: number;
  readonly inputs: number;
  readonly params: number;
  readonly nodes: readonly IrNode[];
  /** The value of each output channel. */
  readonly outputs: readonly Id[];
  readonly scalars: readonly Scalar[];
  /** The new value of each scalar (its own `state.*` node where it does not change). */
  readonly next: readonly Id[];
  readonly blocks: readonly Block[];
  readonly tables: readonly Float32Array[];
  /** Slots for the tables that each instance is given. They stand before its state block. */
  readonly tableSlots: number;
  /** Size of the state block, a multiple of 16. */
  readonly stateBytes: number;
}

/** The scalars that a state block begins with, in this order: all that a reset sets. */
export function resettable({ scalars }: Program): Scalar[] {
  return scalars.filter(({ kind }) => kind !== "channel");
}

/** Bytes of a state block that a reset sets or clears; what an instance is comes after them. */
export function resetBytes({ scalars, stateBytes }: Program): number {
  return scalars.find(({ kind }) => kind === "channel")?.offset ?? stateBytes;
}

/** Bytes from the state block of one instance of a node to that of the next. */
export function instanceBytes({ tableSlots, stateBytes }: Program): number {
  return tableSlots * TABLE_SLOT_BYTES + stateBytes;
}

/** How a kernel variant finds a parameter. */
export const ParamSource = {
  /** One value a segment: PARAM.TARGET of the record. */
  Still: 0,
  /** A value a frame: the row in the descriptor. */
  Row: 1,
  /** One value a segment: PARAM.LATCH of the record. */
  Latch: 2,
} as const;
export type ParamSource = (typeof ParamSource)[keyof typeof ParamSource];

/** When a node's value can change: never, from segment to segment, from sample to sample. */
export const Rate = { Constant: 0, Block: 1, Sample: 2 } as const;
export type Rate = (typeof Rate)[keyof typeof Rate];

/** The rate of every node, given the source of every parameter. */
export function inferRates(program: Program, sources: readonly ParamSource[]): Rate[] {
  const rates: Rate[] = [];
  for (const [id, node] of program.nodes.entries()) {
    // What is in a slot may change from one segment to the next.
    const least = node.op.startsWith("given.") ? Rate.Block : Rate.Constant;
    rates[id] = leafRate(program, sources, node) ??
      node.args.reduce<Rate>((rate, arg) => Math.max(rate, rates[arg]) as Rate, least);
  }
  return rates;
}

function leafRate(program: Program, sources: readonly ParamSource[], node: IrNode): Rate | null {
  switch (node.op) {
    case "param":
      return sources[node.imm] === ParamSource.Row ? Rate.Sample : Rate.Block;
    case "state.f32":
    case "state.i32": {
      const next = program.nodes[program.next[node.imm]];
      return next === node ? Rate.Block : Rate.Sample;
    }
    case "input":
    case "array.load":
    case "array.store":
    case "line.read":
    case "line.write":
      return Rate.Sample;
    default:
      return null;
  }
}

/** A program whose samples do not depend on one another: it may run four frames at a time. */
export function isMemoryless(program: Program): boolean {
  return program.blocks.length === 0 &&
    program.next.every((id, k) => {
      const node = program.nodes[id];
      return node.op.startsWith("state.") && node.imm === k;
    });
}

/** Builds the nodes of a program: equal nodes are one, arithmetic on constants is done at once. */
export class IrBuilder {
  readonly nodes: IrNode[] = [];
  #known = new Map<string, Id>();
  #stores: number[] = [];

  /** The node for an operation; checks the arguments' types. */
  emit(op: Op, args: readonly Id[] = [], imm = 0): Id {
    const info: OpInfo = OPS[op];
    if (info.args.length !== args.length || info.args.some((t, k) => t !== this.type(args[k]))) {
      throw new TypeError(
        `Cannot emit ${op}: arguments must be (${info.args}), current value is (${
          args.map((a) => this.type(a))
        })`,
      );
    }
    const values = args.map((a) => this.constant(a));
    if (args.length && info.fold && values.every((v) => v !== undefined)) {
      return this.#constantNode(info.result, info.fold(...values as number[]));
    }
    if (op === "i32.shl" || op === "i32.shr_s" || op === "i32.shr_u") {
      const x = values[0];
      if (x !== undefined) {
        const y = op === "i32.shl" ? x << imm : op === "i32.shr_s" ? x >> imm : (x >>> imm) | 0;
        return this.#constantNode("i32", y);
      }
    }
    if (op.endsWith(".select")) {
      if (values[0] !== undefined) return values[0] ? args[1] : args[2];
      if (args[1] === args[2]) return args[1];
    }
    return this.add(op, args, imm);
  }

  f32(value: number): Id {
    return this.#constantNode("f32", value);
  }
  i32(value: number): Id {
    return this.#constantNode("i32", value);
  }
  mask(value: boolean): Id {
    return this.#constantNode("mask", b(value));
  }

  type(id: Id): Type {
    return OPS[this.nodes[id].op].result;
  }

  /** The value of a constant node, else undefined. */
  constant(id: Id): number | undefined {
    const node = this.nodes[id];
    return node.op.endsWith(".const") ? node.imm : undefined;
  }

  #constantNode(type: Type, value: number): Id {
    if (type === "f32") return this.add("f32.const", [], f(value));
    if (type === "i32") return this.add("i32.const", [], value | 0);
    return this.add("mask.const", [], value ? 1 : 0);
  }

  /** The node, or an equal one that is there already. */
  protected add(op: Op, args: readonly Id[], imm: number): Id {
    const version = op === "array.load" ? this.#stores[imm] ?? 0 : 0;
    const shown = Object.is(imm, -0) ? "-0" : imm;
    const key = `${op},${args.join()},${shown},${version}`;
    const effect = OPS[op].result === "void";
    const known = effect ? undefined : this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.nodes.push({ op, args: [...args], imm }) - 1;
    if (op === "array.store") this.#stores[imm] = (this.#stores[imm] ?? 0) + 1;
    if (!effect) this.#known.set(key, id);
    return id;
  }
}
