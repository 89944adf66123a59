import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  EVENT,
  EVENT_BYTES,
  MAX_RAMP_FRAMES,
  NODE_BYTES,
  PARAM,
  PARAM_BYTES,
  QUANTUM,
} from "../../../core/layout.ts";
import { ParamModel, type Piece, pieceValue, rampPiece } from "./model.ts";
import { Random } from "./random.ts";
import { bitsOf, f32Bits, type RecordValues, Rig } from "./rig.ts";

const rig = new Rig();
const f = Math.fround;
const widths = fc.constantFrom(1, 4, 8);
const frameCounts = fc.integer({ min: 1, max: QUANTUM });
const values = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 })
  .map((x) => x + 0);
const times = fc.oneof(
  fc.nat(1000),
  fc.constantFrom(2 ** 31 - 10, 2 ** 32 - 30, 2 ** 32 - 1, 2 ** 40 - 5),
);
const durations = fc.oneof(
  fc.nat(100),
  fc.nat(1_000_000),
  fc.constantFrom(0, 2 ** 24 + 1, MAX_RAMP_FRAMES),
);

interface Ramp {
  readonly target: number;
  readonly slope: number;
  /** Frames from now to its end; negative if it is over. */
  readonly left: number;
}
const ramps = fc.record({
  target: values,
  slope: fc.oneof(fc.constant(0), values.map((x) => f(x / 100))),
  left: fc.integer({ min: -100, max: 200 }),
});

const record = (now: number, { target, slope, left }: Ramp): RecordValues => ({
  target,
  slope,
  end: (now + left) % 2 ** 32,
});

/** Row of one lane as the record's formula has it. */
const naive = (now: number, { target, slope, left }: Ramp, frames: number) =>
  Array.from({ length: frames }, (_, t) => pieceValue({ target, slope, end: now + left }, now + t));

const lane = (row: readonly number[], width: number, l: number) =>
  row.filter((_, k) => k % width === l);

