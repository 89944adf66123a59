import { assertEquals } from "@std/assert";
import { NODE, NODE_BYTES } from "../../../core/layout.ts";
import { BUILTIN, LANE_BYTES, OP, OP_BYTES, PLAN, PROFILE } from "../../../core/rt/plan_format.ts";
import { KERNEL, type OpText, Patch, type TestNode } from "./patch.ts";

const FRAMES = 16;
const until = (patch: Patch, plan: number, op: number) =>
  (patch.u32[(plan + PLAN.OPS) / 4] + op * OP_BYTES + OP.MOVING_UNTIL) / 4;
const list = (patch: Patch, address: number, count = FRAMES) => [
  ...patch.f32.subarray(address / 4, address / 4 + count),
];

Deno.test("run() calls the STILL kernel of an op that does not move, and fills no row", () => {
  const patch = new Patch();
  const node = patch.node({ target: 5 });
  const out = patch.buffer();
  const plan = patch.plan([patch.counter(node, patch.layout.zeros, out)], [out]);
  patch.now = 640;
  patch.u32[until(patch, plan, 0)] = 640;
  const row = list(patch, patch.layout.rows);
  patch.driver.run(plan, FRAMES);
  assertEquals(list(patch, out), Array.from({ length: FRAMES }, (_, t) => 5 + t));
  assertEquals(list(patch, patch.layout.rows), row);
});

Deno.test("run() fills the rows of an op that moves and calls its MOVING kernel", () => {
  const patch = new Patch();
  const nodes = [0, 1, 2].map((k) => patch.node({ target: 100 * k, slope: k, end: 648 }));
  const [input, out] = [patch.buffer(4), patch.buffer(4)];
  const four = [0, 1, 2, 0].map((k) => nodes[k]);
  const plan = patch.plan([{
    still: KERNEL.still4,
    moving: KERNEL.moving4,
    desc: [
      ...four.map((n) => n.state),
      ...four.map((n) => n.params),
      input,
      out,
      patch.layout.rows,
    ],
    fill: 1,
    outputs: 1,
    width: 4,
    rows: 10,
    lanes: nodes.map((n) => n.slot),
  }], [out]);
  patch.now = 640;
  patch.u32[until(patch, plan, 0)] = 641;
  patch.driver.run(plan, FRAMES);
  const wanted = Array.from(
    { length: FRAMES },
    (_, t) => [0, 1, 2].map((k) => 100 * k - k * Math.max(0, 8 - t) + t),
  );
  // The lane that is missing repeats the first and counts its state up as well.
  const rows = wanted.map((_, t) => list(patch, out, FRAMES * 4).slice(4 * t + 1, 4 * t + 3));
  assertEquals(rows, wanted.map(([, a, b]) => [a, b]));
});

Deno.test("run() compares frame times across the wrap of 32 bits", () => {
  const patch = new Patch();
  const node = patch.node({ target: 5, slope: 1, end: 6 });
  const out = patch.buffer();
  const plan = patch.plan([patch.counter(node, patch.layout.zeros, out)], [out]);
  patch.now = 2 ** 32 - 10;
  patch.u32[until(patch, plan, 0)] = 6;
  patch.driver.run(plan, FRAMES);
  assertEquals(list(patch, out), Array.from({ length: FRAMES }, (_, t) => 5 - (16 - t) + t));
});

/** A chain of three gains and the same one by one. */
function chain(patch: Patch, gains: readonly number[]) {
  const nodes = gains.map((target) => patch.node({ target, slope: 0, end: 0 }));
  const input = patch.signal(Array.from({ length: FRAMES }, () => 1));
  const out = patch.buffer();
  const fused: OpText = {
    still: KERNEL.chain,
    moving: BUILTIN.NOP,
    desc: [nodes.length, input, out, ...nodes.map((n) => n.params)],
    skip: nodes.length,
    lanes: nodes.map((n) => n.slot),
  };
  const ops = [fused, ...nodes.map((n, k) => patch.gain(n, k === 0 ? input : out, out))];
  const after = patch.buffer();
  ops.push({ still: BUILTIN.COPY, desc: [after, out] });
  const plan = patch.plan(ops, [after]);
  return { nodes, plan, out, after };
}

Deno.test("run() passes over the SKIP records of a still op", () => {
  const patch = new Patch();
  const { plan, after } = chain(patch, [2, 3, 4]);
  const children = patch.u32[(plan + PLAN.OPS) / 4] + OP_BYTES;
  for (let k = 0; k < 3; k++) patch.u32[(children + k * OP_BYTES + OP.STILL) / 4] = KERNEL.still1;
  patch.driver.run(plan, FRAMES);
  assertEquals(list(patch, after), Array.from({ length: FRAMES }, () => 24));
});

Deno.test("run() runs the SKIP records of a moving op", () => {
  const patch = new Patch();
  const { nodes, plan, after } = chain(patch, [2, 3, 4]);
  patch.f32[nodes[1].params / 4 + 1] = 1;
  patch.u32[nodes[1].params / 4 + 2] = 8;
  for (const op of [0, 2]) patch.u32[until(patch, plan, op)] = 8;
  patch.driver.run(plan, FRAMES);
  const wanted = Array.from({ length: FRAMES }, (_, t) => 2 * (3 - Math.max(0, 8 - t)) * 4);
  assertEquals(list(patch, after), wanted);
});

