/**
 * Changes of parameters, and who has to know of them.
 *
 * @module
 */
import { MAX_RAMP_FRAMES, NODE, NODE_BYTES, PARAM, PARAM_BYTES } from "../../layout.ts";
import {
  call,
  type Code,
  f32,
  f64,
  type Func,
  type FunctionBuilder,
  i32,
  type Local,
  type Module,
  type Operand,
  select,
} from "../../wasm/mod.ts";
import { LANE, LANE_BYTES, OP, PLAN } from "../plan_format.ts";
import { ahead, now } from "./emit.ts";

/** Offsets of a change: the value to go to, f32, and the frames it takes. */
export const CHANGE = { TARGET: 0, DURATION: 4 } as const;

/** Two are enough for any two ends whose distance is finite. */
const MAX_ROUNDINGS = 8;

/**
 * `slope(from, target, duration)`: change per frame, rounded towards 0 until the ramp stays between
 * its two ends: `target - slope * duration` does not lie beyond `from`. +0 without a change, and for
 * ends so far apart that an f32 cannot hold their distance: the change may be a step then.
 */
export function slope(module: Module): Func {
  return module.func("slope", ["f32", "f32", "i32"], "f32", (f, from, target, duration) => {
    f.if(i32.or(i32.eqz(duration), f32.eq(target, from)), () => f.return(0));
    const distance = f64.sub(f64.promote_f32(target), f64.promote_f32(from));
    const per = f64.div(distance, f64.convert_i32_s(duration));
    const bits = f.local("i32", i32.reinterpret_f32(f32.demote_f64(per)));
    const frames = f.local("f32", f32.convert_i32_s(duration));
    const start = f32.sub(target, f32.mul(f32.reinterpret_i32(bits), frames));
    const rises = f.local("i32", f32.gt(target, from));
    const left = f.local("i32", MAX_ROUNDINGS);
    f.while(select(f32.lt(start, from), f32.gt(start, from), rises), () => {
      f.if(i32.eqz(left), () => f.return(0));
      f.set(left, i32.sub(left, 1));
      // One less in its bits is the next smaller magnitude, of either sign.
      f.set(bits, i32.sub(bits, 1));
    });
    // Too small for an f32, the change is a step; +0 then, as -0 would turn a target of 0 around.
    f.return(f32.add(f32.reinterpret_i32(bits), 0));
  });
}

/** The target without a negative zero, which a ramp could not reach. */
export function targetAt(address: Code, offset: number): Code {
  return f32.add(f32.load(address, offset), 0);
}

/** The duration, cut to `MAX_RAMP_FRAMES`. */
export function durationAt(f: FunctionBuilder, address: Code, offset: number): Local {
  const frames = f.local("i32", i32.load(address, offset));
  f.set(
    frames,
    select(frames, i32.const(MAX_RAMP_FRAMES), i32.lt_u(frames, MAX_RAMP_FRAMES)),
  );
  return frames;
}

/** Sets a "moving until" word that lies at `offset`, unless it is later already. */
function prolong(f: FunctionBuilder, address: Local, offset: number, until: Local): void {
  const known = f.local("i32", ahead(i32.load(address, offset)));
  const positive = select(known, i32.const(0), i32.gt_s(known, 0));
  f.if(i32.gt_s(ahead(until), positive), () => f.do(i32.store(address, until, offset)));
}

/**
 * `lanes_of(node, plan)`: the first lane entry of a node in the plan, 0 for none. NODE.LANES may be of an
 * older plan; it counts if it is the place of an entry of this plan that says the same node.
 */
export function lanesOf(module: Module): Func {
  return module.func("lanes_of", ["i32", "i32", "i32"], "i32", (f, node, slot, plan) => {
    f.if(i32.eqz(plan), () => f.return(0));
    const lane = f.local("i32", i32.load(node, NODE.LANES));
    const offset = f.local("i32", i32.sub(lane, i32.load(plan, PLAN.LANES)));
    const end = i32.mul(i32.load(plan, PLAN.LANE_COUNT), LANE_BYTES);
    f.if(i32.ge_u(offset, end), () => f.return(0));
    f.if(i32.and(offset, LANE_BYTES - 1), () => f.return(0));
    f.if(i32.ne(i32.load(lane, LANE.SLOT), slot), () => f.return(0));
    f.return(lane);
  }, { export: true });
}

