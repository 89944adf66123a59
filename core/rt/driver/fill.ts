/**
 * Parameters as rows of values, and their value at one frame.
 *
 * A record's value at frame t is `target - slope * max(0, end - t)`, each step rounded to f32, with
 * `end - t` as a wrapping 32-bit difference. From the frame of an event on, the event's target,
 * slope and end take the record's place. Records and events are only read.
 *
 * @module
 */
import { EVENT, PARAM } from "../../layout.ts";
import {
  call,
  type Code,
  f32,
  f32x4,
  type Func,
  type FunctionBuilder,
  i32,
  i32x4,
  i32x4Const,
  type Local,
  type Module,
  v128,
} from "../../wasm/mod.ts";
import { ahead, now, steps, transpose } from "./emit.ts";

/** Lanes of one iteration: two vectors. */
const GROUP = 8;

/** Two vectors that hold eight values of a packed row: 8 frames x 1, 4 x 2 or 1 x 8 lanes. */
export interface Pair {
  readonly low: Local;
  readonly high: Local;
}

/** A pair of unset locals. */
export function pair(f: FunctionBuilder): Pair {
  return { low: f.local("v128"), high: f.local("v128") };
}

/** Number of iterations that cover `frames` frames of `width` lanes, eight values at a time. */
export function groups(frames: Code, width: Code): Code {
  return i32.shr_u(i32.add(i32.mul(frames, width), GROUP - 1), 3);
}

/**
 * Loads four consecutive words of W records into pairs, lane by lane, at a byte offset of each
 * record. `records` is where W record addresses stand.
 */
export function gather(
  f: FunctionBuilder,
  width: Local,
  records: Code,
  offset: Code,
  into: readonly (Pair | null)[],
): void {
  const list = f.local("i32", records);
  const shift = f.local("i32", offset);
  const load4 = (first: number) =>
    transpose(
      f,
      [0, 1, 2, 3].map((k) => v128.load(i32.add(i32.load(list, 4 * (first + k)), shift))),
    );
  const set = (half: "low" | "high", columns: readonly Code[]) =>
    into.forEach((pair, k) => pair && f.set(pair[half], columns[k]));
  f.if(i32.eq(width, 1), () => {
    const record = f.local("i32", i32.add(i32.load(list), shift));
    const columns = into.map((_, k) => v128.load32_splat(record, 4 * k));
    set("low", columns);
    set("high", columns);
  }, () => {
    set("low", load4(0));
    f.if(i32.eq(width, 8), () => set("high", load4(4)), () => {
      set("high", into.map((pair) => pair ? pair.low : i32x4Const(0)));
    });
  });
}

/** `fill(width, records, offset, row, frames)`: row[t][l] = value of record l at offset, frame t. */
export function fill(module: Module): Func {
  const pieces = fillPieces(module);
  return module.func("fill", ["i32", "i32", "i32", "i32", "i32"], "void", (f, ...params) => {
    const [width, records, offset, row, frames] = params;
    const [target, slope, left] = [pair(f), pair(f), pair(f)];
    gather(f, width, records, offset, [target, slope, left, null]);
    const step = f.local("v128", i32x4Const(1));
    const ahead = pair(f);
    f.if(i32.eq(width, 1), () => {
      f.set(step, i32x4Const(8));
      f.set(ahead.low, i32x4Const(0, 1, 2, 3));
      f.set(ahead.high, i32x4Const(4, 5, 6, 7));
    }, () => {
      f.if(i32.eq(width, 4), () => {
        f.set(step, i32x4Const(2));
        f.set(ahead.high, i32x4Const(1));
      });
    });
    const moves = (half: "low" | "high") => {
      f.set(left[half], i32x4.sub(i32x4.sub(left[half], i32x4.splat(now())), ahead[half]));
      return v128.and(i32x4.gt_s(left[half], 0), f32x4.ne(slope[half], 0));
    };
    const to = f.local("i32", row);
    const end = f.local("i32", i32.add(row, i32.shl(groups(frames, width), 5)));
    f.if(v128.any_true(v128.or(moves("low"), moves("high"))), () => {
      f.count(to, end, 4 * GROUP, () => {
        for (const [k, half] of (["low", "high"] as const).entries()) {
          const frames = f32x4.convert_i32x4_s(i32x4.max_s(left[half], 0));
          f.do(v128.store(to, f32x4.sub(target[half], f32x4.mul(slope[half], frames)), 16 * k));
          f.set(left[half], i32x4.sub(left[half], step));
        }
      });
    }, () => {
      // Two groups a turn: a row has room for an even number.
      f.count(to, end, 8 * GROUP, () => {
        for (const k of [0, 32]) {
          f.do(v128.store(to, target.low, k));
          f.do(v128.store(to, target.high, k + 16));
        }
      });
    });
    steps(f, width, 1, (lane) => {
      const record = i32.load(i32.add(records, i32.shl(lane, 2)));
      const event = f.local("i32", i32.load(i32.add(record, offset), PARAM.EVENTS));
      f.if(i32.ge_s(event, 0), () => {
        f.do(call(pieces, event, i32.add(row, i32.shl(lane, 2)), i32.shl(width, 2), frames));
      });
    });
  }, { export: true });
}

