/**
 * The walker: runs a plan's ops in order.
 *
 * An op whose parameters move gets its rows filled and its MOVING kernel called; then, record by
 * record, whatever follows. An op that is still gets its STILL kernel called, and the SKIP records
 * after it, which do the same one by one, are passed over; unless it faults: then they run as well,
 * and the one that is to blame says so itself.
 *
 * @module
 */
import { NODE, NODE_BYTES, PARAM_BYTES } from "../../layout.ts";
import {
  call,
  callIndirect,
  type Func,
  type FunctionBuilder,
  i32,
  type Local,
  type Module,
} from "../../wasm/mod.ts";
import { LANE, LANE_BYTES, OP, OP_BYTES, PLAN } from "../plan_format.ts";
import { ahead, now } from "./emit.ts";

/** What a walk does besides: something once at its start, something after each op. */
export interface WalkWatch {
  /** @param ops the plan's first op */
  start(f: FunctionBuilder, plan: Local, frames: Local, ops: Local): void;
  /** Written where the op has been called, before the walk goes on. */
  called(f: FunctionBuilder, op: Local): void;
}

/** `name(plan, frames)`: one segment of at most `QUANTUM` frames. */
export function walk(
  module: Module,
  name: string,
  fillRows: Func,
  fault: Func,
  watch?: WalkWatch,
): Func {
  const kernel = module.type(["i32", "i32"], "i32");
  return module.func(name, ["i32", "i32"], "void", (f, plan, frames) => {
    const op = f.local("i32", i32.load(plan, PLAN.OPS));
    const end = f.local("i32", i32.add(op, i32.mul(i32.load(plan, PLAN.OP_COUNT), OP_BYTES)));
    const time = f.local("i32", now());
    const mask = f.local("i32");
    watch?.start(f, plan, frames, op);
    f.while(i32.lt_u(op, end), () => {
      const moves = i32.gt_s(i32.sub(i32.load(op, OP.MOVING_UNTIL), time), 0);
      f.if(moves, () => {
        f.do(call(fillRows, op, frames));
        f.set(mask, callIndirect(kernel, i32.load(op, OP.MOVING), i32.load(op, OP.DESC), frames));
        f.if(mask, () => f.do(call(fault, op, mask)));
        watch?.called(f, op);
      }, () => {
        f.set(mask, callIndirect(kernel, i32.load(op, OP.STILL), i32.load(op, OP.DESC), frames));
        f.if(mask, () => {
          f.do(call(fault, op, mask));
          watch?.called(f, op);
        }, () => {
          watch?.called(f, op);
          f.set(op, i32.add(op, i32.mul(i32.load(op, OP.SKIP), OP_BYTES)));
        });
      });
      f.set(op, i32.add(op, OP_BYTES));
    });
  }, { export: true });
}

/** `fill_rows(op, frames)`: one row for each parameter of FILL. */
export function fillRowsOf(module: Module, fill: Func): Func {
  return module.func("fill_rows", ["i32", "i32"], "void", (f, op, frames) => {
    const bits = f.local("i32", i32.and(i32.load(op, OP.FILL), 0xffffff));
    f.if(i32.eqz(bits), () => f.return());
    const desc = f.local("i32", i32.load(op, OP.DESC));
    const shape = f.local("i32", i32.load(op, OP.SHAPE));
    const width = f.local("i32", i32.and(i32.shr_u(shape, 8), 0xff));
    const records = f.local("i32", i32.add(desc, i32.shl(width, 2)));
    const rows = f.local("i32", i32.add(desc, i32.shl(i32.shr_u(shape, 16), 2)));
    f.while(bits, () => {
      const param = f.local("i32", i32.ctz(bits));
      const row = i32.load(i32.add(rows, i32.shl(param, 2)));
      f.do(call(fill, width, records, i32.mul(param, PARAM_BYTES), row, frames));
      f.set(bits, i32.and(bits, i32.sub(bits, 1)));
    });
  });
}

/**
 * `adopt(plan, nodes)`: makes a plan ready to run at the segment that begins now. Nodes learn where
 * their lanes are, and ops until when their parameters move.
 */
export function adopt(module: Module): Func {
  return module.func("adopt", ["i32", "i32"], "void", (f, plan, nodes) => {
    const time = f.local("i32", now());
    const op = f.local("i32", i32.load(plan, PLAN.OPS));
    const end = f.local("i32", i32.add(op, i32.mul(i32.load(plan, PLAN.OP_COUNT), OP_BYTES)));
    f.while(i32.lt_u(op, end), () => {
      f.do(i32.store(op, time, OP.MOVING_UNTIL));
      f.set(op, i32.add(op, OP_BYTES));
    });
    const first = f.local("i32", i32.load(plan, PLAN.LANES));
    const lane = f.local("i32", first);
    f.set(end, i32.add(lane, i32.mul(i32.load(plan, PLAN.LANE_COUNT), LANE_BYTES)));
    // The ops of a LOOP are not among the plan's own, but have lanes like these.
    f.while(i32.lt_u(lane, end), () => {
      f.do(i32.store(i32.load(lane, LANE.OP), time, OP.MOVING_UNTIL));
      f.set(lane, i32.add(lane, LANE_BYTES));
    });
    f.set(lane, first);
    f.while(i32.lt_u(lane, end), () => {
      const node = f.local("i32", i32.add(nodes, i32.mul(i32.load(lane, LANE.SLOT), NODE_BYTES)));
      f.if(i32.load(lane, LANE.HEAD), () => f.do(i32.store(node, lane, NODE.LANES)));
      const until = f.local("i32", i32.load(node, NODE.MOVING_UNTIL));
      f.set(op, i32.load(lane, LANE.OP));
      f.if(i32.gt_s(ahead(until), ahead(i32.load(op, OP.MOVING_UNTIL))), () => {
        f.do(i32.store(op, until, OP.MOVING_UNTIL));
      });
      f.set(lane, i32.add(lane, LANE_BYTES));
    });
  }, { export: true });
}
