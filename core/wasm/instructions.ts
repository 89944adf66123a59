/**
 * Instructions as functions, by type: `i32.add(a, b)`, `f32x4.mul(x, 0.5)`,
 * `v128.load(address, offset)`, `i8x16.shuffle(a, b, lanes)`.
 *
 * Each returns code; nothing is written until a `FunctionBuilder` is given it. Operands come first,
 * then immediates. A plain number as an operand is a constant of the type wanted (for a vector: the
 * same number on all lanes of an f32x4 or i32x4). A wrong type throws at once.
 *
 * @module
 */
import type { ByteWriter } from "./bytes.ts";
import { type Code, expectType, type Operand, type ValueType } from "./code.ts";
import { SCALAR_OPCODES } from "./opcodes.ts";
import { VECTOR_OPCODES } from "./opcodes_simd.ts";

const OPCODES = { ...SCALAR_OPCODES, ...VECTOR_OPCODES };
type Opcodes = typeof OPCODES;
export type OpcodeName = keyof Opcodes;

type Row = readonly [
  code: number,
  operands: string,
  result: string,
  immediate?: string,
  alignment?: number,
];

/** What follows the operands of an instruction with this kind of immediate. */
interface Immediates {
  i32: [value: number];
  i64: [value: bigint | number];
  f32: [value: number];
  f64: [value: number];
  v128: [bytes: ArrayLike<number>];
  /** Bytes added to the address. */
  memory: [offset?: number];
  memoryLane: [lane: number, offset?: number];
  lane: [lane: number];
  /** For each byte of the result: 0..15 from the first operand, 16..31 from the second. */
  shuffle: [lanes: ArrayLike<number>];
  zero: [];
  zero2: [];
}
type Operands<S> = S extends `${string}${infer Rest}` ? [operand: Operand, ...Operands<Rest>] : [];
type Immediate<R> = R extends
  readonly [number, string, string, infer K extends keyof Immediates, ...unknown[]] ? Immediates[K]
  : [];
type Maker<R extends Row> = (...args: [...Operands<R[1]>, ...Immediate<R>]) => Code;
/** The instructions whose name starts with `P`. */
export type Namespace<P extends string> = {
  readonly [K in OpcodeName as K extends `${P}.${infer Name}` ? Name : never]: Maker<Opcodes[K]>;
};

const LETTERS: Readonly<Record<string, ValueType | "void">> = {
  "": "void",
  i: "i32",
  l: "i64",
  f: "f32",
  d: "f64",
  v: "v128",
};

class Instruction implements Code {
  readonly type: ValueType | "void";

  constructor(
    readonly name: string,
    readonly row: Row,
    readonly operands: readonly Code[],
    readonly immediates: readonly unknown[],
  ) {
    this.type = LETTERS[row[2]];
  }

  emit(out: ByteWriter): void {
    for (const operand of this.operands) operand.emit(out);
    const code = this.row[0];
    if (code > 0xff) {
      out.byte(code >> 8);
      out.u32(code & 0xff);
    } else {
      out.byte(code);
    }
    emitImmediates(out, this.row, this.immediates);
  }
}

// deno-lint-ignore no-explicit-any
function emitImmediates(out: ByteWriter, row: Row, values: readonly any[]): void {
  const [first, second] = values;
  switch (row[3]) {
    case "i32":
      return out.s32(first);
    case "i64":
      return out.s64(BigInt(first));
    case "f32":
      return out.f32(first);
    case "f64":
      return out.f64(first);
    case "v128":
    case "shuffle":
      return out.bytes(first);
    case "memory":
      out.u32(row[4]!);
      return out.u32(first ?? 0);
    case "memoryLane":
      out.u32(row[4]!);
      out.u32(second ?? 0);
      return out.byte(first);
    case "lane":
      return out.byte(first);
    case "zero2":
      out.byte(0);
      return out.byte(0);
    case "zero":
      return out.byte(0);
  }
}

function coerce(name: string, wanted: ValueType, operand: Operand): Code {
  if (typeof operand !== "number") {
    expectType(name, wanted, operand);
    return operand;
  }
  if (wanted !== "v128") return constant(wanted, operand);
  if (name.startsWith("f32x4.")) return f32x4Const(operand);
  if (name.startsWith("i32x4.")) return i32x4Const(operand);
  throw new TypeError(`Cannot encode ${name}: operand must be v128, current value is ${operand}`);
}

/** The constant `value` of a scalar type. */
export function constant(type: Exclude<ValueType, "v128">, value: number): Code {
  const name = `${type}.const` as const;
  return new Instruction(name, OPCODES[name], [], [value]);
}
/** Four f32 constants; one alone is put on all lanes. */
export function f32x4Const(x: number, y = x, z = x, w = x): Code {
  return v128.const(new Uint8Array(Float32Array.of(x, y, z, w).buffer));
}
/** Four i32 constants; one alone is put on all lanes. */
export function i32x4Const(x: number, y = x, z = x, w = x): Code {
  return v128.const(new Uint8Array(Int32Array.of(x, y, z, w).buffer));
}

/** The bytes for `i8x16.shuffle` that move whole 32-bit lanes: 0..3 of the first operand, 4..7 of the second. */
export function lanes32(a: number, b: number, c: number, d: number): readonly number[] {
  return [a, b, c, d].flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
}

/** One instruction by its full name; for tables that map to names. */
export function instruction(name: OpcodeName, ...args: readonly unknown[]): Code {
  const row: Row = OPCODES[name];
  const count = row[1].length;
  const operands = [...row[1]].map((letter, k) => {
    const operand = args[k] as Operand | undefined;
    if (operand === undefined) {
      throw new TypeError(`Cannot encode ${name}: needs ${count} operands, current value is ${k}`);
    }
    return coerce(name, LETTERS[letter] as ValueType, operand);
  });
  return new Instruction(name, row, operands, args.slice(count));
}

function namespace<P extends string>(prefix: P): Namespace<P> {
  const makers: Record<string, (...args: unknown[]) => Code> = {};
  for (const name of Object.keys(OPCODES) as OpcodeName[]) {
    if (!name.startsWith(`${prefix}.`)) continue;
    makers[name.slice(prefix.length + 1)] = (...args) => instruction(name, ...args);
  }
  return makers as unknown as Namespace<P>;
}

export const i32: Namespace<"i32"> = namespace("i32");
export const i64: Namespace<"i64"> = namespace("i64");
export const f32: Namespace<"f32"> = namespace("f32");
export const f64: Namespace<"f64"> = namespace("f64");
export const v128: Namespace<"v128"> = namespace("v128");
export const i8x16: Namespace<"i8x16"> = namespace("i8x16");
export const i16x8: Namespace<"i16x8"> = namespace("i16x8");
export const i32x4: Namespace<"i32x4"> = namespace("i32x4");
export const i64x2: Namespace<"i64x2"> = namespace("i64x2");
export const f32x4: Namespace<"f32x4"> = namespace("f32x4");
export const f64x2: Namespace<"f64x2"> = namespace("f64x2");
export const memory: Namespace<"memory"> = namespace("memory");
export const atomic: Namespace<"atomic"> = namespace("atomic");
