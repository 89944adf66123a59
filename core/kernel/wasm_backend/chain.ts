/** The kernel of a chain: instances of a memoryless program in series, without a round through memory. @module */
import { PARAM_BYTES } from "../../layout.ts";
import { CHAIN } from "../../rt/plan_format.ts";
import { type Code, f32x4, type FunctionBuilder, i32, type Local, v128 } from "../../wasm/mod.ts";
import { type IrNode, isMemoryless, ParamSource, type Program } from "../ir.ts";
import { Access } from "./access.ts";
import { Emitter } from "./emitter.ts";
import { schedule } from "./schedule.ts";
import { Tables } from "./tables.ts";
import { framesBefore, paramField, refuseStore } from "./time.ts";

/** Whether a program can be in a chain: one input, one output, no state, no slot, no parameter that moves. */
export function canChain(program: Program, sources: readonly ParamSource[] = []): boolean {
  return program.inputs === 1 && program.outputs.length === 1 && program.scalars.length === 0 &&
    program.tableSlots === 0 && isMemoryless(program) && !sources.includes(ParamSource.Row);
}

/**
 * Writes the body of a chain kernel. A stretch of frames is held in registers while it goes through
 * all instances; then the next stretch. The result is 1 if what leaves the chain is not finite.
 */
export function buildChainKernel(
  f: FunctionBuilder,
  [desc, frames]: readonly [Local, Local],
  program: Program,
  sources: readonly ParamSource[],
): void {
  const plan = schedule(program, sources);
  const vectors = vectorsFor(plan.during.length);
  const stretch = 16 * vectors;
  const input = f.local("i32", i32.load(desc, CHAIN.IN));
  const output = f.local("i32", i32.load(desc, CHAIN.OUT));
  const tables = new Tables(
    new Access(f, "vector"),
    program,
    (index) => i32.load(desc, CHAIN.REST + 4 * index),
  );
  const emitter = new Emitter(f, program, plan, "vector", vectors);
  emitter.hoistConstants();
  const records = i32.add(desc, CHAIN.REST + 4 * program.tables.length);
  const first = f.local("i32", records);
  const last = f.local("i32", i32.add(first, i32.shl(i32.load(desc, CHAIN.COUNT), 2)));
  const next = f.local("i32");
  const record = f.local("i32");
  const signal = Array.from({ length: vectors }, () => f.local("v128"));
  const poison = f.local("v128");
  const at = f.local("i32");
  const leaves = {
    load({ op, imm }: IrNode, args: readonly Code[], group: number): Code {
      switch (op) {
        case "input":
          return signal[group];
        case "param":
          return v128.load32_splat(record, imm * PARAM_BYTES + paramField(sources[imm]));
        default:
          return tables.load(imm, args[0], group);
      }
    },
    store: refuseStore,
  };
  f.count(at, i32.shl(frames, 2), stretch, () => {
    signal.forEach((vector, k) => f.set(vector, v128.load(i32.add(input, at), 16 * k)));
    f.set(next, first);
    f.while(i32.lt_u(next, last), () => {
      f.set(record, i32.load(next));
      f.set(next, i32.add(next, 4));
      emitter.emitUniform(plan.before, leaves);
      emitter.emit(plan.during, leaves);
      f.assign(signal, signal.map((_, k) => emitter.value(program.outputs[0], k)));
    });
    const left = f.local("i32", i32.sub(frames, i32.shr_u(at, 2)));
    for (const [k, vector] of signal.entries()) {
      f.do(v128.store(i32.add(output, at), vector, 16 * k));
      const wrong = v128.and(f32x4.sub(vector, vector), framesBefore(left, 4 * k));
      f.set(poison, v128.or(poison, wrong));
    }
  });
  f.return(v128.any_true(f32x4.ne(poison, poison)));
}

/** Vectors of a stretch: as many as leave room in the 16 registers for what one instance computes. */
function vectorsFor(nodes: number): number {
  return nodes <= 12 ? 8 : nodes <= 40 ? 4 : 2;
}
