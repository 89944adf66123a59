/** MODULATE and MODULATE_BLOCK: outputs that act on parameters. @module */
import { HEADER, PARAM, PARAM_BYTES, QUANTUM } from "../../layout.ts";
import {
  call,
  type Code,
  f32,
  f32x4,
  type Func,
  type FunctionBuilder,
  i32,
  type Local,
  type Module,
  select,
  v128,
} from "../../wasm/mod.ts";
import { builtin, steps, word } from "./emit.ts";
import { gather, groups, pair } from "./fill.ts";

/** Word of the descriptor where the record addresses start. */
const RECORDS = 3;

/** Runs `body` for each term, with the address of its two parts (source, then amounts) and how many are left. */
function terms(
  f: FunctionBuilder,
  desc: Local,
  width: Local,
  body: (term: Local, left: Local) => void,
): void {
  const term = f.local("i32", i32.add(i32.add(desc, 4 * RECORDS), i32.shl(width, 2)));
  const count = f.local("i32", i32.load(term));
  f.set(term, i32.add(term, 4));
  f.while(count, () => {
    body(term, count);
    f.set(term, i32.add(i32.add(term, 4), i32.shl(width, 2)));
    f.set(count, i32.sub(count, 1));
  });
}

/** A row of values a frame: filled, each term added, the last pass clamps. */
export function modulate(module: Module, fill: Func): Func {
  return builtin(module, "modulate", (f, desc, frames) => {
    const row = word(f, desc, 0);
    const width = word(f, desc, 1);
    const offset = f.local("i32", i32.mul(word(f, desc, 2), PARAM_BYTES));
    const records = f.local("i32", i32.add(desc, 4 * RECORDS));
    f.do(call(fill, width, records, offset, row, frames));
    const bytes = f.local("i32", i32.shl(groups(frames, width), 5));
    const [min, max] = [pair(f), pair(f)];
    gather(f, width, records, i32.add(offset, PARAM.EVENTS), [null, min, max, null]);
    const clamp = (half: "low" | "high", x: Code) =>
      f32x4.pmin(max[half], f32x4.pmax(min[half], x));
    const eachValue = (change: (half: "low" | "high", x: Code, t: Local, k: number) => Code) =>
      steps(f, bytes, 32, (t) => {
        const to = f.local("i32", i32.add(row, t));
        for (const [k, half] of (["low", "high"] as const).entries()) {
          f.do(v128.store(to, change(half, v128.load(to, 16 * k), t, 16 * k), 16 * k));
        }
      });
    const amount = pair(f);
    terms(f, desc, width, (term, left) => {
      const src = word(f, term, 0);
      f.if(i32.eq(width, 1), () => {
        f.set(amount.low, v128.load32_splat(term, 4));
        f.set(amount.high, amount.low);
      }, () => {
        f.set(amount.low, v128.load(term, 4));
        f.set(amount.high, amount.low);
        f.if(i32.eq(width, 8), () => f.set(amount.high, v128.load(term, 20)));
      });
      const added = (half: "low" | "high", x: Code, t: Local, k: number) =>
        f32x4.add(x, f32x4.mul(amount[half], v128.load(i32.add(src, t), k)));
      f.if(i32.eq(left, 1), () => {
        eachValue((half, x, t, k) => clamp(half, added(half, x, t, k)));
        f.return(0);
      }, () => eachValue(added));
    });
    eachValue(clamp);
  });
}

/** One value, latched where frame time is a multiple of `QUANTUM`. */
export function modulateBlock(module: Module, value: Func): Func {
  return builtin(module, "modulate_block", (f, desc) => {
    f.if(i32.and(i32.load(i32.const(0), HEADER.NOW), QUANTUM - 1), () => f.return(0));
    const width = word(f, desc, 1);
    const offset = f.local("i32", i32.mul(word(f, desc, 2), PARAM_BYTES));
    steps(f, i32.shl(width, 2), 4, (lane) => {
      const record = f.local("i32", i32.add(i32.load(i32.add(desc, lane), 4 * RECORDS), offset));
      const x = f.local("f32", call(value, record));
      terms(f, desc, width, (term) => {
        const signal = f32.load(i32.add(i32.load(term), lane));
        f.set(x, f32.add(x, f32.mul(f32.load(i32.add(term, lane), 4), signal)));
      });
      const min = f.local("f32", f32.load(record, PARAM.MIN));
      const max = f.local("f32", f32.load(record, PARAM.MAX));
      f.set(x, select(x, min, f32.gt(x, min)));
      f.do(f32.store(record, select(x, max, f32.lt(x, max)), PARAM.LATCH));
    });
  });
}
