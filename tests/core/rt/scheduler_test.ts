import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { HEADER, METER, METER_FRAMES, NODE, NODE_BYTES, PARAM } from "../../../core/layout.ts";
import { BUILTIN, OP, PLAN } from "../../../core/rt/plan_format.ts";
import { Scheduler } from "../../../core/rt/scheduler.ts";
import { COMMAND, MAX_COMMANDS, REPLY } from "../../../core/rt/shared.ts";
import { ParamModel } from "./model.ts";
import { KERNEL, MAIL, Patch } from "./patch.ts";
import { bitsOf } from "./rig.ts";

const f = Math.fround;
const BLOCKS = [1, 7, 48, 64, 100, 256];

/** A patch whose channel 0 is one gain of a signal that is 1: the parameter itself. */
function parameterPatch(value: number, options: ConstructorParameters<typeof Patch>[0] = {}) {
  const patch = new Patch(options);
  const node = patch.node({ target: value, min: -1e6, max: 1e6 });
  const ones = patch.signal(Array.from({ length: 64 }, () => 1));
  const out = patch.buffer();
  const plan = patch.plan([patch.gain(node, ones, out)], [out, out]);
  return { patch, node, plan, out };
}

/** One that counts frames from a value on. */
function counterPatch(value: number, options: ConstructorParameters<typeof Patch>[0] = {}) {
  const patch = new Patch(options);
  const node = patch.node({ target: value });
  const out = patch.buffer();
  const plan = patch.plan([patch.counter(node, patch.layout.zeros, out)], [out, out]);
  return { patch, node, plan, out };
}

const count = (from: number, frames: number) => Array.from({ length: frames }, (_, t) => from + t);

Deno.test("process() gives silence before the first plan and for channels that a plan has not", () => {
  const patch = new Patch({ capacity: { outputs: 3 } });
  patch.scheduler.output.fill(7);
  patch.scheduler.process(100);
  assert(patch.scheduler.output.subarray(0, 300).every((x) => x === 0));
  assert(patch.scheduler.output.subarray(300).every((x) => x === 7));
  const out = patch.signal(Array.from({ length: 64 }, () => 0.5));
  patch.use(patch.plan([], [out]));
  patch.scheduler.process(5);
  assertEquals(
    [...patch.scheduler.output.subarray(0, 15)],
    Array.from({ length: 15 }, (_, k) => k % 3 ? 0 : 0.5),
  );
});

Deno.test("process() gives silence for samples that are not finite, to the output and the meters", () => {
  for (const [channels, block] of [[2, 64], [2, 5], [3, 64]]) {
    const patch = new Patch({ capacity: { outputs: channels } });
    const signal = Array.from({ length: 64 }, () => 0.25);
    [signal[0], signal[3], signal[4], signal[21]] = [Infinity, NaN, -Infinity, 3e38];
    const out = patch.signal(signal);
    patch.use(patch.plan([], [out, out, out].slice(0, channels)));
    const peak = () => patch.f32[(HEADER.METERS + METER.PEAK) / 4];
    patch.scheduler.process(block);
    const { output } = patch.scheduler;
    for (const t of Array.from({ length: block }, (_, t) => t)) {
      const wanted = Number.isFinite(signal[t]) ? f(signal[t]) : 0;
      for (let c = 0; c < channels; c++) assertEquals(output[channels * t + c], wanted);
    }
    assertEquals(peak(), block > 21 ? f(3e38) : 0.25);
  }
});

Deno.test("process() goes on where it stopped, whatever the blocks", () => {
  for (const block of BLOCKS) {
    const { patch, plan } = counterPatch(10);
    patch.use(plan);
    assertEquals(patch.render(600, block), count(10, 600));
    assertEquals(patch.time, 600);
  }
});

Deno.test("process() renders no more than the capacity's blockFrames", () => {
  const { patch, plan } = counterPatch(0, { capacity: { blockFrames: 50 } });
  patch.use(plan);
  patch.scheduler.process(80);
  assertEquals(patch.time, 50);
});

