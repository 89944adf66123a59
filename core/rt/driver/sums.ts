/**
 * SUM, SUM_PACKED, SUM_ROUNDS and the accumulator ops MIX_*. All of them compute the one canonical sum of the
 * plan format: partial sums s[j] = 0 + e[j] + e[j + 8] + ..., added as a tree.
 *
 * A partial sum starts at +0 and is therefore never -0, so adding +0 to it changes nothing: lanes
 * without a signal may be added all the same, and for up to eight signals the tree over the bare
 * signals gives the same bits if +0 is added at its end. So do partial sums that do not start at +0.
 *
 * @module
 */
import {
  type Code,
  f32x4,
  type Func,
  type FunctionBuilder,
  i32,
  i32x4Const,
  i8x16,
  type Local,
  type Module,
  v128,
} from "../../wasm/mod.ts";
import { SUM_BLOCK } from "../plan_format.ts";
import { addTree, builtin, bytesOf, steps, transpose, word, ZEROS } from "./emit.ts";

/** Bytes of one frame of an accumulator. */
const FRAME = 32;
/** Frames of one turn of a loop over an accumulator; it may go on to the end of a turn. */
const TURN = 4;

/** Sums `count` signals whose addresses start at a word of the descriptor. */
function sumSignals(
  f: FunctionBuilder,
  desc: Local,
  first: number,
  count: Local,
  dst: Local,
  bytes: Local,
): void {
  for (let k = 2; k <= 8; k++) {
    f.if(i32.eq(count, k), () => {
      const sources = Array.from({ length: k }, (_, n) => word(f, desc, first + n));
      steps(f, bytes, 16, (t) => {
        const sum = addTree(sources.map((source) => v128.load(i32.add(source, t))));
        f.do(v128.store(i32.add(dst, t), f32x4.add(sum, 0)));
      });
    });
  }
}

/** `dst (planar), k, src x k (planar)`. */
export function sum(module: Module): Func {
  return builtin(module, "sum", (f, desc, frames) => {
    sumSignals(f, desc, 2, word(f, desc, 1), word(f, desc, 0), bytesOf(f, frames));
  });
}

/** `dst (packed W), W, k, src x k (packed W)`. */
export function sumPacked(module: Module): Func {
  return builtin(module, "sum_packed", (f, desc, frames) => {
    const bytes = bytesOf(f, i32.mul(frames, word(f, desc, 1)));
    sumSignals(f, desc, 3, word(f, desc, 2), word(f, desc, 0), bytes);
  });
}

/** `acc (packed 8)`: +0. */
export function mixClear(module: Module): Func {
  return builtin(module, "mix_clear", (f, desc, frames) => {
    const acc = word(f, desc, 0);
    steps(f, i32.shl(frames, 5), TURN * FRAME, (t) => {
      const at = f.local("i32", i32.add(acc, t));
      for (let k = 0; k < 2 * TURN; k++) f.do(v128.store(at, i32x4Const(0), 16 * k));
    });
  });
}

function addTo(f: FunctionBuilder, address: Code, offset: number, value: Code): void {
  f.do(v128.store(address, f32x4.add(v128.load(address, offset), value), offset));
}

