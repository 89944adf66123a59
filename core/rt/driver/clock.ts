/** Frame time: 64 bits that only WebAssembly handles whole. @module */
import { FLUSH_THRESHOLD, HEADER, QUANTUM } from "../../layout.ts";
import { type Code, f32, type Func, i32, i64, type Module } from "../../wasm/mod.ts";

function time(): Code {
  return i64.load(i32.const(0), HEADER.NOW);
}

/** The frame with this low and high word. */
function frame(low: Code, high: Code): Code {
  return i64.or(i64.extend_i32_u(low), i64.shl(i64.extend_i32_u(high), i64.const(32n)));
}

/** `begin(frames, input)`: says when the segment flushes states, and where its input lies. */
export function begin(module: Module): Func {
  return module.func("begin", ["i32", "i32"], "void", (f, frames, input) => {
    const end = i32.add(i32.wrap_i64(time()), frames);
    f.do(f32.store(i32.const(0), 0, HEADER.FLUSH));
    f.if(i32.eqz(i32.and(end, QUANTUM - 1)), () => {
      f.do(f32.store(i32.const(0), FLUSH_THRESHOLD, HEADER.FLUSH));
    });
    f.do(i32.store(i32.const(0), input, HEADER.INPUT));
  }, { export: true });
}

/** `advance(frames)`: the clock, once a segment is done; written whole for readers on other threads. */
export function advance(module: Module): Func {
  return module.func("advance", ["i32"], "void", (f, frames) => {
    f.do(i64.store(i32.const(0), i64.add(time(), i64.extend_i32_u(frames)), HEADER.NOW));
  }, { export: true });
}

/** `frames_until(low, high, most)`: frames from now to a frame, in [0, most]. */
export function framesUntil(module: Module): Func {
  return module.func("frames_until", ["i32", "i32", "i32"], "i32", (f, low, high, most) => {
    const left = f.local("i64", i64.sub(frame(low, high), time()));
    f.if(i64.le_s(left, i64.const(0n)), () => f.return(0));
    f.if(i64.lt_s(left, i64.extend_i32_u(most)), () => f.return(i32.wrap_i64(left)));
    f.return(most);
  }, { export: true });
}

/** `frames_late(low, high)`: frames by which a frame is past, at most 2^31 - 1; 0 for frame 0, which means "at once". */
export function framesLate(module: Module): Func {
  return module.func("frames_late", ["i32", "i32"], "i32", (f, low, high) => {
    const due = f.local("i64", frame(low, high));
    const late = f.local("i64", i64.sub(time(), due));
    f.if(i32.or(i64.eqz(due), i64.le_s(late, i64.const(0n))), () => f.return(0));
    f.if(i64.gt_s(late, i64.const(0x7fffffffn)), () => f.return(0x7fffffff));
    f.return(i32.wrap_i64(late));
  }, { export: true });
}
