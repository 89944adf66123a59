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
import { NODE, NODE_BYTES, PACKED_BYTES, PARAM_BYTES } from "../../layout.ts";
import {
  call,
  callIndirect,
  type Func,
  type FunctionBuilder,
  type FunctionType,
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
    watch?.start(f, plan, frames, op);
    const time = f.local("i32", now());
    const fill = () => f.do(call(fillRows, op, frames));
    eachOp(f, { kernel, op, end, frames, time, fault, fill, watch });
  }, { export: true });
}

/**
 * `name(plan, op, end, frames, rows, stop)`: some of a plan's ops, on any thread. Rows of moving
 * parameters go to the thread's own scratch at `rows`. Ends early, with 0, once the word at `stop` is not 0.
 */
export function walkPart(
  module: Module,
  name: string,
  fillRows: Func,
  fault: Func,
  watch?: WalkWatch,
): Func {
  const kernel = module.type(["i32", "i32"], "i32");
  const params = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return module.func(name, params, "i32", (f, plan, op, end, frames, rows, stop) => {
    watch?.start(f, plan, frames, f.local("i32", i32.load(plan, PLAN.OPS)));
    const time = f.local("i32", now());
    const fill = () => {
      f.do(call(fillRows, op, frames, rows));
    };
    const before = () => f.if(i32["atomic.load"](stop), () => f.return(0));
    eachOp(f, { kernel, op, end, frames, time, fault, fill, before, watch });
    f.return(1);
  }, { export: true });
}

/** What a walk over ops is made of. */
interface Walk {
  readonly kernel: FunctionType;
  readonly op: Local;
  readonly end: Local;
  readonly frames: Local;
  /** Low word of the segment's first frame. */
  readonly time: Local;
  readonly fault: Func;
  /** Fills the op's rows. */
  readonly fill: () => void;
  /** What is done before each op. */
  readonly before?: () => void;
  readonly watch?: WalkWatch;
}

/** Runs the ops from `op` to `end`. */
function eachOp(f: FunctionBuilder, walk: Walk): void {
  const { kernel, op, end, frames, time, fault, fill, before, watch } = walk;
  const mask = f.local("i32");
  f.while(i32.lt_u(op, end), () => {
    before?.();
    const moves = i32.gt_s(i32.sub(i32.load(op, OP.MOVING_UNTIL), time), 0);
    f.if(moves, () => {
      fill();
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
}

/** `fill_rows(op, frames)`: one row for each parameter of FILL, where the descriptor says. */
export function fillRowsOf(module: Module, fill: Func): Func {
  return module.func("fill_rows", ["i32", "i32"], "void", (f, op, frames) => {
    fillEach(f, op, frames, fill);
  });
}

/** `fill_own_rows(op, frames, scratch)`: in the thread's own scratch, which the descriptor is told. */
export function fillOwnRowsOf(module: Module, fill: Func): Func {
  return module.func("fill_own_rows", ["i32", "i32", "i32"], "void", (f, op, frames, scratch) => {
    fillEach(f, op, frames, fill, (place, param) => {
      f.do(i32.store(place, i32.add(scratch, i32.mul(param, PACKED_BYTES))));
    });
  });
}

function fillEach(
  f: FunctionBuilder,
  op: Local,
  frames: Local,
  fill: Func,
  choose?: (place: Local, param: Local) => void,
): void {
  const bits = f.local("i32", i32.and(i32.load(op, OP.FILL), 0xffffff));
  f.if(i32.eqz(bits), () => f.return());
  const desc = f.local("i32", i32.load(op, OP.DESC));
  const shape = f.local("i32", i32.load(op, OP.SHAPE));
  const width = f.local("i32", i32.and(i32.shr_u(shape, 8), 0xff));
  const records = f.local("i32", i32.add(desc, i32.shl(width, 2)));
  const rows = f.local("i32", i32.add(desc, i32.shl(i32.shr_u(shape, 16), 2)));
  f.while(bits, () => {
    const param = f.local("i32", i32.ctz(bits));
    const place = f.local("i32", i32.add(rows, i32.shl(param, 2)));
    choose?.(place, param);
    const row = i32.load(place);
    f.do(call(fill, width, records, i32.mul(param, PARAM_BYTES), row, frames));
    f.set(bits, i32.and(bits, i32.sub(bits, 1)));
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