/** `acc, src (packed W), W, first lane in acc, lanes n`. */
export function mixPacked(module: Module): Func {
  return builtin(module, "mix_packed", (f, desc, frames) => {
    const acc = word(f, desc, 0);
    const src = word(f, desc, 1);
    const width = word(f, desc, 2);
    const first = word(f, desc, 3);
    const lanes = word(f, desc, 4);
    const end = f.local("i32", i32.add(acc, i32.shl(frames, 5)));
    // Whole vectors: eight lanes, or four, wherever they fall.
    f.if(i32.eq(lanes, 8), () => {
      f.count(acc, end, TURN * FRAME, () => {
        for (let k = 0; k < 2 * TURN; k++) addTo(f, acc, 16 * k, v128.load(src, 16 * k));
        f.set(src, i32.add(src, TURN * FRAME));
      });
      f.return(0);
    });
    const frame = bytesOf(f, width);
    f.if(i32.eq(lanes, 4), () => {
      const shift = f.local("i32", i32.shl(first, 2));
      f.set(end, i32.add(end, shift));
      f.set(acc, i32.add(acc, shift));
      f.count(acc, end, TURN * FRAME, () => {
        for (let k = 0; k < TURN; k++) {
          addTo(f, acc, FRAME * k, v128.load(src));
          f.set(src, i32.add(src, frame));
        }
      });
      f.return(0);
    });
    // Any other: byte b of the accumulator's frame takes byte b - 4 first of the signal's frame, or +0.
    // An index outside a vector makes a swizzle give 0; the second vector of a signal of width 4 is
    // the next frame, which the limit keeps out.
    const limit = f.local("v128", i8x16.splat(i32.shl(lanes, 2)));
    const shift = i8x16.splat(i32.shl(first, 2));
    const [low, high] = [0, 16].map((half) => {
      const bytes = v128.const(Array.from({ length: 16 }, (_, b) => b + half));
      const index = f.local("v128", i8x16.sub(bytes, shift));
      return f.local("v128", v128.or(index, i8x16.ge_u(index, limit)));
    });
    const beyond = f.local("v128", i8x16.sub(high, i8x16.splat(16)));
    f.count(acc, end, FRAME, () => {
      const x = f.local("v128", v128.load(src));
      const y = v128.load(src, 16);
      addTo(f, acc, 0, i8x16.swizzle(x, low));
      addTo(f, acc, 16, v128.or(i8x16.swizzle(x, high), i8x16.swizzle(y, beyond)));
      f.set(src, i32.add(src, frame));
    });
  });
}

/** `dst (planar), k, src x k (packed 8)`: the sum of whole rounds, without an accumulator. */
export function sumRounds(module: Module): Func {
  return builtin(module, "sum_rounds", (f, desc, frames) => {
    const dst = word(f, desc, 0);
    const end = f.local("i32", i32.add(dst, bytesOf(f, frames)));
    for (let count = 1; count <= SUM_BLOCK / 8; count++) {
      f.if(i32.eq(word(f, desc, 1), count), () => {
        const sources = Array.from({ length: count }, (_, k) => word(f, desc, 2 + k));
        f.count(dst, end, 4 * TURN, () => {
          const halves = [0, 16].map((half) =>
            transpose(
              f,
              [0, 1, 2, 3].map((k) =>
                sources
                  .map((source) => v128.load(source, half + FRAME * k))
                  .reduce((sum, next) => f32x4.add(sum, next))
              ),
            )
          );
          f.do(v128.store(dst, f32x4.add(addTree(halves.flat()), 0)));
          for (const source of sources) f.set(source, i32.add(source, TURN * FRAME));
        });
        f.return(0);
      });
    }
  });
}

/** `acc, k, first lane in acc, src x k (planar)`. */
export function mixPlanar(module: Module): Func {
  return builtin(module, "mix_planar", (f, desc, frames) => {
    const acc = word(f, desc, 0);
    const count = word(f, desc, 1);
    const first = word(f, desc, 2);
    const bytes = bytesOf(f, frames);
    for (let half = 0; half < 8; half += 4) {
      const touched = i32.and(
        i32.lt_u(first, half + 4),
        i32.gt_u(i32.add(first, count), half),
      );
      f.if(touched, () => {
        const sources = [0, 1, 2, 3].map((k) => {
          const index = f.local("i32", i32.sub(half + k, first));
          const address = i32.load(i32.add(desc, i32.shl(index, 2)), 12);
          const source = f.local("i32", ZEROS);
          f.if(i32.lt_u(index, count), () => f.set(source, address));
          return source;
        });
        const to = f.local("i32", acc);
        steps(f, bytes, 16, (t) => {
          const columns = transpose(f, sources.map((source) => v128.load(i32.add(source, t))));
          for (const [k, column] of columns.entries()) {
            addTo(f, to, 4 * half + FRAME * k, column);
          }
          f.set(to, i32.add(to, 4 * FRAME));
        });
      });
    }
  });
}

/** `dst (planar), acc`: ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)). */
export function mixReduce(module: Module): Func {
  return builtin(module, "mix_reduce", (f, desc, frames) => {
    const dst = word(f, desc, 0);
    const acc = word(f, desc, 1);
    steps(f, bytesOf(f, frames), 16, (t) => {
      const halves = [0, 16].map((offset) =>
        transpose(f, [0, 1, 2, 3].map((k) => v128.load(acc, offset + FRAME * k)))
      );
      f.do(v128.store(i32.add(dst, t), addTree(halves.flat())));
      f.set(acc, i32.add(acc, 4 * FRAME));
    });
  });
}
