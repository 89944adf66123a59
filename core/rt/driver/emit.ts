/**
 * What the driver's functions are written with: words of descriptors, the clock, loops over frames.
 *
 * @module
 */
import { HEADER, HEADER_BYTES, PACKED_BYTES } from "../../layout.ts";
import {
  type Code,
  f32x4,
  type Func,
  type FunctionBuilder,
  i32,
  i8x16,
  lanes32,
  type Local,
  type Module,
  type Operand,
  v128,
} from "../../wasm/mod.ts";

/** Address of a buffer of silence. */
export const ZEROS = HEADER_BYTES;
/** Address of a planar buffer that nobody reads; several threads may write it. */
export const SINK = ZEROS + PACKED_BYTES;
/** Low word of the segment's first frame. */
export function now(): Code {
  return i32.load(i32.const(0), HEADER.NOW);
}

/** Frames from the segment's first to a frame given by its low word; negative for an earlier one. */
export function ahead(frame: Code): Code {
  return i32.sub(frame, now());
}

/** A built-in op: takes its descriptor and a number of frames like any kernel, and never faults. */
export function builtin(
  module: Module,
  name: string,
  build: (f: FunctionBuilder, desc: Local, frames: Local) => void,
): Func {
  return module.func(name, ["i32", "i32"], "i32", (f, desc, frames) => {
    build(f, desc, frames);
    f.return(0);
  }, { export: true });
}

/** The n-th word of a descriptor, in a local. */
export function word(f: FunctionBuilder, desc: Local, n: number): Local {
  return f.local("i32", i32.load(desc, 4 * n));
}

/** Runs `body` with t = 0, step, 2 step, ... below `end`, at least once. */
export function steps(
  f: FunctionBuilder,
  end: Operand,
  step: number,
  body: (t: Local) => void,
): void {
  const t = f.local("i32", 0);
  const last = typeof end === "number" ? end : f.local("i32", end);
  f.count(t, last, step, () => body(t));
}

/** Bytes of so many f32. */
export function bytesOf(f: FunctionBuilder, count: Code): Local {
  return f.local("i32", i32.shl(count, 2));
}

/** Copies at least `bytes`, rounded up to 16. */
export function copyVectors(f: FunctionBuilder, dst: Local, src: Local, bytes: Operand): void {
  steps(f, bytes, 16, (t) => {
    f.do(v128.store(i32.add(dst, t), v128.load(i32.add(src, t))));
  });
}

/** Moves 32-bit lanes: 0..3 are those of `a`, 4..7 those of `b`. */
export function shuffle(a: Code, b: Code, x: number, y: number, z: number, w: number): Code {
  return i8x16.shuffle(a, b, lanes32(x, y, z, w));
}

/** Turns four rows of four into four columns of four. */
export function transpose(f: FunctionBuilder, rows: readonly Code[]): Local[] {
  const [a, b, c, d] = rows.map((row) => f.local("v128", row));
  const t0 = f.local("v128", shuffle(a, b, 0, 4, 1, 5));
  const t1 = f.local("v128", shuffle(a, b, 2, 6, 3, 7));
  const t2 = f.local("v128", shuffle(c, d, 0, 4, 1, 5));
  const t3 = f.local("v128", shuffle(c, d, 2, 6, 3, 7));
  return [
    f.local("v128", shuffle(t0, t2, 0, 1, 4, 5)),
    f.local("v128", shuffle(t0, t2, 2, 3, 6, 7)),
    f.local("v128", shuffle(t1, t3, 0, 1, 4, 5)),
    f.local("v128", shuffle(t1, t3, 2, 3, 6, 7)),
  ];
}

/** Adds neighbours, then their sums, and so on: the tree of the canonical sum. */
export function addTree(terms: readonly Code[]): Code {
  if (terms.length === 1) return terms[0];
  const pairs: Code[] = [];
  for (let k = 0; k < terms.length; k += 2) {
    pairs.push(k + 1 < terms.length ? f32x4.add(terms[k], terms[k + 1]) : terms[k]);
  }
  return addTree(pairs);
}