Deno.test("process() takes 32 commands a quantum, in their order, whatever the blocks", () => {
  for (const block of BLOCKS) {
    const { patch, node, plan } = parameterPatch(0);
    patch.use(plan);
    for (let k = 1; k < 100; k++) assert(patch.set(node, k));
    const last = [1, 2, 3].map((k) => k * MAX_COMMANDS - 1);
    const wanted = [...last, 99, 99].flatMap((x) => Array.from({ length: 64 }, () => x));
    assertEquals(patch.render(320, block), wanted);
  }
});

Deno.test("process() takes no more commands than it is told to", () => {
  const { patch, node, plan } = parameterPatch(0);
  patch.use(plan);
  for (let k = 1; k <= 5; k++) patch.set(node, k);
  assertEquals(patch.scheduler.waiting, 6);
  patch.scheduler.process(128, 3);
  assertEquals(patch.scheduler.output[255], 2);
  assertEquals(patch.scheduler.waiting, 3);
  patch.scheduler.process(1, 0);
  assertEquals(patch.scheduler.output[0], 2);
  assertEquals(patch.render(1), [5]);
});

const changes = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 500 }),
    target: fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 }),
    over: fc.oneof(fc.constant(0), fc.nat(300)),
  }),
  { maxLength: 25 },
);

