/**
 * Pending parameter events: a binary heap of EVENT records, ordered by frame, then by arrival.
 *
 * The earliest event is at the root. Taking it swaps it with the last record of the heap, so the
 * events of one segment lie right behind the heap, later ones first, where they stay until the
 * segment is done. While an event waits, its NEXT word is its number of arrival.
 *
 * @module
 */
import { EVENT, EVENT_BYTES, HEADER, NODE, NODE_BYTES, PARAM } from "../../layout.ts";
import {
  call,
  type Code,
  f32,
  type Func,
  type FunctionBuilder,
  i32,
  i64,
  type Local,
  type Module,
  v128,
} from "../../wasm/mod.ts";
import { ahead, now } from "./emit.ts";
import { rampValue } from "./fill.ts";
import { durationAt, setRamp, targetAt } from "./parameters.ts";

/** `event_before(a, b)`: whether a's turn is before b's. */
export function eventBefore(module: Module): Func {
  return module.func("event_before", ["i32", "i32"], "i32", (f, a, b) => {
    const [first, second] = [a, b].map((event) => f.local("i64", i64.load(event, EVENT.FRAME)));
    f.if(i64.ne(first, second), () => f.return(i64.lt_u(first, second)));
    f.return(i32.lt_s(i32.sub(i32.load(a, EVENT.NEXT), i32.load(b, EVENT.NEXT)), 0));
  });
}

function swap(f: FunctionBuilder, a: Local, b: Local): void {
  for (let offset = 0; offset < EVENT_BYTES; offset += 16) {
    const x = f.local("v128", v128.load(a, offset));
    f.do(v128.store(a, v128.load(b, offset), offset));
    f.do(v128.store(b, x, offset));
  }
}

function eventAt(events: Code, index: Code): Code {
  return i32.add(events, i32.mul(index, EVENT_BYTES));
}

/** `event_push(events, count)`: takes the record behind a heap of `count` records into it. */
export function eventPush(module: Module, before: Func): Func {
  return module.func("event_push", ["i32", "i32"], "void", (f, events, count) => {
    const index = f.local("i32", count);
    f.while(index, () => {
      const parent = f.local("i32", i32.shr_u(i32.sub(index, 1), 1));
      const child = f.local("i32", eventAt(events, index));
      const above = f.local("i32", eventAt(events, parent));
      f.if(i32.eqz(call(before, child, above)), () => f.return());
      swap(f, child, above);
      f.set(index, parent);
    });
  }, { export: true });
}

/** `event_pop(events, count)`: moves the earliest of `count` records to their end. */
function eventPop(module: Module, before: Func): Func {
  return module.func("event_pop", ["i32", "i32"], "void", (f, events, count) => {
    f.set(count, i32.sub(count, 1));
    swap(f, events, f.local("i32", eventAt(events, count)));
    const index = f.local("i32", 0);
    const child = f.local("i32", 1);
    f.while(i32.lt_u(child, count), () => {
      const lower = f.local("i32", eventAt(events, child));
      f.if(i32.lt_u(i32.add(child, 1), count), () => {
        const other = f.local("i32", i32.add(lower, EVENT_BYTES));
        f.if(call(before, other, lower), () => {
          f.set(lower, other);
          f.set(child, i32.add(child, 1));
        });
      });
      const above = f.local("i32", eventAt(events, index));
      f.if(i32.eqz(call(before, lower, above)), () => f.return());
      swap(f, lower, above);
      f.set(index, child);
      f.set(child, i32.add(i32.shl(index, 1), 1));
    });
  });
}

/** `event_link(event)`: appends an event to its parameter's list, with the slope it will have. */
function link(module: Module, slopeOf: Func): Func {
  return module.func("event_link", ["i32"], "void", (f, event) => {
    const record = f.local("i32", i32.load(event, EVENT.PARAM));
    const frame = f.local("i32", i32.load(event, EVENT.FRAME));
    const from = f.local("f32");
    const first = f.local("i32", i32.load(record, PARAM.EVENTS));
    f.if(i32.lt_s(first, 0), () => {
      const left = f.local("i32", i32.sub(i32.load(record, PARAM.END), frame));
      const [target, slope] = [PARAM.TARGET, PARAM.SLOPE].map((at) => f32.load(record, at));
      f.set(from, rampValue(target, slope, left));
      f.do(i32.store(record, event, PARAM.EVENTS));
    }, () => {
      const last = f.local("i32", i32.load(record, PARAM.LAST_EVENT));
      const end = i32.add(i32.load(last, EVENT.FRAME), i32.load(last, EVENT.DURATION));
      const left = f.local("i32", i32.sub(end, frame));
      const [target, slope] = [EVENT.TARGET, EVENT.SLOPE].map((at) => f32.load(last, at));
      f.set(from, rampValue(target, slope, left));
      f.do(i32.store(last, event, EVENT.NEXT));
    });
    f.do(i32.store(record, event, PARAM.LAST_EVENT));
    const target = f.local("f32", targetAt(event, EVENT.TARGET));
    const duration = durationAt(f, event, EVENT.DURATION);
    f.do(f32.store(event, target, EVENT.TARGET));
    f.do(i32.store(event, duration, EVENT.DURATION));
    f.do(f32.store(event, call(slopeOf, from, target, duration), EVENT.SLOPE));
    f.do(i32.store(event, -1, EVENT.NEXT));
  });
}

