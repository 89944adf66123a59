/** The steps of a procedure as instructions. @module */
import { LINE_FLUSH, TABLE_SLOT, TABLE_SLOT_BYTES } from "../../layout.ts";
import {
  type Code,
  f32,
  type FunctionBuilder,
  i32,
  type Local,
  type ValueType,
} from "../../wasm/mod.ts";
import { type Id, type IrNode, OPS } from "../ir.ts";
import type { LoopStep, Procedure, SlotType, Step } from "../procedure.ts";
import { type Range, Ranges } from "../procedure_ranges.ts";
import { arithmetic, constantCode, integerLimit } from "./ops.ts";

/** Where one instance finds what it works on. */
export interface InstanceCode {
  /** Address of its state block. */
  readonly state: Local;
  /** Addresses of the constant tables. */
  readonly tables: readonly Local[];
  param(index: number): Code;
}

const typeOf = (type: SlotType): ValueType => type === "f32" ? "f32" : "i32";

/** Writes the code of steps. */
export class ProcedureWriter {
  readonly #f: FunctionBuilder;
  readonly #procedure: Procedure;
  readonly #instance: InstanceCode;
  readonly #values: (Local | undefined)[] = [];
  readonly #slots: readonly Local[];
  readonly #ranges: Ranges;

  constructor(f: FunctionBuilder, procedure: Procedure, instance: InstanceCode) {
    this.#f = f;
    this.#procedure = procedure;
    this.#instance = instance;
    this.#slots = procedure.slots.map((type) => f.local(typeOf(type)));
    this.#ranges = new Ranges(procedure.nodes, new Map());
  }

  write(steps: readonly Step[]): void {
    for (const step of steps) {
      switch (step.kind) {
        case "value":
          this.#compute(step.id);
          break;
        case "set":
          this.#f.set(this.#slots[step.slot], this.#value(step.value));
          break;
        case "if":
          this.#f.if(
            this.#value(step.test),
            () => this.write(step.then),
            step.otherwise.length ? () => this.write(step.otherwise) : undefined,
          );
          break;
        case "loop":
          this.#loop(step);
      }
    }
  }

  #loop(step: LoopStep): void {
    const f = this.#f;
    const { counter } = step;
    if (counter) this.#ranges.set(counter.id, [counter.low, counter.high]);
    f.block((end) => {
      f.loop((again) => {
        this.write(step.head);
        f.brIf(end, i32.eqz(this.#value(step.test)));
        this.write(step.body);
        if (step.done !== undefined) f.brIf(end, this.#value(step.done));
        f.br(again);
      });
    });
  }

  #value(id: Id): Code {
    const node = this.#procedure.nodes[id];
    return node.op.endsWith(".const") ? constantCode(node, "scalar") : this.#values[id]!;
  }

  #compute(id: Id): void {
    const node = this.#procedure.nodes[id];
    if (node.op.endsWith(".const")) return;
    const { result } = OPS[node.op];
    if (result === "void") return this.#store(node);
    this.#values[id] = this.#f.local(typeOf(result), this.#code(node));
  }

  #code(node: IrNode): Code {
    const { op, args, imm } = node;
    const { state, tables } = this.#instance;
    switch (op) {
      case "param":
        return this.#instance.param(imm);
      case "slot.f32":
      case "slot.i32":
      case "slot.mask":
        return this.#slots[imm];
      case "scalar.load.f32":
        return f32.load(state, this.#procedure.scalars[imm].offset);
      case "scalar.load.i32":
        return i32.load(state, this.#procedure.scalars[imm].offset);
      case "array.load": {
        const { length, offset } = this.#procedure.blocks[imm];
        return f32.load(this.#element(state, args[0], length), offset);
      }
      case "table.load": {
        const { length } = this.#procedure.tables[imm];
        return f32.load(this.#element(tables[imm], args[0], length));
      }
      case "given.load":
        return f32.load(this.#given(imm, args[0]));
      case "given.length":
        return i32.load(this.#slot(imm, TABLE_SLOT.LENGTH));
      case "given.rate":
        return f32.load(this.#slot(imm, TABLE_SLOT.SAMPLE_RATE));
      case "given.id":
        return i32.load(this.#slot(imm, TABLE_SLOT.ID));
      default: {
        const known = (k: number) => {
          const { op, imm } = this.#procedure.nodes[args[k]];
          return op.endsWith(".const") ? imm : undefined;
        };
        return arithmetic(this.#f, "scalar", node, args.map((arg) => this.#value(arg)), known);
      }
    }
  }

  /** Address of a word of a table slot. */
  #slot(slot: number, field: number): Code {
    return i32.sub(this.#instance.state, (slot + 1) * TABLE_SLOT_BYTES - field);
  }

  /** Address of a value of a table that is given: limited from above first, so an empty one reads its 0. */
  #given(slot: number, index: Id): Code {
    const last = i32.sub(i32.load(this.#slot(slot, TABLE_SLOT.LENGTH)), 1);
    const low = integerLimit(this.#f, "scalar", "i32.min", [this.#value(index), last]);
    const limited = integerLimit(this.#f, "scalar", "i32.max", [low, i32.const(0)]);
    return i32.add(i32.load(this.#slot(slot, TABLE_SLOT.ADDRESS)), i32.shl(limited, 2));
  }

  #store({ op, args, imm }: IrNode): void {
    const { state } = this.#instance;
    if (op === "array.store") {
      const { length, offset } = this.#procedure.blocks[imm];
      const address = this.#element(state, args[0], length);
      const value = f32.sub(f32.add(this.#value(args[1]), LINE_FLUSH), LINE_FLUSH);
      this.#f.do(f32.store(address, value, offset));
      return;
    }
    const { offset, type } = this.#procedure.scalars[imm];
    const value = this.#value(args[0]);
    this.#f.do(type === "f32" ? f32.store(state, value, offset) : i32.store(state, value, offset));
  }

  /** Address of an element; the index is limited unless it is known to be one. */
  #element(base: Local, index: Id, length: number): Code {
    const [low, high]: Range = this.#ranges.of(index);
    let limited = this.#value(index);
    if (low < 0) limited = integerLimit(this.#f, "scalar", "i32.max", [limited, i32.const(0)]);
    if (high >= length) {
      limited = integerLimit(this.#f, "scalar", "i32.min", [limited, i32.const(length - 1)]);
    }
    return i32.add(base, i32.shl(limited, 2));
  }
}
