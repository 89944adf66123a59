import { assert, assertEquals } from "@std/assert";
import { HEADER } from "../../../core/layout.ts";
import { BUILTIN } from "../../../core/rt/plan_format.ts";
import { COMMAND, REPLY } from "../../../core/rt/shared.ts";
import { CLEAR_BYTES } from "../../../core/rt/state_resets.ts";
import { KERNEL, type OpText, Patch, type TestNode } from "./patch.ts";

const count = (from: number, frames: number) => Array.from({ length: frames }, (_, t) => from + t);

/** Four nodes in an op of width 4, each heard on a channel of its own. */
function fourLanes(nodes: (patch: Patch) => readonly TestNode[]) {
  const patch = new Patch({ capacity: { outputs: 4 } });
  const lanes = nodes(patch);
  const full = [0, 1, 2, 3].map((l) => lanes[l] ?? lanes[0]);
  const [input, packed] = [patch.buffer(4), patch.buffer(4)];
  const outs = full.map(() => patch.buffer());
  const op: OpText = {
    still: KERNEL.still4,
    moving: KERNEL.moving4,
    desc: [
      ...full.map((n) => n.state),
      ...full.map((n) => n.params),
      input,
      packed,
      patch.layout.rows,
    ],
    fill: 1,
    outputs: 1,
    width: 4,
    rows: 10,
    lanes: lanes.map((n) => n.slot),
  };
  patch.use(patch.plan([op, { still: BUILTIN.UNPACK, desc: [packed, 4, ...outs] }], outs));
  const render = (frames: number) => {
    patch.scheduler.process(frames);
    const { output } = patch.scheduler;
    return full.map((_, l) => [...output.subarray(0, 4 * frames)].filter((_, k) => k % 4 === l));
  };
  return { patch, lanes, render };
}

Deno.test("a lane that faults is silent for the segment, begins anew, and is named; the others play on", () => {
  const { patch, lanes, render } = fourLanes((p) =>
    [0, 1, 2, 3].map((k) => p.node({ target: 100 * k }, { initial: k }))
  );
  assertEquals(render(64), [0, 1, 2, 3].map((k) => count(101 * k, 64)));
  patch.f32[lanes[2].state / 4] = NaN;
  patch.takeReplies();
  const heard = render(100);
  // Frames 64 to 127 are one segment.
  assertEquals(heard[2], [...count(0, 64).map(() => 0), ...count(202, 36)]);
  for (const k of [0, 1, 3]) assertEquals(heard[k], count(101 * k + 64, 100));
  assertEquals(patch.takeReplies(), [[REPLY.FAULT, lanes[2].slot, lanes[2].generation, 64]]);
  assertEquals(patch.u32[lanes[2].state / 4 + 1], 36);
});

Deno.test("lanes that repeat a faulted one are silenced with it", () => {
  const { patch, lanes, render } = fourLanes((p) => [p.node({ target: 1 })]);
  patch.f32[lanes[0].state / 4] = Infinity;
  assertEquals(render(64), [0, 1, 2, 3].map(() => count(0, 64).map(() => 0)));
  assertEquals(patch.takeReplies().filter(([op]) => op === REPLY.FAULT), [[
    REPLY.FAULT,
    lanes[0].slot,
    1,
    0,
  ]]);
});

Deno.test("a fused chain that faults names the node to blame and silences what follows", () => {
  const patch = new Patch();
  const nodes = [2, 3, 4].map((target) => patch.node({ target }));
  const input = patch.signal(count(1, 64));
  const out = patch.buffer();
  const fused: OpText = {
    still: KERNEL.chain,
    moving: BUILTIN.NOP,
    desc: [3, input, out, ...nodes.map((n) => n.params)],
    skip: 3,
    lanes: nodes.map((n) => n.slot),
  };
  patch.use(
    patch.plan([fused, ...nodes.map((n, k) => patch.gain(n, k === 0 ? input : out, out))], [
      out,
      out,
    ]),
  );
  assertEquals(patch.render(64), count(1, 64).map((x) => 24 * x));
  patch.takeReplies();
  patch.set(nodes[1], NaN);
  assertEquals(patch.render(64), count(0, 64).map(() => 0));
  assertEquals(patch.takeReplies(), [[REPLY.FAULT, nodes[1].slot, 1, 64]]);
  patch.set(nodes[1], 1);
  assertEquals(patch.render(64), count(1, 64).map((x) => 8 * x));
});

