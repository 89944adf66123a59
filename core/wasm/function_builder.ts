/** The body of a function: locals, assignments and structured control flow. @module */
import { ByteWriter } from "./bytes.ts";
import {
  type Code,
  expectType,
  type Func,
  type FunctionType,
  type Global,
  Local,
  type Operand,
  TYPE_BYTES,
  type ValueType,
} from "./code.ts";
import { constant, i32 } from "./instructions.ts";

/** Where a branch goes: the end of a block, or the start of a loop. */
export interface Label {
  readonly depth: number;
}

/** Writes one function, statement by statement. */
export class FunctionBuilder {
  readonly params: readonly Local[];
  readonly #type: FunctionType;
  readonly #locals: ValueType[] = [];
  readonly #out = new ByteWriter();
  #depth = 0;

  constructor(type: FunctionType) {
    this.#type = type;
    this.params = type.params.map((param, index) => new Local(index, param));
  }

  /** A new local variable, zero unless `initial` is given. */
  local(type: ValueType, initial?: Operand): Local {
    const local = new Local(this.params.length + this.#locals.push(type) - 1, type);
    if (initial !== undefined) this.set(local, initial);
    return local;
  }

  /** Assigns to a local or global. */
  set(variable: Local | Global, value: Operand): void {
    this.#value(variable.type, value).emit(this.#out);
    this.#out.byte(variable instanceof Local ? 0x21 : 0x24);
    this.#out.u32(variable.index);
  }

  /** Assigns to several locals at once: every value is computed before the first is set. */
  assign(variables: readonly Local[], values: readonly Code[]): void {
    variables.forEach((variable, k) => expectType("assignment", variable.type, values[k]));
    values.forEach((value) => value.emit(this.#out));
    for (let k = variables.length - 1; k >= 0; k--) {
      this.#out.byte(0x21);
      this.#out.u32(variables[k].index);
    }
  }

  /** A statement: a store, a call without result. */
  do(code: Code): void {
    expectType("statement", "void", code);
    code.emit(this.#out);
  }

  /** Computes a value for its effect. */
  drop(code: Code): void {
    code.emit(this.#out);
    if (code.type !== "void") this.#out.byte(0x1a);
  }

  /** Runs `body`; a branch to its label goes past its end. */
  block(body: (label: Label) => void): void {
    this.#nest(0x02, body);
  }

  /** Runs `body`; a branch to its label goes back to its start. Falls through at the end. */
  loop(body: (label: Label) => void): void {
    this.#nest(0x03, body);
  }

  if(condition: Operand, then: () => void, otherwise?: () => void): void {
    this.#value("i32", condition).emit(this.#out);
    this.#nest(0x04, () => {
      then();
      if (otherwise) {
        this.#out.byte(0x05);
        otherwise();
      }
    });
  }

  /** Runs `body` while `condition` holds, testing first. */
  while(condition: Code, body: () => void): void {
    this.if(condition, () => {
      this.loop((again) => {
        body();
        this.brIf(again, condition);
      });
    });
  }

  /** Runs `body` at least once, adding `step` to `counter` after each run, as long as it is below `end` (unsigned). */
  count(counter: Local, end: Operand, step: number, body: () => void): void {
    this.loop((again) => {
      body();
      this.set(counter, i32.add(counter, step));
      this.brIf(again, i32.lt_u(counter, end));
    });
  }

  br(label: Label): void {
    this.#out.byte(0x0c);
    this.#out.u32(this.#depth - label.depth);
  }

  brIf(label: Label, condition: Operand): void {
    this.#value("i32", condition).emit(this.#out);
    this.#out.byte(0x0d);
    this.#out.u32(this.#depth - label.depth);
  }

  /** Leaves the function. At the end of a body that has a result it is needed, too. */
  return(value?: Operand): void {
    if (this.#type.result !== "void") this.#value(this.#type.result, value ?? NaN).emit(this.#out);
    this.#out.byte(0x0f);
  }

  /** The encoded function, without its size. */
  encode(): Uint8Array {
    const out = new ByteWriter();
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      if (runs.at(-1)?.type === type) runs.at(-1)!.count++;
      else runs.push({ type, count: 1 });
    }
    out.list(runs, ({ type, count }) => {
      out.u32(count);
      out.byte(TYPE_BYTES[type]);
    });
    out.bytes(this.#out.view());
    // The end of a body with a result is never reached, since it returns; this says so to the validator.
    if (this.#type.result !== "void") out.byte(0x00);
    out.byte(0x0b);
    return out.view();
  }

  #nest(opcode: number, body: (label: Label) => void): void {
    this.#out.byte(opcode);
    this.#out.byte(TYPE_BYTES.void);
    body({ depth: ++this.#depth });
    this.#depth--;
    this.#out.byte(0x0b);
  }

  #value(type: ValueType, value: Operand): Code {
    if (typeof value !== "number") {
      expectType("assignment", type, value);
      return value;
    }
    if (type === "v128") {
      throw new TypeError(
        `Cannot assign a number to v128: use f32x4Const or i32x4Const, current value is ${value}`,
      );
    }
    return constant(type, value);
  }
}

/** Calls a function. */
export function call(func: Func, ...args: readonly Code[]): Code {
  return invoke(func.type, args, (out) => {
    out.byte(0x10);
    out.u32(func.index);
  });
}

/** Calls the function at `index` of the table. */
export function callIndirect(type: FunctionType, index: Code, ...args: readonly Code[]): Code {
  return invoke(type, args, (out) => {
    index.emit(out);
    out.byte(0x11);
    out.u32(type.index);
    out.u32(0);
  });
}

function invoke(type: FunctionType, args: readonly Code[], emit: (out: ByteWriter) => void): Code {
  if (args.length !== type.params.length) {
    throw new TypeError(
      `Cannot encode call: needs ${type.params.length} arguments, current value is ${args.length}`,
    );
  }
  args.forEach((arg, k) => expectType("call", type.params[k], arg));
  return {
    type: type.result,
    emit(out) {
      for (const arg of args) arg.emit(out);
      emit(out);
    },
  };
}