/**
 * `link_events(events, count, nodes, plan, frames)`: takes the events of this segment out of the heap
 * and links them; those of nodes that have gone get PARAM 0. Returns how many are left in the heap.
 */
export function linkEvents(
  module: Module,
  before: Func,
  slopeOf: Func,
  isGone: Func,
  raise: Func,
): Func {
  const pop = eventPop(module, before);
  const linkOne = link(module, slopeOf);
  const params = ["i32", "i32", "i32", "i32", "i32"] as const;
  return module.func("link_events", params, "i32", (f, events, count, nodes, plan, frames) => {
    const end = f.local(
      "i64",
      i64.add(i64.load(i32.const(0), HEADER.NOW), i64.extend_i32_u(frames)),
    );
    const segmentEnd = f.local("i32", i32.add(now(), frames));
    f.block((done) => {
      f.loop((next) => {
        f.brIf(done, i32.eqz(count));
        f.brIf(done, i64.ge_u(i64.load(events, EVENT.FRAME), end));
        f.do(call(pop, events, count));
        f.set(count, i32.sub(count, 1));
        const event = f.local("i32", eventAt(events, count));
        const slot = f.local("i32", i32.load(event, EVENT.SLOT));
        const node = f.local("i32", i32.add(nodes, i32.mul(slot, NODE_BYTES)));
        const generation = i32.load(node, NODE.GENERATION);
        const isStale = i32.ne(generation, i32.load(event, EVENT.GENERATION));
        f.if(i32.or(isStale, call(isGone, node, slot, plan)), () => {
          f.do(i32.store(event, 0, EVENT.PARAM));
          f.br(next);
        });
        f.do(call(linkOne, event));
        const until = f.local("i32", rampEnd(event));
        f.if(i32.lt_s(ahead(until), ahead(segmentEnd)), () => f.set(until, segmentEnd));
        f.do(call(raise, node, slot, plan, until));
        f.br(next);
      });
    });
    f.return(count);
  }, { export: true });
}

/** `forget_events(events, count, low, high)`: keeps those before a frame; returns how many they are. */
export function forgetEvents(module: Module, push: Func): Func {
  const params = ["i32", "i32", "i32", "i32"] as const;
  return module.func("forget_events", params, "i32", (f, events, count, low, high) => {
    const from = f.local(
      "i64",
      i64.or(i64.shl(i64.extend_i32_u(high), i64.const(32n)), i64.extend_i32_u(low)),
    );
    const [kept, next] = [f.local("i32", 0), f.local("i32", 0)];
    f.while(i32.lt_u(next, count), () => {
      const event = f.local("i32", eventAt(events, next));
      f.if(i64.lt_u(i64.load(event, EVENT.FRAME), from), () => {
        const place = f.local("i32", eventAt(events, kept));
        f.if(i32.ne(place, event), () => swap(f, place, event));
        f.do(call(push, events, kept));
        f.set(kept, i32.add(kept, 1));
      });
      f.set(next, i32.add(next, 1));
    });
    f.return(kept);
  }, { export: true });
}

function rampEnd(event: Local): Code {
  return i32.add(i32.load(event, EVENT.FRAME), i32.load(event, EVENT.DURATION));
}

/** `apply_events(events, kept, count)`: the linked events, which lie behind the `kept` ones, in their order. */
export function applyEvents(module: Module): Func {
  return module.func("apply_events", ["i32", "i32", "i32"], "void", (f, events, kept, count) => {
    f.while(i32.gt_u(count, kept), () => {
      f.set(count, i32.sub(count, 1));
      const event = f.local("i32", eventAt(events, count));
      const record = f.local("i32", i32.load(event, EVENT.PARAM));
      f.if(record, () => {
        const [target, slope] = [EVENT.TARGET, EVENT.SLOPE].map((at) => f32.load(event, at));
        setRamp(f, record, target, slope, rampEnd(event));
        f.do(i32.store(record, -1, PARAM.EVENTS));
      });
    });
  }, { export: true });
}
