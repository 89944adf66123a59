/** Procedures become WebAssembly modules. @module */
import { HEADER, PARAM, PARAM_BYTES } from "../../layout.ts";
import { HOP, hopLaneBytes } from "../../rt/plan_format.ts";
import { parameterValue } from "./value.ts";
import {
  type Code,
  f32,
  type FunctionBuilder,
  i32,
  i64,
  type Local,
  Module,
} from "../../wasm/mod.ts";
import { ParamSource } from "../ir.ts";
import type { Procedure } from "../procedure.ts";
import { ProcedureWriter } from "./hop_steps.ts";

/** What kernel to make of a procedure. */
export interface HopOptions {
  /** How the procedure finds each parameter. */
  readonly sources: readonly ParamSource[];
  /** Whether the memory it runs on is shared. Default true. */
  readonly shared?: boolean;
}

/**
 * The bytes of a module that imports "env.memory" and exports `kernel(descriptor, frames) -> 0`, with
 * the descriptor of `HOP`. It does nothing unless the frame time is a multiple of `procedure.every`.
 * A parameter's value is that of this frame.
 */
export function compileHop(procedure: Procedure, options: HopOptions): Uint8Array<ArrayBuffer> {
  const { sources, shared = true } = options;
  const module = new Module();
  module.importMemory({ shared });
  module.func(`${procedure.name}.hop`, ["i32", "i32"], "i32", (f, desc) => {
    const now = i64.load(i32.const(0), HEADER.NOW);
    f.if(i32.wrap_i64(i64.rem_u(now, i64.const(procedure.every))), () => f.return(0));
    const count = procedure.tables.length;
    const tables = procedure.tables.map((_, k) => f.local("i32", i32.load(desc, HOP.REST + 4 * k)));
    const lane = f.local("i32", i32.add(desc, HOP.REST + 4 * count));
    const bytes = hopLaneBytes(procedure.params);
    const end = f.local("i32", i32.add(lane, i32.mul(i32.load(desc, HOP.LANES), bytes)));
    const state = f.local("i32");
    const params = { record: f.local("i32"), lane, sources };
    f.while(i32.lt_u(lane, end), () => {
      f.set(state, i32.load(lane, HOP.STATE));
      f.set(params.record, i32.load(lane, HOP.PARAMS));
      const param = (index: number) => paramCode(f, params, index);
      new ProcedureWriter(f, procedure, { state, tables, param }).write(procedure.steps);
      f.set(lane, i32.add(lane, bytes));
    });
    f.return(0);
  }, { export: "kernel" });
  return module.encode();
}

/** How parameters are found. */
interface Params {
  readonly record: Local;
  readonly lane: Local;
  readonly sources: readonly ParamSource[];
}

/** The value of a parameter on this frame. */
function paramCode(f: FunctionBuilder, { record, lane, sources }: Params, index: number): Code {
  switch (sources[index]) {
    case ParamSource.Row:
      return f32.load(i32.load(lane, HOP.ROWS + 4 * index));
    case ParamSource.Latch:
      return f32.load(record, index * PARAM_BYTES + PARAM.LATCH);
    default:
      return parameterValue(f, i32.add(record, index * PARAM_BYTES));
  }
}
