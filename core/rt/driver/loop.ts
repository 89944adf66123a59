/** LOOP: a part of the graph that runs frame by frame. @module */
import { HEADER } from "../../layout.ts";
import {
  call,
  type Code,
  f32,
  type Func,
  type FunctionBuilder,
  i32,
  i64,
  type Local,
  type Module,
} from "../../wasm/mod.ts";
import { builtin } from "./emit.ts";

/** Words before the list of inputs: op count, first op. */
const HEAD = 8;

/** Copies one value for each pair of a list `n, n x { from, to }`, at byte offsets; leaves `list` behind it. */
function copyPairs(f: FunctionBuilder, list: Local, fromAt: Code, toAt: Code): void {
  const [fromOffset, toOffset] = [f.local("i32", fromAt), f.local("i32", toAt)];
  const pair = f.local("i32", i32.add(list, 4));
  f.set(list, i32.add(pair, i32.shl(i32.load(list), 3)));
  f.while(i32.lt_u(pair, list), () => {
    const from = i32.add(i32.load(pair), fromOffset);
    f.do(f32.store(i32.add(i32.load(pair, 4), toOffset), f32.load(from)));
    f.set(pair, i32.add(pair, 8));
  });
}

/** `ops, first op, n, n x { src, dst }, m, m x { src, dst }`; `run` walks the ops. */
export function loop(module: Module, run: Func): Func {
  return builtin(module, "loop", (f, desc, frames) => {
    const zero = i32.const(0);
    const start = f.local("i64", i64.load(zero, HEADER.NOW));
    const flush = f.local("f32", f32.load(zero, HEADER.FLUSH));
    const t = f.local("i32", 0);
    f.do(f32.store(zero, f32.const(0), HEADER.FLUSH));
    f.while(i32.lt_s(t, frames), () => {
      f.do(i64.store(zero, i64.add(start, i64.extend_i32_u(t)), HEADER.NOW));
      // States are flushed at the end of the segment, as everywhere.
      f.if(i32.eq(i32.add(t, 1), frames), () => f.do(f32.store(zero, flush, HEADER.FLUSH)));
      const list = f.local("i32", i32.add(desc, HEAD));
      copyPairs(f, list, i32.shl(t, 2), zero);
      f.do(call(run, desc, i32.const(1)));
      copyPairs(f, list, zero, i32.shl(t, 2));
      f.set(t, i32.add(t, 1));
    });
    f.do(i64.store(zero, start, HEADER.NOW));
  });
}