Deno.test("fill gives target - slope * max(0, end - t), bit for bit, on all lanes", () => {
  const lists = fc.array(ramps, { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(widths, frameCounts, times, lists, fc.nat(3), (width, frames, now, list, p) => {
      rig.clear();
      rig.now = now;
      const still = { target: 7 };
      const nodes = list.slice(0, width).map((ramp) =>
        rig.records([still, still, still, still].with(p, record(now, ramp)))
      );
      const row = rig.room(QUANTUM * width);
      rig.driver.fill(width, rig.words(nodes), p * PARAM_BYTES, row, frames);
      const filled = rig.bits(row, frames * width);
      for (let l = 0; l < width; l++) {
        assertEquals(lane(filled, width, l), bitsOf(naive(now, list[l], frames)));
      }
    }),
  );
});

Deno.test("fill gives exactly the target once a ramp is over, and all along without one", () => {
  rig.clear();
  rig.now = 1000;
  const target = f(0.1);
  const row = rig.room(QUANTUM);
  for (const values of [{ target, slope: f(1e-3), end: 1000 }, { target, slope: 0, end: 5000 }]) {
    rig.driver.fill(1, rig.words([rig.records([values])]), 0, row, QUANTUM);
    assertEquals(new Set(rig.bits(row, QUANTUM)), new Set([f32Bits(target)]));
  }
});

/** Links events to a record as the scheduler would; all within one segment. */
const eventList = fc.array(
  fc.record({ at: fc.nat(QUANTUM - 1), target: values, duration: durations }),
  { maxLength: 6 },
);

/** A node in slot 1 whose records are at an address, and events for its parameter p in the event heap. */
function queueEvents(
  now: number,
  param: number,
  events: readonly { at: number; target: number; duration: number }[],
): void {
  const node = (rig.layout.nodes + NODE_BYTES) / 4;
  rig.u32[node] = 1;
  for (const [k, { at, target, duration }] of events.entries()) {
    const e = (rig.layout.events + k * EVENT_BYTES) / 4;
    rig.u32[e + EVENT.FRAME / 4] = now + at;
    rig.u32[e + EVENT.FRAME / 4 + 1] = Math.floor((now + at) / 2 ** 32);
    rig.u32[e + EVENT.PARAM / 4] = param;
    rig.f32[e + EVENT.TARGET / 4] = target;
    rig.u32[e + EVENT.DURATION / 4] = duration;
    rig.u32[e + EVENT.NEXT / 4] = k - 3;
    rig.u32[e + EVENT.SLOT / 4] = 1;
    rig.u32[e + EVENT.GENERATION / 4] = 1;
    rig.driver.event_push(rig.layout.events, k);
  }
}

Deno.test("events split a row on their frames, in order of frame and arrival, and become the record", () => {
  fc.assert(
    fc.property(
      widths,
      frameCounts,
      times,
      ramps,
      eventList,
      fc.nat(7),
      (width, frames, now, ramp, list, pick) => {
        rig.clear();
        rig.now = now;
        const due = list.filter(({ at }) => at < frames);
        const nodes = Array.from({ length: width }, () => rig.records([record(now, ramp)]));
        const l = pick % width;
        queueEvents(now, nodes[l], list);
        const { events, nodes: table } = rig.layout;
        const kept = rig.driver.link_events(events, list.length, table, 0, frames);
        assertEquals(kept, list.length - due.length);

        let piece: Piece = { ...ramp, end: now + ramp.left };
        const wanted = naive(now, ramp, frames);
        const byFrame = due.toSorted((a, b) => a.at - b.at);
        for (const { at, target, duration } of byFrame) {
          piece = rampPiece(pieceValue(piece, now + at), target, now + at, duration);
          for (let t = at; t < frames; t++) wanted[t] = pieceValue(piece, now + t);
        }
        const row = rig.room(QUANTUM * width);
        rig.driver.fill(width, rig.words(nodes), 0, row, frames);
        const filled = rig.bits(row, frames * width);
        assertEquals(lane(filled, width, l), bitsOf(wanted));
        const other = (l + 1) % width;
        if (other !== l) {
          assertEquals(lane(filled, width, other), bitsOf(naive(now, ramp, frames)));
        }

        rig.driver.apply_events(events, kept, list.length);
        const at = nodes[l] / 4;
        assertEquals(rig.i32[at + PARAM.EVENTS / 4], -1);
        assertEquals(rig.bits(nodes[l], 3), [
          f32Bits(piece.target),
          f32Bits(piece.slope),
          piece.end % 2 ** 32 >>> 0,
        ]);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("link_events drops the events of nodes that have gone", () => {
  rig.clear();
  rig.now = 0;
  const param = rig.records([{ target: 1 }]);
  queueEvents(0, param, [{ at: 3, target: 5, duration: 0 }]);
  rig.u32[(rig.layout.nodes + NODE_BYTES) / 4] = 3;
  const { events, nodes } = rig.layout;
  assertEquals(rig.driver.link_events(events, 1, nodes, 0, 64), 0);
  assertEquals(rig.i32[(param + PARAM.EVENTS) / 4], -1);
  rig.driver.apply_events(events, 0, 1);
  assertEquals(rig.f32[param / 4], 1);
});

Deno.test("a ramp starts at the value, ends on the target and never leaves the span between them", () => {
  fc.assert(
    fc.property(values, values, durations, times, (from, target, duration, now) => {
      rig.clear();
      rig.now = now;
      const param = rig.records([{ target: from, end: now % 2 ** 32 }]);
      const change = rig.words([f32Bits(target), duration]);
      rig.driver.change(param, change, rig.layout.nodes, 0, 0);
      const slope = rig.f32[(param + PARAM.SLOPE) / 4];
      const row = rig.room(QUANTUM);
      const valueAt = (t: number) => {
        rig.now = now + t;
        rig.driver.fill(1, rig.words([param]), 0, row, 1);
        return rig.f32[row / 4];
      };
      const model = new ParamModel(from);
      model.change(now, target, duration);
      const frames = [0, 1, 2, Math.floor(duration / 2), duration - 1, duration, duration + 1];
      for (const t of frames.filter((t) => t >= 0)) {
        const x = valueAt(t);
        assert(x >= Math.min(from, target) && x <= Math.max(from, target), `${x} at ${t}`);
        assertEquals(f32Bits(x), f32Bits(model.at(now + t)));
        if (t >= duration) assertEquals(f32Bits(x), f32Bits(target));
      }
      assert(!Object.is(slope, -0));
    }),
    { numRuns: 500 },
  );
});

Deno.test("a ramp to -0 ends on +0, which is what its formula gives", () => {
  rig.clear();
  rig.now = 0;
  const param = rig.records([{ target: 1 }]);
  for (const duration of [0, 10]) {
    rig.driver.change(param, rig.words([f32Bits(-0), duration]), rig.layout.nodes, 0, 0);
    assertEquals(rig.bits(param, 1), [0]);
  }
});

Deno.test("change cuts ramps that are longer than MAX_RAMP_FRAMES", () => {
  rig.clear();
  rig.now = 10;
  const param = rig.records([{ target: 0 }]);
  rig.driver.change(param, rig.words([f32Bits(1), 0xffff_ffff]), rig.layout.nodes, 0, 0);
  assertEquals(rig.u32[(param + PARAM.END) / 4], 10 + MAX_RAMP_FRAMES);
});

/** `clamp` of the plan format. */
const clamp = (x: number, min: number, max: number) => {
  const y = x > min ? x : min;
  return y < max ? y : max;
};

Deno.test("MODULATE adds signals to the parameter frame by frame and keeps it in range", () => {
  const counts = fc.integer({ min: 0, max: 3 });
  fc.assert(
    fc.property(
      fc.integer(),
      widths,
      frameCounts,
      counts,
      ramps,
      (seed, width, frames, k, ramp) => {
        rig.clear();
        rig.now = 640;
        const random = new Random(seed);
        const limits = { min: f(-0.5), max: f(0.75) };
        const list = Array.from(
          { length: width },
          (_, l) => ({ ...ramp, target: f(ramp.target + l) }),
        );
        const nodes = list.map((r) =>
          rig.records([{ target: 9 }, { ...record(640, r), ...limits }])
        );
        const terms = Array.from({ length: k }, () => ({
          src: Array.from({ length: QUANTUM * width }, () => random.sample()),
          amounts: Array.from({ length: width }, () => random.sample()),
        }));
        const row = rig.room(QUANTUM * width);
        rig.call("MODULATE", [
          row,
          width,
          1,
          ...nodes,
          k,
          ...terms.flatMap(({ src, amounts }) => [rig.signal(src), ...bitsOf(amounts)]),
        ], frames);
        const filled = rig.bits(row, frames * width);
        for (let l = 0; l < width; l++) {
          const wanted = naive(640, list[l], frames).map((x, t) => {
            for (const { src, amounts } of terms) x = f(x + f(amounts[l] * src[t * width + l]));
            return clamp(x, limits.min, limits.max);
          });
          assertEquals(lane(filled, width, l), bitsOf(wanted));
        }
      },
    ),
  );
});

Deno.test("MODULATE gives the smallest value for NaN", () => {
  rig.clear();
  const node = rig.records([{ target: 1, min: -2, max: 2 }]);
  const row = rig.room(QUANTUM);
  const src = rig.signal(new Float32Array(QUANTUM).fill(NaN));
  rig.call("MODULATE", [row, 1, 0, node, 1, src, f32Bits(1)], 4);
  assertEquals(rig.bits(row, 4), bitsOf([-2, -2, -2, -2]));
});

Deno.test("MODULATE_BLOCK latches the first frame's value on the control grid and nowhere else", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      widths,
      fc.integer({ min: 0, max: 3 }),
      ramps,
      (seed, width, k, ramp) => {
        rig.clear();
        const random = new Random(seed);
        const now = 2 ** 32 - QUANTUM;
        const nodes = Array.from(
          { length: width },
          () => rig.records([{ ...record(now, ramp), min: -1, max: 1 }]),
        );
        const terms = Array.from({ length: k }, () => ({
          src: Array.from({ length: QUANTUM * width }, () => random.sample()),
          amounts: Array.from({ length: width }, () => random.sample()),
        }));
        const descriptor = [
          0,
          width,
          0,
          ...nodes,
          k,
          ...terms.flatMap(({ src, amounts }) => [rig.signal(src), ...bitsOf(amounts)]),
        ];
        const latches = () => nodes.map((node) => rig.u32[(node + PARAM.LATCH) / 4]);
        rig.now = now + 1;
        rig.call("MODULATE_BLOCK", descriptor, 8);
        assertEquals(
          latches(),
          nodes.map(() => 0),
        );
        rig.now = now;
        rig.call("MODULATE_BLOCK", descriptor, 8);
        const wanted = nodes.map((_, l) => {
          let [x] = naive(now, ramp, 1);
          for (const { src, amounts } of terms) x = f(x + f(amounts[l] * src[l]));
          return clamp(x, -1, 1);
        });
        assertEquals(latches(), bitsOf(wanted));
      },
    ),
  );
});

Deno.test("MODULATE_BLOCK sees an event that lands on its frame", () => {
  rig.clear();
  rig.now = 128;
  const node = rig.records([{ target: 1 }]);
  queueEvents(128, node, [
    { at: 0, target: 2, duration: 0 },
    { at: 0, target: 3, duration: 0 },
    { at: 1, target: 4, duration: 0 },
  ]);
  rig.driver.link_events(rig.layout.events, 3, rig.layout.nodes, 0, 64);
  rig.call("MODULATE_BLOCK", [0, 1, 0, node, 0], 64);
  assertEquals(rig.f32[(node + PARAM.LATCH) / 4], 3);
});
