/** The kernel of one instance of a memoryless program: four frames side by side. @module */
import { PARAM, PARAM_BYTES } from "../../layout.ts";
import {
  type Code,
  f32x4,
  type FunctionBuilder,
  i32,
  i32x4,
  i32x4Const,
  type Local,
  v128,
} from "../../wasm/mod.ts";
import { type IrNode, ParamSource, type Program } from "../ir.ts";
import { Access } from "./access.ts";
import { Emitter } from "./emitter.ts";
import { schedule } from "./schedule.ts";
import { Slots } from "./slots.ts";
import { Tables } from "./tables.ts";

/**
 * Writes the body of a width-1 kernel of a memoryless program. Buffers are `QUANTUM` frames long, so
 * a last vector that is not full may be loaded and stored; what is not a frame never counts as a fault.
 */
export function buildTimeKernel(
  f: FunctionBuilder,
  [desc, frames]: readonly [Local, Local],
  program: Program,
  sources: readonly ParamSource[],
): void {
  const plan = schedule(program, sources);
  const word = (index: number) => f.local("i32", i32.load(desc, 4 * index));
  const words = (from: number, count: number) =>
    Array.from({ length: count }, (_, k) => word(from + k));
  const rowWord = 2 + program.inputs + program.outputs.length;
  const state = word(0);
  const params = word(1);
  const inputs = words(2, program.inputs);
  const outputs = words(2 + program.inputs, program.outputs.length);
  const rows = words(rowWord, program.params);
  const tables = new Tables(
    new Access(f, "vector"),
    program,
    (index) => i32.load(desc, 4 * (rowWord + program.params + index)),
  );
  const used = [...plan.before, ...plan.during];
  const slots = new Slots(tables.access, program, used, () => state, 1);
  const emitter = new Emitter(f, program, plan, "vector", 1);
  emitter.hoistConstants();
  const at = f.local("i32", i32.and(i32.sub(i32.shl(frames, 2), 4), -16));
  const leaves = {
    load(node: IrNode, args: readonly Code[]): Code {
      const { op, imm } = node;
      switch (op) {
        case "input":
          return v128.load(i32.add(inputs[imm], at));
        case "param":
          if (sources[imm] === ParamSource.Row) return v128.load(i32.add(rows[imm], at));
          return v128.load32_splat(params, imm * PARAM_BYTES + paramField(sources[imm]));
        case "table.load":
          return tables.load(imm, args[0], 0);
        case "given.load":
        case "given.length":
        case "given.rate":
        case "given.id":
          return slots.load(node, args, 0);
        default:
          return v128.load32_splat(state, program.scalars[imm].offset);
      }
    },
    store: refuseStore,
  };
  emitter.emit(plan.before, leaves);
  // From the last vector to the first: then the one that may not be full is masked without a branch.
  const valid = f.local("v128", framesBefore(i32.sub(frames, i32.shr_u(at, 2)), 0));
  const poison = f.local("v128");
  const full = f.local("v128", i32x4Const(-1));
  f.loop((again) => {
    emitter.emit(plan.during, leaves);
    for (const [k, id] of program.outputs.entries()) {
      const value = emitter.value(id, 0);
      f.do(v128.store(i32.add(outputs[k], at), value));
      f.set(poison, v128.or(poison, v128.and(f32x4.sub(value, value), valid)));
    }
    f.set(valid, full);
    f.set(at, i32.sub(at, 16));
    f.brIf(again, i32.ge_s(at, 0));
  });
  f.return(v128.any_true(f32x4.ne(poison, poison)));
}

/** Where a parameter that is not a row is found in its record. */
export function paramField(source: ParamSource): number {
  return source === ParamSource.Latch ? PARAM.LATCH : PARAM.TARGET;
}

/** A mask of those of the frames `first`..`first + 3` that come before frame `count`. */
export function framesBefore(count: Code, first: number): Code {
  return i32x4.gt_s(i32x4.splat(count), i32x4Const(first, first + 1, first + 2, first + 3));
}

/** Programs without memory have nothing to store. */
export function refuseStore({ op }: IrNode): never {
  throw new TypeError(`Cannot compile ${op}: the program must be memoryless`);
}
