/** The end of a segment: output channels interleaved and metered. @module */
import { HEADER, METER, METER_BYTES, METER_FRAMES } from "../../layout.ts";
import { PLAN } from "../plan_format.ts";
import {
  call,
  type Code,
  f32,
  f32x4,
  f64,
  type Func,
  type FunctionBuilder,
  i32,
  type Local,
  type Module,
  v128,
} from "../../wasm/mod.ts";
import { now, shuffle, ZEROS } from "./emit.ts";

/**
 * `output(plan, address, frames, channels, frame step, channel step)`: writes the plan's outputs to
 * `address`, interleaved or planar as the steps (in bytes) say, and their peaks and squares to the
 * meters; what is not finite goes out as silence. Without a plan, and for channels it has not: silence.
 */
export function output(module: Module): Func {
  const meter = meterChannel(module);
  const source = module.func("output_channel", ["i32", "i32"], "i32", (f, plan, channel) => {
    f.if(plan, () => {
      f.if(i32.lt_u(channel, i32.load(plan, PLAN.CHANNELS)), () => {
        f.return(i32.load(i32.add(plan, i32.shl(channel, 2)), PLAN.OUTPUTS));
      });
    });
    f.return(ZEROS);
  });
  return module.func(
    "output",
    ["i32", "i32", "i32", "i32", "i32", "i32"],
    "void",
    (f, ...params) => {
      const [plan, address, frames, channels, frameStep, channelStep] = params;
      const channel = f.local("i32", 0);
      const done = f.local("i32", 0);
      f.if(i32.and(i32.eq(channels, 2), i32.eq(frameStep, 8)), () => {
        const left = f.local("i32", call(source, plan, i32.const(0)));
        const right = f.local("i32", call(source, plan, i32.const(1)));
        interleaveTwo(f, address, left, right, frames, done);
      });
      f.loop((again) => {
        const src = f.local("i32", call(source, plan, channel));
        f.do(call(meter, channel, src, frames));
        const t = f.local("i32", done);
        const from = f.local("i32", i32.add(src, i32.shl(done, 2)));
        const place = i32.add(address, i32.mul(channel, channelStep));
        const to = f.local("i32", i32.add(place, i32.mul(done, frameStep)));
        f.while(i32.lt_u(t, frames), () => {
          f.do(f32.store(to, f32x4.extract_lane(finite(f, v128.load32_zero(from)), 0)));
          f.set(to, i32.add(to, frameStep));
          f.set(from, i32.add(from, 4));
          f.set(t, i32.add(t, 1));
        });
        f.set(channel, i32.add(channel, 1));
        f.brIf(again, i32.lt_u(channel, channels));
      });
    },
    { export: true },
  );
}

/** The samples, silence for those that are not finite: a sum of signals that are may overflow. */
function finite(f: FunctionBuilder, samples: Code): Local {
  const x = f.local("v128", samples);
  return f.local("v128", v128.and(x, f32x4.eq(f32x4.sub(x, x), f32x4.splat(f32.const(0)))));
}

/** Interleaves as many whole vectors as there are; counts the frames done. */
function interleaveTwo(
  f: FunctionBuilder,
  address: Local,
  left: Local,
  right: Local,
  frames: Local,
  done: Local,
): void {
  const whole = f.local("i32", i32.and(frames, -4));
  f.while(i32.lt_u(done, whole), () => {
    const t = f.local("i32", i32.shl(done, 2));
    const l = finite(f, v128.load(i32.add(left, t)));
    const r = finite(f, v128.load(i32.add(right, t)));
    const to = f.local("i32", i32.add(address, i32.shl(t, 1)));
    f.do(v128.store(to, shuffle(l, r, 0, 4, 1, 5)));
    f.do(v128.store(to, shuffle(l, r, 2, 6, 3, 7), 16));
    f.set(done, i32.add(done, 4));
  });
}

/** Peak and squares of one channel of this segment, as it goes out. */
function meterChannel(module: Module): Func {
  return module.func("meter", ["i32", "i32", "i32"], "void", (f, channel, src, frames) => {
    const at = f.local("i32", i32.add(HEADER.METERS, i32.mul(channel, METER_BYTES)));
    f.if(i32.eqz(i32.and(now(), METER_FRAMES - 1)), () => {
      f.do(f32.store(at, f32.load(at, METER.PEAK), METER.LAST_PEAK));
      f.do(f32.store(at, 0, METER.PEAK));
    });
    const peak = f.local("v128", f32x4.splat(f32.load(at, METER.PEAK)));
    const squares = f.local("v128", f32x4.splat(f32.const(0)));
    const add = (x: Local) => {
      f.set(peak, f32x4.pmax(peak, f32x4.abs(x)));
      f.set(squares, f32x4.add(squares, f32x4.mul(x, x)));
    };
    const end = f.local("i32", i32.add(src, i32.shl(frames, 2)));
    const whole = f.local("i32", i32.add(src, i32.shl(i32.and(frames, -4), 2)));
    f.while(i32.lt_u(src, whole), () => {
      add(finite(f, v128.load(src)));
      f.set(src, i32.add(src, 16));
    });
    f.while(i32.lt_u(src, end), () => {
      add(finite(f, v128.load32_zero(src)));
      f.set(src, i32.add(src, 4));
    });
    f.set(peak, f32x4.pmax(peak, shuffle(peak, peak, 2, 3, 2, 3)));
    f.set(peak, f32x4.pmax(peak, shuffle(peak, peak, 1, 1, 1, 1)));
    f.do(f32.store(at, f32x4.extract_lane(peak, 0), METER.PEAK));
    f.set(squares, f32x4.add(squares, shuffle(squares, squares, 2, 3, 2, 3)));
    f.set(squares, f32x4.add(squares, shuffle(squares, squares, 1, 1, 1, 1)));
    const sum = f64.promote_f32(f32x4.extract_lane(squares, 0));
    f.do(f64.store(at, f64.add(f64.load(at, METER.SQUARES), sum), METER.SQUARES));
  });
}
