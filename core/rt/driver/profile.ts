/**
 * Times of ops. The clock is read once at the start of a walk and once after each op, so that the time
 * of an op is the distance of two readings and contains one of them.
 *
 * @module
 */
import { HEADER } from "../../layout.ts";
import {
  call,
  type Code,
  f64,
  type Func,
  type FunctionBuilder,
  i32,
  type Local,
  type Module,
} from "../../wasm/mod.ts";
import {
  OP_BYTES,
  PLAN,
  PROFILE,
  PROFILE_BYTES,
  PROFILED_OP,
  PROFILED_OP_BYTES,
} from "../plan_format.ts";
import type { WalkWatch } from "./walker.ts";

/** What `clock` has written: a result would be garbage. */
function reading(): Code {
  return f64.load(i32.const(0), HEADER.CLOCK);
}

/**
 * `run_timed(plan, frames)` and `run_part_timed(plan, op, end, frames, rows, stop)`: walks of which the
 * time of all ops together is taken, as the clock disturbs those of single ones.
 */
export function timed(module: Module, run: Func, runPart: Func, clock: Func): void {
  module.func("run_timed", ["i32", "i32"], "void", (f, plan, frames) => {
    const op = f.local("i32", i32.load(plan, PLAN.OPS));
    const end = f.local("i32", i32.add(op, i32.mul(i32.load(plan, PLAN.OP_COUNT), OP_BYTES)));
    together(f, { plan, op, end, clock }, () => f.do(call(run, plan, frames)));
  }, { export: true });
  const params = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  module.func("run_part_timed", params, "i32", (f, plan, op, end, frames, rows, stop) => {
    const result = f.local("i32");
    together(f, { plan, op, end, clock }, () => {
      f.set(result, call(runPart, plan, op, end, frames, rows, stop));
    });
    f.return(result);
  }, { export: true });
}

/** Takes the time of ops, of each plan those that are most. */
function together(
  f: FunctionBuilder,
  { plan, op, end, clock }: Record<"plan" | "op" | "end", Local> & { readonly clock: Func },
  run: () => void,
): void {
  const profile = f.local("i32", i32.load(plan, PLAN.PROFILE));
  const from = f.local("i32", i32.load(profile, PROFILE.FROM));
  const bytes = f.local("i32", i32.sub(i32.load(profile, PROFILE.UNTIL), from));
  f.if(i32.lt_u(bytes, i32.sub(end, op)), () => {
    f.set(from, op);
    f.do(i32.store(profile, op, PROFILE.FROM));
    f.do(i32.store(profile, end, PROFILE.UNTIL));
    f.do(f64.store(profile, f64.const(Infinity), PROFILE.LEAST));
  });
  const isMost = f.local("i32", i32.eq(from, op));
  f.do(call(clock));
  const start = f.local("f64", reading());
  run();
  f.do(call(clock));
  f.if(isMost, () => {
    const least = f64.min(f64.load(profile, PROFILE.LEAST), f64.sub(reading(), start));
    f.do(f64.store(profile, least, PROFILE.LEAST));
  });
}

/** The watch of a profiled walk. */
export function profiling(clock: Func): WalkWatch {
  let last: Local;
  /** What to add to half an op's address to get its entry: entries are half as long as ops. */
  let entries: Local;
  return {
    start(f, plan, frames, ops) {
      const profile = f.local("i32", i32.load(plan, PLAN.PROFILE));
      const rendered = f64.add(f64.load(profile, PROFILE.FRAMES), f64.convert_i32_u(frames));
      f.do(f64.store(profile, rendered, PROFILE.FRAMES));
      entries = f.local(
        "i32",
        i32.sub(i32.add(profile, PROFILE_BYTES), i32.div_u(ops, OP_BYTES / PROFILED_OP_BYTES)),
      );
      f.do(call(clock));
      last = f.local("f64", reading());
      f.do(call(clock));
      const cost = f64.sub(reading(), last);
      const least = f64.min(f64.load(profile, PROFILE.CLOCK), cost);
      f.do(f64.store(profile, least, PROFILE.CLOCK));
      f.set(last, reading());
    },
    called(f, op) {
      const entry = f.local("i32", i32.add(entries, i32.div_u(op, OP_BYTES / PROFILED_OP_BYTES)));
      f.do(call(clock));
      const time = f.local("f64", reading());
      const sum = f64.add(f64.load(entry, PROFILED_OP.TIME), f64.sub(time, last));
      f.do(f64.store(entry, sum, PROFILED_OP.TIME));
      const calls = f64.add(f64.load(entry, PROFILED_OP.CALLS), 1);
      f.do(f64.store(entry, calls, PROFILED_OP.CALLS));
      f.set(last, time);
    },
  };
}