/**
 * `is_gone(node, slot, plan)`: whether the node was in a plan and is not in this one. Control may be
 * about to free its memory then, so nothing may be written there any more.
 */
export function isGone(module: Module, lanesOf: Func): Func {
  return module.func("is_gone", ["i32", "i32", "i32"], "i32", (f, node, slot, plan) => {
    f.if(i32.eqz(i32.load(node, NODE.LANES)), () => f.return(0));
    f.return(i32.eqz(call(lanesOf, node, slot, plan)));
  }, { export: true });
}

/** `raise(node, slot, plan, until)`: a parameter of the node moves until then. */
export function raise(module: Module, lanesOf: Func): Func {
  return module.func("raise", ["i32", "i32", "i32", "i32"], "void", (f, ...params) => {
    const [node, slot, plan, until] = params;
    prolong(f, node, NODE.MOVING_UNTIL, until);
    const lane = f.local("i32", call(lanesOf, node, slot, plan));
    f.while(lane, () => {
      prolong(f, f.local("i32", i32.load(lane, LANE.OP)), OP.MOVING_UNTIL, until);
      f.set(lane, i32.load(lane, LANE.NEXT));
    });
  });
}

/** Sets a record to a ramp that ends at a frame. */
export function setRamp(
  f: FunctionBuilder,
  record: Local,
  target: Operand,
  slope: Operand,
  end: Operand,
): void {
  f.do(f32.store(record, target, PARAM.TARGET));
  f.do(f32.store(record, slope, PARAM.SLOPE));
  f.do(i32.store(record, end, PARAM.END));
}

/** `change(record, change, node, slot, plan)`: from its value now to a new one. Not while events are linked. */
export function change(module: Module, value: Func, slopeOf: Func, raise: Func): Func {
  const params = ["i32", "i32", "i32", "i32", "i32"] as const;
  return module.func("change", params, "void", (f, record, change, node, slot, plan) => {
    const target = f.local("f32", targetAt(change, CHANGE.TARGET));
    const duration = durationAt(f, change, CHANGE.DURATION);
    const slope = f.local("f32", call(slopeOf, call(value, record), target, duration));
    const end = f.local("i32", i32.add(now(), duration));
    setRamp(f, record, target, slope, end);
    f.if(f32.ne(slope, 0), () => f.do(call(raise, node, slot, plan, end)));
  }, { export: true });
}

/**
 * `tidy(plan, nodes, lane)`: takes finished ramps and "moving until" words of one lane up to now, so
 * that none of them lies so far back that it seems to lie ahead (2^31 frames are 12 hours).
 */
export function tidy(module: Module): Func {
  return module.func("tidy", ["i32", "i32", "i32"], "void", (f, plan, nodes, index) => {
    const time = f.local("i32", now());
    const refresh = (address: Local, offset: number) =>
      f.if(i32.lt_s(i32.sub(i32.load(address, offset), time), 0), () => {
        f.do(i32.store(address, time, offset));
      });
    const entry = i32.add(i32.load(plan, PLAN.LANES), i32.mul(index, LANE_BYTES));
    const lane = f.local("i32", entry);
    refresh(f.local("i32", i32.load(lane, LANE.OP)), OP.MOVING_UNTIL);
    const slot = i32.load(lane, LANE.SLOT);
    const node = f.local("i32", i32.add(nodes, i32.mul(slot, NODE_BYTES)));
    refresh(node, NODE.MOVING_UNTIL);
    const record = f.local("i32", i32.load(node, NODE.PARAMS));
    const count = f.local("i32", i32.load(node, NODE.PARAM_COUNT));
    f.while(count, () => {
      f.if(i32.le_s(i32.sub(i32.load(record, PARAM.END), time), 0), () => {
        f.do(f32.store(record, 0, PARAM.SLOPE));
        f.do(i32.store(record, time, PARAM.END));
      });
      f.set(record, i32.add(record, PARAM_BYTES));
      f.set(count, i32.sub(count, 1));
    });
  }, { export: true });
}