/** Value `left` frames before the end of a ramp, or after it if negative. */
export function rampValue(target: Code, slope: Code, left: Code): Code {
  const frames = i32.and(left, i32.sub(0, i32.gt_s(left, 0)));
  return f32.sub(target, f32.mul(slope, f32.convert_i32_s(frames)));
}

/**
 * Overwrites one lane of a row from its first event on. Within a LOOP, events may lie before the
 * first frame or behind the last one.
 */
function fillPieces(module: Module): Func {
  return module.func("fill_pieces", ["i32", "i32", "i32", "i32"], "void", (f, ...params) => {
    const [event, lane, frame, frames] = params;
    f.loop((more) => {
      const t = f.local("i32", ahead(i32.load(event, EVENT.FRAME)));
      const target = f.local("f32", f32.load(event, EVENT.TARGET));
      const slope = f.local("f32", f32.load(event, EVENT.SLOPE));
      const left = f.local("i32", i32.load(event, EVENT.DURATION));
      f.if(i32.lt_s(t, 0), () => {
        f.set(left, i32.add(left, t));
        f.set(t, 0);
      });
      const end = f.local("i32", frames);
      f.set(event, i32.load(event, EVENT.NEXT));
      f.if(i32.ge_s(event, 0), () => {
        const next = f.local("i32", ahead(i32.load(event, EVENT.FRAME)));
        f.if(i32.lt_s(next, frames), () => f.set(end, next));
      });
      const to = f.local("i32", i32.add(lane, i32.mul(t, frame)));
      f.while(i32.lt_s(t, end), () => {
        f.do(f32.store(to, rampValue(target, slope, left)));
        f.set(left, i32.sub(left, 1));
        f.set(t, i32.add(t, 1));
        f.set(to, i32.add(to, frame));
      });
      f.brIf(more, i32.ge_s(event, 0));
    });
  });
}

/** `value(record)`: that of the segment's first frame. */
export function value(module: Module): Func {
  return module.func("value", ["i32"], "f32", (f, record) => {
    const target = f.local("f32", f32.load(record, PARAM.TARGET));
    const slope = f.local("f32", f32.load(record, PARAM.SLOPE));
    const left = f.local("i32", i32.sub(i32.load(record, PARAM.END), now()));
    const event = f.local("i32", i32.load(record, PARAM.EVENTS));
    f.block((done) => {
      f.loop((more) => {
        f.brIf(done, i32.lt_s(event, 0));
        f.brIf(done, i32.ne(i32.load(event, EVENT.FRAME), now()));
        f.set(target, f32.load(event, EVENT.TARGET));
        f.set(slope, f32.load(event, EVENT.SLOPE));
        f.set(left, i32.load(event, EVENT.DURATION));
        f.set(event, i32.load(event, EVENT.NEXT));
        f.br(more);
      });
    });
    f.return(rampValue(target, slope, left));
  });
}
