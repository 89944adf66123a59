/** PACK, SPLAT, UNPACK, COPY: between planar and packed buffers. @module */
import {
  type Func,
  type FunctionBuilder,
  i32,
  type Local,
  type Module,
  select,
  v128,
} from "../../wasm/mod.ts";
import { builtin, bytesOf, copyVectors, shuffle, SINK, steps, transpose, word } from "./emit.ts";

/** Bytes of four frames of a planar signal: one vector. */
const STEP = 16;

/** Runs `body` for each group of four lanes; between them `desc` and `packed` advance to the next one. */
function eachQuad(
  f: FunctionBuilder,
  desc: Local,
  packed: Local,
  width: number,
  body: () => void,
): void {
  for (let quad = 0; quad < width; quad += 4) {
    body();
    f.set(desc, i32.add(desc, 16));
    f.set(packed, i32.add(packed, 16));
  }
}

/** `dst (packed W), W, src x W (planar)`: four signals and four frames at a time are transposed. */
export function pack(module: Module): Func {
  return builtin(module, "pack", (f, desc, frames) => {
    const dst = word(f, desc, 0);
    const lanes = word(f, desc, 1);
    const bytes = bytesOf(f, frames);
    f.if(i32.eq(lanes, 1), () => copyVectors(f, dst, word(f, desc, 2), bytes));
    for (const width of [4, 8]) {
      f.if(i32.eq(lanes, width), () => {
        eachQuad(f, desc, dst, width, () => {
          const sources = [2, 3, 4, 5].map((n) => word(f, desc, n));
          const to = f.local("i32", dst);
          steps(f, bytes, STEP, (t) => {
            const columns = transpose(f, sources.map((source) => v128.load(i32.add(source, t))));
            for (const [k, column] of columns.entries()) {
              f.do(v128.store(to, column, 4 * width * k));
            }
            f.set(to, i32.add(to, STEP * width));
          });
        });
      });
    }
  });
}

/** `src (packed W), W, dst x W (planar; 0 skips the lane)`. */
export function unpack(module: Module): Func {
  return builtin(module, "unpack", (f, desc, frames) => {
    const src = word(f, desc, 0);
    const lanes = word(f, desc, 1);
    const bytes = bytesOf(f, frames);
    const target = (n: number) => {
      const address = word(f, desc, n);
      f.set(address, select(address, i32.const(SINK), address));
      return address;
    };
    f.if(i32.eq(lanes, 1), () => copyVectors(f, target(2), src, bytes));
    for (const width of [4, 8]) {
      f.if(i32.eq(lanes, width), () => {
        eachQuad(f, desc, src, width, () => {
          const targets = [2, 3, 4, 5].map(target);
          const from = f.local("i32", src);
          steps(f, bytes, STEP, (t) => {
            const rows = [0, 1, 2, 3].map((k) => v128.load(from, 4 * width * k));
            for (const [k, column] of transpose(f, rows).entries()) {
              f.do(v128.store(i32.add(targets[k], t), column));
            }
            f.set(from, i32.add(from, STEP * width));
          });
        });
      });
    }
  });
}

/** `dst (packed W), W, src (planar)`: the same signal on each lane. */
export function splat(module: Module): Func {
  return builtin(module, "splat", (f, desc, frames) => {
    const dst = word(f, desc, 0);
    const lanes = word(f, desc, 1);
    const src = word(f, desc, 2);
    const bytes = bytesOf(f, frames);
    f.if(i32.eq(lanes, 1), () => copyVectors(f, dst, src, bytes));
    for (const width of [4, 8]) {
      f.if(i32.eq(lanes, width), () => {
        const to = f.local("i32", dst);
        steps(f, bytes, STEP, (t) => {
          const x = f.local("v128", v128.load(i32.add(src, t)));
          for (let k = 0; k < 4; k++) {
            const same = f.local("v128", shuffle(x, x, k, k, k, k));
            for (let q = 0; q < width / 4; q++) {
              f.do(v128.store(to, same, 4 * (k * width + 4 * q)));
            }
          }
          f.set(to, i32.add(to, STEP * width));
        });
      });
    }
  });
}

/** `dst (planar), src (planar)`. */
export function copy(module: Module): Func {
  return builtin(module, "copy", (f, desc, frames) => {
    copyVectors(f, word(f, desc, 0), word(f, desc, 1), bytesOf(f, frames));
  });
}
