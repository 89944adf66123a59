/**
 * Times of ops. The clock is read once at the start of a walk and once after each op, so that the time
 * of an op is the distance of two readings and contains one of them.
 *
 * @module
 */
import { HEADER } from "../../layout.ts";
import { call, type Code, f64, type Func, i32, type Local, type Module } from "../../wasm/mod.ts";
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

/** A walk that takes the time of the whole, which the clock disturbs less than those of its ops. */
export function timed(module: Module, run: Func, clock: Func): Func {
  return module.func("run_timed", ["i32", "i32"], "void", (f, plan, frames) => {
    const profile = f.local("i32", i32.load(plan, PLAN.PROFILE));
    f.do(call(clock));
    const start = f.local("f64", reading());
    f.do(call(run, plan, frames));
    f.do(call(clock));
    const least = f64.min(f64.load(profile, PROFILE.LEAST), f64.sub(reading(), start));
    f.do(f64.store(profile, least, PROFILE.LEAST));
  }, { export: true });
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