/** A node with a long state block, whose second word counts frames. */
function longState(words: number) {
  const patch = new Patch();
  const node = patch.node({ target: 0 }, { stateWords: words, initial: 5 });
  const out = patch.buffer();
  patch.use(patch.plan([patch.counter(node, patch.layout.zeros, out)], [out, out]));
  patch.render(64);
  patch.takeReplies();
  const state = patch.u32.subarray(node.state / 4, node.state / 4 + words);
  const fill = () => state.fill(0xffff_ffff, 2);
  const dirty = () => state.subarray(2).filter((x) => x !== 0).length * 4;
  return { patch, node, fill, dirty };
}

Deno.test("RESET gives a node its first state again, at once if it is not large", () => {
  const { patch, node, fill, dirty } = longState(1000);
  fill();
  patch.send(COMMAND.RESET, node.slot, node.generation, 0, 0, 0, 0);
  assertEquals(patch.render(10), count(5, 10));
  assertEquals([dirty(), patch.u32[node.state / 4 + 1]], [0, 10]);
});

Deno.test("RESET reaches every channel of a node, and no other node", () => {
  const { patch, lanes, render } = fourLanes((p) => {
    const stereo = p.node({ target: 0 }, { channels: 2, initial: 5 });
    return [stereo, { ...stereo, state: stereo.state + 8 }, p.node({ target: 0 })];
  });
  render(64);
  patch.send(COMMAND.RESET, lanes[0].slot, 1, 0, 0, 0, 0);
  const heard = render(4);
  assertEquals(heard.slice(1, 3), [count(5, 4), count(64, 4)]);
});

Deno.test("a large state is cleared over several blocks, so no block takes long", () => {
  const bytes = 3 * CLEAR_BYTES + 4000;
  const { patch, node, fill, dirty } = longState(bytes / 4);
  fill();
  patch.send(COMMAND.RESET, node.slot, node.generation, 0, 0, 0, 0);
  const left: number[] = [];
  for (let k = 0; k < 5; k++) {
    patch.render(64);
    left.push(dirty());
  }
  // The image takes the first word, the frame count is written again.
  const first = bytes - CLEAR_BYTES - 4;
  assertEquals(left, [first, first - CLEAR_BYTES, first - 2 * CLEAR_BYTES, 0, 0]);
});

Deno.test("several large states are cleared one after the other; a change of plan keeps those it knows", () => {
  const patch = new Patch({ capacity: { heapBytes: 2 ** 22 } });
  const bytes = 3 * CLEAR_BYTES;
  const nodes = [0, 1, 2].map((target) =>
    patch.node({ target }, { stateWords: bytes / 4, initial: 5 })
  );
  const out = patch.buffer();
  const planOf = (list: readonly TestNode[]) =>
    patch.plan(list.map((n) => patch.counter(n, patch.layout.zeros, out)), [out, out]);
  patch.use(planOf(nodes));
  patch.render(64);
  const states = nodes.map(({ state }) => patch.u32.subarray(state / 4 + 2, (state + bytes) / 4));
  for (const state of states) state.fill(0xffff_ffff);
  for (const n of nodes) patch.send(COMMAND.RESET, n.slot, n.generation, 0, 0, 0, 0);
  patch.render(64);
  patch.use(planOf(nodes.slice(1)));
  patch.render(1280, 64);
  const isClear = states.map((state) => state.every((x) => x === 0));
  assertEquals(isClear, [false, true, true]);
});

Deno.test("a lane that faults again while its large state is being cleared is named once", () => {
  const { patch, node, fill } = longState(CLEAR_BYTES);
  fill();
  patch.f32[node.state / 4] = NaN;
  // Four blocks' worth: the second and third fault come in between.
  for (let k = 0; k < 3; k++) {
    patch.render(64);
    patch.f32[node.state / 4] = k < 2 ? NaN : 0;
  }
  assertEquals(patch.takeReplies().length, 1);
  patch.render(64);
  patch.f32[node.state / 4] = NaN;
  patch.render(64);
  assertEquals(patch.takeReplies().length, 1);
});

Deno.test("a node's clearing ends with the plan that does not have it any more", () => {
  const { patch, node, fill, dirty } = longState(CLEAR_BYTES);
  fill();
  patch.send(COMMAND.RESET, node.slot, node.generation, 0, 0, 0, 0);
  patch.render(64);
  const left = dirty();
  assert(left > 0);
  const out = patch.buffer();
  patch.use(patch.plan([], [out, out]));
  patch.render(64); // the clearing goes on before commands are taken
  const then = dirty();
  patch.render(640, 64);
  assertEquals(dirty(), then);
});

Deno.test("faults that find no room for their reply are counted", () => {
  const { patch, node } = longState(4);
  patch.set(node, NaN);
  patch.render(64 * 1500, 64);
  assertEquals(patch.takeReplies().length, 1024);
  assertEquals(patch.u32[HEADER.LOST_REPLIES / 4], 1500 - 1024);
});
