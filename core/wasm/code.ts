/** What a function body is made of: values, locals and globals that know how to write themselves. @module */
import type { ByteWriter } from "./bytes.ts";

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** The byte that stands for each type in a module. */
export const TYPE_BYTES: Readonly<Record<ValueType | "void", number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  void: 0x40,
};

/** An expression or, with type "void", a statement. */
export interface Code {
  readonly type: ValueType | "void";
  /** Writes the instructions that leave the value on the stack. */
  emit(out: ByteWriter): void;
}

/** An operand: code, or a number that becomes a constant of the type the instruction wants. */
export type Operand = Code | number;

/** A local variable or parameter of a function. As code: its value. */
export class Local implements Code {
  constructor(readonly index: number, readonly type: ValueType) {}

  emit(out: ByteWriter): void {
    out.byte(0x20);
    out.u32(this.index);
  }
}

/** A global variable of a module. As code: its value. */
export class Global implements Code {
  constructor(readonly index: number, readonly type: ValueType) {}

  emit(out: ByteWriter): void {
    out.byte(0x23);
    out.u32(this.index);
  }
}

/** A function's type within a module. */
export interface FunctionType {
  readonly index: number;
  readonly params: readonly ValueType[];
  readonly result: ValueType | "void";
}

/** A function of a module, imported or defined. */
export interface Func {
  readonly index: number;
  readonly type: FunctionType;
}

/** Code that runs `parts` one after the other; the last one's value stays. */
export function sequence(...parts: readonly Code[]): Code {
  return {
    type: parts.at(-1)?.type ?? "void",
    emit: (out) => parts.forEach((part) => part.emit(out)),
  };
}

/** The value of `code`, kept in `local` as well. */
export function tee(local: Local, code: Code): Code {
  expectType("tee", local.type, code);
  return {
    type: local.type,
    emit(out) {
      code.emit(out);
      out.byte(0x22);
      out.u32(local.index);
    },
  };
}

/** `ifTrue` where `condition` is not 0, else `ifFalse`; both are computed. */
export function select(ifTrue: Code, ifFalse: Code, condition: Code): Code {
  expectType("select", ifTrue.type, ifFalse);
  expectType("select", "i32", condition);
  return {
    type: ifTrue.type,
    emit(out) {
      ifTrue.emit(out);
      ifFalse.emit(out);
      condition.emit(out);
      if (ifTrue.type === "v128") out.bytes([0x1c, 1, TYPE_BYTES.v128]);
      else out.byte(0x1b);
    },
  };
}

/** Throws unless `code` has the type that `user` wants. */
export function expectType(user: string, wanted: ValueType | "void", code: Code): void {
  if (code.type !== wanted) {
    throw new TypeError(
      `Cannot encode ${user}: operand must be ${wanted}, current value is ${code.type}`,
    );
  }
}
