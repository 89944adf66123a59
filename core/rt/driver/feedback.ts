/** FEEDBACK_READ, FEEDBACK_WRITE and AUDIO_INPUT: signals from an earlier block or from outside. @module */
import { HEADER, QUANTUM } from "../../layout.ts";
import {
  type Code,
  f32,
  type Func,
  type FunctionBuilder,
  i32,
  type Local,
  type Module,
  v128,
} from "../../wasm/mod.ts";
import { builtin, bytesOf, now, steps, word, ZEROS } from "./emit.ts";

const RING_MASK = 2 * QUANTUM - 1;

/** Address in a ring of the frame `ahead` frames after the segment's first. A segment never wraps. */
function ringAt(ring: Code, ahead: number): Code {
  return i32.add(ring, i32.shl(i32.and(i32.add(now(), ahead), RING_MASK), 2));
}

/** Copies exactly `frames` values: what follows them in a ring is needed. */
function copyExactly(f: FunctionBuilder, dst: Local, src: Local, frames: Local): void {
  const bytes = bytesOf(f, frames);
  const whole = f.local("i32", i32.and(bytes, -16));
  const t = f.local("i32", 0);
  const next = (by: number) => f.set(t, i32.add(t, by));
  f.while(i32.lt_u(t, whole), () => {
    f.do(v128.store(i32.add(dst, t), v128.load(i32.add(src, t))));
    next(16);
  });
  f.while(i32.lt_u(t, bytes), () => {
    f.do(f32.store(i32.add(dst, t), f32.load(i32.add(src, t))));
    next(4);
  });
}

/** `dst (planar), ring`: what was written `QUANTUM` frames ago. */
export function feedbackRead(module: Module): Func {
  return builtin(module, "feedback_read", (f, desc, frames) => {
    const from = f.local("i32", ringAt(i32.load(desc, 4), QUANTUM));
    copyExactly(f, word(f, desc, 0), from, frames);
  });
}

/** `src (planar), ring`. */
export function feedbackWrite(module: Module): Func {
  return builtin(module, "feedback_write", (f, desc, frames) => {
    const to = f.local("i32", ringAt(i32.load(desc, 4), 0));
    copyExactly(f, to, word(f, desc, 0), frames);
  });
}

/** `dst (planar), channel`: silence for a channel that the INPUT region does not have. */
export function audioInput(module: Module): Func {
  return builtin(module, "audio_input", (f, desc, frames) => {
    const dst = word(f, desc, 0);
    const channel = f.local("i32", i32.shl(i32.load(desc, 4), 2));
    const stride = f.local("i32", i32.load(i32.const(0), HEADER.INPUT_STRIDE));
    const src = f.local("i32", i32.add(i32.load(i32.const(0), HEADER.INPUT), channel));
    f.if(i32.ge_u(channel, stride), () => {
      f.set(src, ZEROS);
      f.set(stride, 0);
    });
    steps(f, bytesOf(f, frames), 4, (t) => {
      f.do(f32.store(i32.add(dst, t), f32.load(src)));
      f.set(src, i32.add(src, stride));
    });
  });
}