Deno.test("parameter events land on their frame and ramps are the same bits at any block size", () => {
  fc.assert(
    fc.property(changes, fc.constantFrom(0, 2 ** 32 - 300, 2 ** 33 - 64), (list, start) => {
      const model = new ParamModel(3);
      for (const { at, target, over } of list.toSorted((a, b) => a.at - b.at)) {
        model.change(start + at, target, over);
      }
      const wanted = bitsOf(count(start, 600).map((frame) => f(model.at(frame) * 1)));
      for (const block of BLOCKS) {
        const { patch, node, plan } = parameterPatch(3, { start });
        patch.use(plan);
        for (const { at, target, over } of list) patch.set(node, target, { at: start + at, over });
        assertEquals(bitsOf(patch.render(600, block)), wanted);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("PARAM without a frame starts its ramp at the block's first frame, from the value then", () => {
  const { patch, node, plan } = parameterPatch(1);
  patch.use(plan);
  const model = new ParamModel(1);
  const heard: number[] = [];
  for (const [start, target, over] of [[0, 2, 100], [70, -5, 37], [90, 8, 0], [300, 4, 500]]) {
    heard.push(...patch.render(start - heard.length, 16));
    patch.set(node, target, { over });
    model.change(start, target, over);
  }
  heard.push(...patch.render(1000 - heard.length, 16));
  assertEquals(bitsOf(heard), bitsOf(count(0, 1000).map((t) => model.at(t))));
  assertEquals(patch.takeReplies().map(([op]) => op), [REPLY.PLAN]);
});

Deno.test("PARAM with a past frame is done at once, and LATE says by how much", () => {
  const { patch, node, plan } = parameterPatch(1);
  patch.use(plan);
  patch.render(100);
  patch.takeReplies();
  patch.set(node, 2, { at: 58 });
  patch.set(node, 3, { at: 100 });
  assertEquals(patch.render(1), [3]);
  assertEquals(patch.takeReplies(), [[REPLY.LATE, node.slot, 42, COMMAND.PARAM]]);
});

Deno.test("commands and events of stale ids are dropped", () => {
  const { patch, node, plan } = parameterPatch(1);
  patch.use(plan);
  patch.set(node, 5, { generation: 3 });
  patch.set(node, 6, { generation: 3, at: 20 });
  patch.set(node, 7, { generation: 2 });
  patch.send(COMMAND.RESET, node.slot, 3, 0, 0, 0, 0);
  patch.send(99, 1, 2, 3, 4, 5, 6);
  assertEquals(new Set(patch.render(100)), new Set([1]));
  // A slot that is free has an even generation, which is nobody's.
  patch.u32[(patch.layout.nodes + node.slot * NODE_BYTES + NODE.GENERATION) / 4] = 2;
  patch.set(node, 8, { generation: 2 });
  assertEquals(patch.render(1), [1]);
});

Deno.test("an event queue that is full stops commands for the block and loses none", () => {
  const { patch, node, plan } = parameterPatch(0, { capacity: { events: 4 } });
  patch.use(plan);
  for (let k = 1; k <= 10; k++) patch.set(node, k, { at: 10 * k });
  patch.set(node, 50);
  const heard = patch.render(120, 8);
  const wanted = count(0, 120).map((t) => Math.floor(t / 10));
  // The command behind the events waited until the last of them had found room, at frame 64.
  assertEquals(heard.slice(0, 64), wanted.slice(0, 64));
  assertEquals(heard[64], 50);
  assertEquals(heard.slice(70, 120), wanted.slice(70, 120).map((x) => Math.min(x, 10)));
  assertEquals(patch.takeReplies().map(([op]) => op), [REPLY.PLAN]);
});

Deno.test("a plan takes effect on its frame, inside a block, and REPLY.PLAN says so", () => {
  for (const start of [0, 2 ** 32 - 70]) {
    for (const block of BLOCKS) {
      const { patch, node, plan, out } = counterPatch(10, { start });
      const other = patch.node({ target: 1000 });
      const next = patch.plan([
        patch.counter(node, patch.layout.zeros, patch.buffer()),
        patch.counter(other, patch.layout.zeros, out),
      ], [out, out]);
      patch.use(plan);
      const epoch = patch.use(next, start + 101);
      assertEquals(patch.render(300, block), [...count(10, 101), ...count(1000, 199)]);
      // The node that stays counts on, although nobody hears it.
      assertEquals(patch.f32[node.state / 4], 300);
      const frame = start + 101;
      assertEquals(patch.takeReplies(), [
        [REPLY.PLAN, 1, start % 2 ** 32, Math.floor(start / 2 ** 32)],
        [REPLY.PLAN, epoch, frame % 2 ** 32, Math.floor(frame / 2 ** 32)],
      ]);
      assertEquals(patch.u32[HEADER.EPOCH / 4], epoch);
    }
  }
});

Deno.test("plans are taken in the order in which they were sent, late ones at once", () => {
  const patch = new Patch();
  const [a, b, c] = [1, 2, 3].map((x) => {
    const out = patch.signal(Array.from({ length: 64 }, () => x));
    return patch.plan([], [out, out]);
  });
  patch.use(a);
  patch.use(b, 50);
  patch.use(c, 20);
  const heard = patch.render(64);
  assertEquals(heard, count(0, 64).map((t) => t < 50 ? 1 : 3));
  assertEquals(patch.takeReplies(), [
    [REPLY.PLAN, 1, 0, 0],
    [REPLY.PLAN, 2, 50, 0],
    [REPLY.LATE, 3, 30, COMMAND.USE_PLAN],
    [REPLY.PLAN, 3, 50, 0],
  ]);
});

Deno.test("a ramp goes on through a change of plan", () => {
  for (const block of BLOCKS) {
    const { patch, node, plan, out } = parameterPatch(0);
    patch.use(plan);
    patch.set(node, 1, { over: 400 });
    const ones = patch.signal(Array.from({ length: 64 }, () => 1));
    patch.use(patch.plan([patch.gain(node, ones, out)], [out, out]), 33);
    const model = new ParamModel(0);
    model.change(0, 1, 400);
    assertEquals(bitsOf(patch.render(500, block)), bitsOf(count(0, 500).map((t) => model.at(t))));
  }
});

Deno.test("an event for a node that the next plan brings lands on that plan's first frame", () => {
  const { patch, plan, out } = parameterPatch(1);
  const late = patch.node({ target: 5 });
  const ones = patch.signal(Array.from({ length: 64 }, () => 1));
  patch.use(plan);
  patch.use(patch.plan([patch.gain(late, ones, out)], [out, out]), 30);
  patch.set(late, 9, { at: 30, over: 8 });
  const model = new ParamModel(5);
  model.change(30, 9, 8);
  assertEquals(patch.render(64), count(0, 64).map((t) => t < 30 ? 1 : model.at(t)));
});

Deno.test("a plan copies states and starts fades when it is taken", () => {
  const { patch, node, plan, out } = counterPatch(0);
  const heir = patch.node({ target: 100 });
  patch.use(plan);
  const next = patch.plan([patch.counter(heir, patch.layout.zeros, out)], [out, out], {
    copies: [node.state, heir.state, 8],
    fades: [heir.slot, heir.params, bitsOf([200])[0], 20],
  });
  patch.use(next, 40);
  const model = new ParamModel(100);
  model.change(40, 200, 20);
  assertEquals(patch.render(100), count(0, 100).map((t) => t < 40 ? t : f(model.at(t) + t)));
});

Deno.test("REPLY.PLAN is said again until there is room for it", () => {
  const { patch, plan } = counterPatch(0);
  patch.use(plan);
  const { replies } = patch.shared;
  const ring = new Uint32Array(replies);
  const held = ring[1];
  ring[0] = (held + ring.length - 3) % (ring.length - 2); // as if it were full
  patch.render(64);
  ring[0] = held;
  patch.render(64);
  assertEquals(patch.takeReplies(), [[REPLY.PLAN, 1, 64, 0]]);
});

Deno.test("a parameter that stopped moving long ago stays still when 32-bit time comes round", () => {
  const { patch, node, plan } = parameterPatch(0);
  patch.use(plan);
  patch.set(node, 1, { over: 100 });
  patch.render(200);
  // One block a gigaframe: less than half of what 32 bits can tell apart.
  for (let k = 1; k < 12; k++) {
    patch.now = 200 + k * 2 ** 30;
    assertEquals(new Set(bitsOf(patch.render(64))), new Set(bitsOf([1])));
    assertEquals(patch.f32[(node.params + PARAM.SLOPE) / 4], 0);
    // Nor does it take the slower kernel.
    const op = patch.u32[(plan + PLAN.OPS) / 4] + OP.MOVING_UNTIL;
    for (const until of [patch.u32[op / 4], patch.nodeWord(node, NODE.MOVING_UNTIL)]) {
      assert((until - patch.time | 0) <= 0 && (patch.time - until | 0) < 1000);
    }
  }
});

Deno.test("commands and events for a node that the plan has no more are dropped", () => {
  const { patch, node, plan, out } = parameterPatch(1);
  patch.use(plan);
  patch.set(node, 2, { at: 70 });
  patch.set(node, 3, { at: 20 });
  patch.use(patch.plan([], [out, out]), 50);
  patch.render(64);
  patch.set(node, 4);
  patch.render(64);
  assertEquals(patch.f32[node.params / 4], 3);
});

Deno.test("a command behind a plan that is due finds the nodes of that plan", () => {
  const { patch, node, plan, out } = parameterPatch(1);
  const ones = patch.signal(Array.from({ length: 64 }, () => 1));
  patch.use(plan);
  patch.use(patch.plan([], [out, out]));
  patch.render(64);
  patch.use(patch.plan([patch.gain(node, ones, out)], [out, out]));
  patch.set(node, 4);
  assertEquals(patch.render(1), [4]);
});

Deno.test("a new scheduler goes on where the last one stopped, with all that waits", () => {
  const { patch, node, plan } = counterPatch(0, { capacity: { events: 2 } });
  const other = patch.node({ target: 1000 });
  const out = patch.buffer();
  const next = patch.plan([
    patch.counter(node, patch.layout.zeros, patch.buffer()),
    patch.counter(other, patch.layout.zeros, out),
  ], [out, out]);
  patch.use(plan);
  patch.use(next, 200);
  for (const [target, at] of [[100, 120], [200, 130], [300, 140]]) patch.set(node, target, { at });
  const heard: number[] = [];
  while (heard.length < 300) {
    // The third event finds no room at first and waits as a command that was put back.
    const scheduler = new Scheduler(patch.shared);
    for (const mail of MAIL) scheduler.install(mail);
    scheduler.process(13);
    for (let t = 0; t < 13; t++) heard.push(scheduler.output[2 * t]);
  }
  const target = (t: number) => t < 120 ? 0 : t < 130 ? 100 : t < 140 ? 200 : 300;
  const wanted = count(0, heard.length).map((t) => t < 200 ? t + target(t) : 1000 + t - 200);
  assertEquals(heard, wanted);
  assertEquals(patch.takeReplies().map(([op]) => op), [REPLY.PLAN, REPLY.PLAN]);
});

Deno.test("install() makes the kernel table larger when it must", () => {
  const patch = new Patch();
  const node = patch.node({ target: 3 });
  const out = patch.buffer();
  patch.use(patch.plan([patch.counter(node, patch.layout.zeros, out, KERNEL.far)], [out, out]));
  assertEquals(patch.render(10), count(3, 10));
});

Deno.test("planar output has one channel after the other", () => {
  const patch = new Patch({ planar: true, capacity: { outputs: 3, blockFrames: 100 } });
  const nodes = [0, 1000, 2000].map((target) => patch.node({ target }));
  const outs = nodes.map(() => patch.buffer());
  patch.use(patch.plan(nodes.map((n, k) => patch.counter(n, patch.layout.zeros, outs[k])), outs));
  patch.scheduler.process(90);
  assertEquals(patch.scheduler.channels.length, 3);
  for (const [c, channel] of patch.scheduler.channels.entries()) {
    assertEquals([...channel.subarray(0, 90)], count(1000 * c, 90));
    assertEquals(channel.length, 100);
  }
});

Deno.test("AUDIO_INPUT reads the block's input segment by segment", () => {
  const patch = new Patch({ capacity: { inputs: 2 } });
  const out = patch.buffer();
  patch.use(patch.plan([{ still: BUILTIN.AUDIO_INPUT, desc: [out, 1] }], [out, out]));
  for (let block = 0; block < 5; block++) {
    for (let t = 0; t < 100; t++) patch.scheduler.input.set([-1, 100 * block + t], 2 * t);
    assertEquals(patch.render(100), count(100 * block, 100));
  }
});

Deno.test("meters hold the peak of the last two windows and add up squares", () => {
  const { patch, node, plan } = parameterPatch(0.5);
  patch.use(plan);
  const meter = HEADER.METERS / 4;
  const peaks = () => [patch.f32[meter + METER.PEAK / 4], patch.f32[meter + METER.LAST_PEAK / 4]];
  patch.set(node, -3, { at: 10 });
  patch.set(node, 0.25, { at: 11 });
  patch.render(100, 33);
  assertEquals(peaks(), [3, 0]);
  const squares = new Float64Array(patch.shared.memory.buffer)[(HEADER.METERS + METER.SQUARES) / 8];
  assertEquals(squares, 10 * 0.25 + 9 + 89 * 0.0625);
  patch.render(METER_FRAMES - 100, 64);
  assertEquals(peaks(), [3, 0]);
  patch.render(1);
  assertEquals(peaks(), [0.25, 3]);
  patch.render(METER_FRAMES, 64);
  assertEquals(peaks(), [0.25, 0.25]);
});

Deno.test("HEADER.FLUSH is set for segments that end on the control grid, and only for these", () => {
  const patch = new Patch();
  const out = patch.buffer();
  // The first frame of each segment hears the threshold.
  patch.use(patch.plan([{ still: BUILTIN.COPY, desc: [out, HEADER.FLUSH] }], [out, out]));
  const flush = (frames: number) => patch.render(frames)[0] > 0;
  const frames = [1, 9, 54, 64, 63, 1, 7];
  assertEquals(frames.map(flush), [false, false, true, true, false, true, false]);
});