Deno.test("run() runs a faulting chain's nodes one by one, so the one to blame says so", () => {
  const patch = new Patch();
  const { plan, after } = chain(patch, [2, NaN, 4]);
  patch.driver.run(plan, FRAMES);
  const ops = patch.u32[(plan + PLAN.OPS) / 4];
  assertEquals(patch.faults.map(({ op }) => (op - ops) / OP_BYTES), [0, 2, 3]);
  assertEquals(list(patch, after).some(Number.isFinite), false);
});

Deno.test("run_timed() and run_part_timed() keep the least time of the most ops", () => {
  const patch = new Patch();
  const { plan, after } = chain(patch, [2, 3, 4]);
  const profile = patch.u32[(plan + PLAN.PROFILE) / 4];
  const ops = patch.u32[(plan + PLAN.OPS) / 4];
  const part = (from: number, until: number, took: number) => {
    patch.times.push(100, 100 + took);
    const [first, end] = [from, until].map((op) => ops + op * OP_BYTES);
    const { rows, zeros } = patch.layout;
    assertEquals(patch.driver.run_part_timed(plan, first, end, FRAMES, rows, zeros), 1);
  };
  const kept = () => [
    new Float64Array(patch.u32.buffer, profile + PROFILE.LEAST, 1)[0],
    ...[PROFILE.FROM, PROFILE.UNTIL].map((at) => (patch.u32[(profile + at) / 4] - ops) / OP_BYTES),
  ];
  part(1, 3, 7);
  assertEquals(kept(), [7, 1, 3]);
  for (const took of [9, 6, 8]) part(1, 3, took);
  assertEquals(kept(), [6, 1, 3]);
  part(4, 5, 1);
  part(0, 4, 20);
  part(1, 3, 2);
  assertEquals(kept(), [20, 0, 4]);
  patch.times.push(0, 30);
  patch.driver.run_timed(plan, FRAMES);
  assertEquals(kept(), [30, 0, 5]);
  assertEquals(list(patch, after), Array.from({ length: FRAMES }, () => 24));
});

Deno.test("run() reports the lanes that fault and goes on with the next op", () => {
  const patch = new Patch();
  const nodes = [1, NaN, Infinity, 2].map((target) => patch.node({ target }));
  const [input, out] = [patch.buffer(4), patch.buffer(4)];
  const after = patch.buffer();
  const plan = patch.plan([
    {
      still: KERNEL.still4,
      desc: [...nodes.map((n) => n.state), ...nodes.map((n) => n.params), input, out, 0],
      width: 4,
      rows: 10,
    },
    { still: BUILTIN.UNPACK, desc: [out, 4, 0, 0, 0, after] },
  ], [after]);
  patch.driver.run(plan, FRAMES);
  assertEquals(patch.faults, [{ op: patch.u32[(plan + PLAN.OPS) / 4], mask: 0b0110 }]);
  assertEquals(list(patch, after), Array.from({ length: FRAMES }, (_, t) => 2 + t));
});

/** A plan of two ops over three nodes; the first node has a lane in both. */
function adopted(patch: Patch) {
  const nodes = [0, 1, 2].map(() => patch.node({ target: 1 }));
  const out = patch.buffer();
  const op = (lanes: readonly TestNode[]): OpText => ({
    still: BUILTIN.NOP,
    desc: [],
    lanes: lanes.map((n) => n.slot),
  });
  return { nodes, plan: patch.plan([op([nodes[0], nodes[1]]), op([nodes[2], nodes[0]])], [out]) };
}

Deno.test("adopt() tells nodes where their lanes are and ops until when their parameters move", () => {
  for (const now of [1000, 2 ** 32 - 20]) {
    const patch = new Patch();
    const { nodes, plan } = adopted(patch);
    patch.now = now;
    const times = [now + 50, now - 1, now + 30].map((t) => t % 2 ** 32);
    for (const [k, { slot }] of nodes.entries()) {
      patch.u32[(patch.layout.nodes + slot * NODE_BYTES + NODE.MOVING_UNTIL) / 4] = times[k];
    }
    patch.driver.adopt(plan, patch.layout.nodes);
    const lanes = patch.u32[(plan + PLAN.LANES) / 4];
    assertEquals(
      nodes.map((n) => patch.nodeWord(n, NODE.LANES)),
      [0, 1, 2].map((k) => lanes + k * LANE_BYTES),
    );
    assertEquals([0, 1].map((op) => patch.u32[until(patch, plan, op)]), [times[0], times[0]]);

    for (const { slot } of nodes) {
      patch.u32[(patch.layout.nodes + slot * NODE_BYTES + NODE.MOVING_UNTIL) / 4] = now - 5;
    }
    patch.driver.adopt(plan, patch.layout.nodes);
    assertEquals([0, 1].map((op) => patch.u32[until(patch, plan, op)]), [now, now]);
  }
});

Deno.test("lanes_of() knows an address that is of another plan, another node or no entry", () => {
  const patch = new Patch();
  const { nodes, plan } = adopted(patch);
  patch.driver.adopt(plan, patch.layout.nodes);
  const node = patch.layout.nodes + nodes[1].slot * NODE_BYTES;
  const lanes = patch.u32[(plan + PLAN.LANES) / 4];
  const first = () => patch.driver.lanes_of(node, nodes[1].slot, plan);
  assertEquals(first(), lanes + LANE_BYTES);
  assertEquals(patch.driver.lanes_of(node, nodes[1].slot, 0), 0);
  for (
    const wrong of [0, lanes, lanes + LANE_BYTES + 4, lanes - LANE_BYTES, lanes + 4 * LANE_BYTES]
  ) {
    patch.u32[(node + NODE.LANES) / 4] = wrong;
    assertEquals(first(), 0);
  }
});
