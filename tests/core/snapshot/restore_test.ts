import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { defineNode, delayLine, Engine } from "@aether/dsp";
import { type GraphSnapshot, load, restore, SchemaError, snapshot } from "@aether/dsp/snapshot";
import { HEADER } from "../../../core/layout.ts";
import { graphs } from "./arbitrary_graph.ts";
import { fuzzLoading } from "./fuzz_load.ts";
import { saw, smooth, types, wide } from "./nodes.ts";
import { wireKey } from "../../../core/snapshot/wires.ts";
import { firstDifference, Rig } from "./rig.ts";

const CAPACITY = { heapBytes: 1 << 18, nodes: 64, buffers: 128, events: 256, planBytes: 65_536 };

/** What must be the same in a graph and in one that an engine was made from. */
function essence(graph: GraphSnapshot): unknown {
  return [graph.nodes, graph.edges, graph.modulations, graph.outputs, graph.frame];
}

function engineWith(build: (engine: Engine) => void): { engine: Engine; rig: Rig } {
  const engine = new Engine({ capacity: CAPACITY });
  build(engine);
  return { engine, rig: new Rig(engine) };
}

/** An oscillator into a filter into the output. */
function voice(engine: Engine): void {
  const osc = engine.add(saw, { frequency: 110 }, { name: "osc" });
  const filter = engine.add(smooth, { cutoff: 300 }, { name: "filter" });
  osc.connect(filter);
  engine.connect(filter, engine.output, { gain: 0.5 });
}

Deno.test("snapshot() of a restored engine is the snapshot", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const engine = restore(graph, { types, capacity: CAPACITY });
      const first = snapshot(engine);
      const second = snapshot(restore(first, { types }));
      assertEquals(second, first);
      // All parameters are written, and the rest is what was asked for.
      for (const [i, node] of first.nodes.entries()) {
        assertEquals({ ...node, params: { ...node.params, ...graph.nodes[i].params } }, node);
      }
      const names = (g: GraphSnapshot) => essence({ ...g, nodes: [] });
      assertEquals(names(first), names(graph));
    }),
    { numRuns: 40 },
  );
});

Deno.test("restore() of a random graph with state goes on with the same bits", () => {
  fc.assert(
    fc.property(graphs, fc.integer({ min: 1, max: 3000 }), (graph, frames) => {
      const engine = restore(graph, { types, capacity: CAPACITY });
      const rig = new Rig(engine);
      rig.play(frames);
      const taken = snapshot(engine, { state: true });
      assertEquals(taken.frame, graph.frame + frames);
      const expected = rig.play(2000);
      const again = new Rig(restore(taken, { types, blockFrames: 128 }));
      assertEquals(firstDifference(again.play(2000), expected), -1);
    }),
    { numRuns: 25 },
  );
});

Deno.test("restore() keeps the places of signals in sums that had others", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 40, maxLength: 120 }), (steps) => {
      const { engine, rig } = engineWith((e) => {
        const hub = e.add(smooth, {}, { name: "hub" });
        hub.connect(e.output);
        for (let i = 0; i < 6; i++) {
          e.add(saw, { frequency: 100 * Math.PI * (i + 1) }, {
            name: `s${i}`,
            channels: 1 + i % 3,
          });
        }
      });
      const hub = engine.node("hub")!;
      for (const step of steps) {
        const into = engine.connections.filter(({ to }) => to.node === "hub");
        if (step >= 160 && into.length > 0) into[step % into.length].remove({ fade: 0 });
        else engine.connect(engine.node(`s${step % 6}`)!, hub, { fade: 0 });
        engine.pump();
        if (step % 7 === 0) rig.play(64);
      }
      rig.play(1000);
      const taken = snapshot(engine, { state: true });
      const again = restore(taken, { types });
      assertEquals(firstDifference(new Rig(again).play(300), rig.play(300)), -1);
      assertEquals(snapshot(again).edges, taken.edges);
    }),
    { numRuns: 20 },
  );
});

Deno.test("snapshot() leaves out empty rows of a sum", () => {
  const { engine, rig } = engineWith((e) => {
    const hub = e.add(smooth, {}, { name: "hub" });
    hub.connect(e.output);
    for (let i = 0; i < 30; i++) {
      e.add(saw, { frequency: 100 * Math.PI * (i + 1) }, { name: `s${i}` }).connect(hub);
    }
  });
  for (const { from } of engine.connections.slice(1, 28)) engine.node(from.node!)!.remove();
  rig.play(1000);
  const taken = snapshot(engine, { state: true });
  // 27, 28 and 29 in row 3 of the sum: now row 0.
  assertEquals(taken.edges.map(({ position }) => position), [3, 4, 5]);
  const again = new Rig(restore(taken, { types }));
  assertEquals(firstDifference(again.play(500), rig.play(500)), -1);
});

Deno.test("snapshot() has ramps in progress, changes to come and what is still on its way", () => {
  const { engine, rig } = engineWith(voice);
  rig.play(64);
  const { cutoff, level } = engine.node("filter")!.params;
  cutoff.rampTo(1300, 1000 / 48_000);
  level.set(0.25, { at: 500, ramp: 96 / 48_000 });
  rig.play(100);
  engine.node("osc")!.params.frequency.set(220);
  const { nodes } = snapshot(engine);
  assertEquals(nodes[1].params.cutoff, { value: 1300, slope: 1, frames: 900 });
  assertEquals(nodes[1].params.level, {
    value: 0.5,
    events: [{ in: 336, value: 0.25, frames: 96 }],
  });
  assertEquals(nodes[0].params.frequency, {
    value: 110,
    events: [{ in: 0, value: 220, frames: 240 }],
  });
  rig.play(2000);
  assertEquals(snapshot(engine).nodes.map((node) => node.params), [
    { frequency: 220, shape: "saw" },
    { cutoff: 1300, level: 0.25 },
  ]);
});

Deno.test("restore() goes on within ramps of parameters and gains", () => {
  const { engine, rig } = engineWith(voice);
  rig.play(100);
  engine.node("filter")!.params.cutoff.rampTo(9000, 0.05);
  engine.node("osc")!.params.frequency.set(700, { at: 200, ramp: 0.02 });
  engine.connections[1].gain!.rampTo(-1, 0.04);
  engine.connections[1].gain!.set(0.1, { at: 3000, ramp: 0.001 });
  rig.play(701);
  const again = new Rig(restore(snapshot(engine, { state: true }), { types }));
  assertEquals(firstDifference(again.play(4000), rig.play(4000)), -1);
  assertEquals(snapshot(again.engine, { state: true }), snapshot(engine, { state: true }));
});

Deno.test("restore() does what was still in the command ring", () => {
  const { engine, rig } = engineWith(voice);
  rig.play(100);
  // The audio side takes 32 commands in 64 frames: the changes of the filter wait.
  for (let i = 0; i < 33; i++) engine.node("osc")!.params.frequency.set(200 + i);
  engine.node("filter")!.params.cutoff.set(5000);
  engine.node("filter")!.params.level.set(0);
  rig.play(28);
  const taken = snapshot(engine, { state: true });
  const late = (value: number) => [{ in: 0, value, frames: 240 }];
  assertEquals(taken.nodes[1].params, {
    cutoff: { value: 300, events: late(5000) },
    level: { value: 0.5, events: late(0) },
  });
  const again = new Rig(restore(taken, { types }));
  assertEquals(firstDifference(again.play(2000), rig.play(2000)), -1);
});

Deno.test("restore() keeps changes of one parameter that fall on one frame, in their order", () => {
  const graph = snapshot(engineWith(voice).engine);
  const steps = [[5000, 0], [100, 0], [2000, 4800]].map(([value, frames]) => ({
    in: 0,
    value,
    frames,
  }));
  graph.nodes[1].params.cutoff = { value: 300, events: steps };
  const engine = restore(graph, { types });
  assertEquals(snapshot(engine).nodes[1].params.cutoff, { value: 300, events: steps });
  new Rig(engine).play(2400);
  // Halfway up from 100, not from 300 or 5000.
  assertEquals(Math.round(engine.node("filter")!.params.cutoff.value as number), 1050);
});

Deno.test("restore() takes values to limits that f32 cannot hold", () => {
  const odd = defineNode({
    name: "odd",
    outputs: ["out"],
    params: { x: { min: 0.7, max: 1.1, default: 1 }, y: { min: -0.1, max: 0.1, default: 0 } },
    tick: (_inputs, { x, y }) => x * y,
  });
  const { engine } = engineWith((e) => {
    e.add(odd, { x: 0.7, y: 0.1 }, { name: "a" });
    e.add(odd, { x: 1.1, y: -0.1 }, { name: "b" });
  });
  const taken = snapshot(engine);
  const values = taken.nodes.map(({ params }) => [params.x, params.y]);
  assertEquals(values, [[0.7, 0.1], [1.1, -0.1]].map((list) => list.map(Math.fround)));
  const again = restore(taken, { types: [odd] });
  assertEquals(snapshot(again).nodes, taken.nodes);
  assertEquals(load(again, taken, { types: [odd] }).size, 0);
});

Deno.test("restore() at another rate keeps times in seconds and drops states", () => {
  const { engine, rig } = engineWith(voice);
  rig.play(480);
  engine.node("filter")!.params.level.set(0.1, { at: 960, ramp: 0.01 });
  const other = restore(snapshot(engine, { state: true }), { types, sampleRate: 96_000 });
  assertEquals(other.sampleRate, 96_000);
  const events = [{ in: 960, value: Math.fround(0.1), frames: 960 }];
  assertEquals(snapshot(other).nodes[1].params.level, { value: 0.5, events });
});

Deno.test("restore() makes room for longer delay lines at a higher rate", () => {
  const line = defineNode({
    name: "line",
    inputs: ["in"],
    outputs: ["out"],
    state: { past: delayLine((sampleRate) => 6 * sampleRate) },
    tick({ in: x }, _params, s) {
      s.past.write(x);
      return s.past.read(100);
    },
  });
  const engine = new Engine();
  engine.add(line).connect(engine.output);
  const graph = snapshot(engine);
  assertEquals(restore(graph, { types: [line], sampleRate: 384_000 }).nodes.length, 1);
  const { heapBytes } = engine.shared.capacity;
  const small = { types: [line], sampleRate: 384_000, capacity: { heapBytes } };
  assertThrows(() => restore(graph, small), SchemaError, "nodes[0]: Cannot make node");
});

Deno.test("restore() refuses what the engine refuses, with the path", () => {
  const graph = snapshot(engineWith(voice).engine);
  const [edge] = graph.edges;
  const cases: [Partial<GraphSnapshot>, string][] = [
    [{ edges: [edge, { ...edge, from: "filter" }] }, "edges[1]: Cannot connect"],
    [{ edges: [{ ...edge, position: 8 }] }, "edges[0]: Cannot connect"],
    [{ edges: [{ ...edge, position: 2 ** 24 }] }, "edges[0]: Cannot connect"],
    [{ edges: [{ ...edge, position: 1 }, { ...edge, position: 1 }] }, "edges[1]: Cannot connect"],
    [{ engine: { ...graph.engine, capacity: { nodes: 1 } } }, "nodes[1]: Cannot add node"],
    [
      { engine: { ...graph.engine, capacity: { heapBytes: 2 ** 31 } } },
      "engine.capacity: expected sizes of at most 268435456 bytes",
    ],
    [{ frame: -1 }, "frame: expected a whole number"],
    [
      { nodes: [{ ...graph.nodes[0], params: { frequency: 0 } }, graph.nodes[1]] },
      "nodes[0].params",
    ],
  ];
  for (const [change, message] of cases) {
    assertThrows(() => restore({ ...graph, ...change }, { types }), SchemaError, message);
  }
  assertThrows(
    () => restore(graph, { types: [saw] }),
    SchemaError,
    'nodes[1].type: expected "saw"',
  );
});

Deno.test("restore() takes over only the state that fits the node's code", () => {
  const { engine, rig } = engineWith(voice);
  rig.play(1000);
  const taken = snapshot(engine, { state: true });
  const newer = defineNode({
    name: "smooth",
    inputs: ["in"],
    outputs: ["out", "rest"],
    params: smooth.params,
    state: { z: 0, older: 3 },
    tick({ in: x }, { level }, s) {
      s.older = s.z;
      s.z += 0.1 * (x - s.z);
      return { out: level * s.older, rest: s.z };
    },
  });
  const other = restore(taken, { types: [saw, newer] });
  const [, { state }] = snapshot(other, { state: true }).nodes;
  assertEquals(state![0].floats, { z: taken.nodes[1].state![0].floats.z, older: 3 });
});

Deno.test("load() keeps nodes of the same name and type going, bit for bit", () => {
  const build = (engine: Engine) => {
    voice(engine);
    engine.add(saw, { frequency: 50 }, { name: "old" }).connect(engine.output.channel(1));
  };
  const { engine, rig } = engineWith(build);
  const still = engineWith(build).rig;
  assertEquals(rig.play(1000), still.play(1000));
  const wanted = snapshot(engine);
  wanted.nodes = wanted.nodes.filter(({ name }) => name !== "old");
  wanted.nodes.push({ type: "wide", name: "new", channels: 1, params: {} });
  wanted.outputs = wanted.outputs.filter(({ from }) => from !== "old");
  wanted.outputs.push({ from: "new", output: "sum", channel: 1, fade: 0.005, curve: "linear" });
  load(engine, wanted, { types });
  const [sound, undisturbed] = [rig.play(2000), still.play(2000)];
  for (let t = 0; t < 2000; t++) assertEquals(sound[2 * t], undisturbed[2 * t]);
  const after = snapshot(engine);
  assertEquals(after.nodes.map((node) => node.name).sort(), ["filter", "new", "osc"]);
  load(engine, after, { types });
  assertEquals(essence(snapshot(engine)), essence(after));
});

Deno.test("load() crossfades: no step is larger than fades explain", () => {
  const dc = defineNode({
    name: "dc",
    outputs: ["out"],
    params: { level: { min: -1, max: 1, default: 1 } },
    tick: (_inputs, { level }) => level,
  });
  const { engine, rig } = engineWith((e) => e.add(dc, {}, { name: "a" }).connect(e.output));
  rig.play(480);
  const graph = snapshot(engine);
  const [node] = graph.nodes;
  const [output] = graph.outputs;
  load(engine, {
    ...graph,
    nodes: [{ ...node, name: "b", params: { level: -1 } }],
    outputs: [{ ...output, from: "b" }],
  }, { types: [dc] });
  const sound = rig.play(960);
  let step = Math.abs(sound[0] - 1);
  for (let t = 1; t < 960; t++) step = Math.max(step, Math.abs(sound[2 * t] - sound[2 * t - 2]));
  assert(step <= 2 / 240 + 1e-6, `${step}`);
  assertEquals(sound.at(-1), -1);
});

Deno.test("load() that fails changes nothing", () => {
  const { engine, rig } = engineWith(voice);
  const still = engineWith(voice).rig;
  rig.play(500);
  still.play(500);
  const before = snapshot(engine, { state: true });
  const [edge] = before.edges;
  const loop = { ...before, edges: [{ ...edge, from: "filter", fade: 0.1 }] };
  assertThrows(() => load(engine, loop, { types }), SchemaError, "edges[0]: Cannot connect");
  const nodes = Array.from({ length: 100 }, (_, i) => ({ ...before.nodes[0], name: `n${i}` }));
  const many = { ...before, nodes, edges: [], outputs: [] };
  assertThrows(() => load(engine, many, { types }), SchemaError, "Cannot add node");
  const events = Array.from({ length: 300 }, (_, i) => ({ in: i + 1, value: 200, frames: 0 }));
  const [osc, filter] = before.nodes;
  const busy = { ...osc, name: "busy", params: { frequency: { value: 100, events } } };
  const crowded = { ...before, nodes: [osc, filter, busy] };
  assertThrows(() => load(engine, crowded, { types }), SchemaError, "capacity.events is 256");
  // What was taken out and put back stands where it stood.
  assertEquals(snapshot(engine, { state: true }), before);
  assertEquals(rig.play(1000), still.play(1000));
});

Deno.test("load() that fails leaves the places of signals in sums", () => {
  const { engine, rig } = engineWith((e) => {
    const hub = e.add(smooth, {}, { name: "hub" });
    hub.connect(e.output);
    for (let i = 0; i < 9; i++) {
      e.add(saw, { frequency: 100 * Math.PI * (i + 1) }, { name: `s${i}` }).connect(hub);
    }
  });
  rig.play(100);
  engine.node("s2")!.remove();
  rig.play(1000);
  const before = snapshot(engine, { state: true });
  const nodes = Array.from({ length: 100 }, (_, i) => ({ ...before.nodes[1], name: `n${i}` }));
  const many = { ...before, nodes, edges: [], outputs: [] };
  assertThrows(() => load(engine, many, { types }), SchemaError, "Cannot add node");
  assertEquals(snapshot(engine, { state: true }), before);
});

Deno.test("restore() and load() survive damaged snapshots with state", () => {
  fuzzLoading({ runs: 40 });
});

Deno.test("load() calls off what was scheduled before, also for nodes that stay", () => {
  const scheduled = engineWith(voice);
  const plain = engineWith(voice);
  for (const { rig } of [scheduled, plain]) rig.play(100);
  const { cutoff } = scheduled.engine.node("filter")!.params;
  cutoff.set(5000, { at: 900, ramp: 0.01 });
  scheduled.engine.connections[1].gain!.set(0.1, { at: 700 });
  const wanted = snapshot(plain.engine);
  wanted.nodes[1].params.cutoff = { value: 300, events: [{ in: 600, value: 800, frames: 64 }] };
  const sounds = [scheduled, plain].map(({ engine, rig }) => {
    load(engine, wanted, { types });
    return rig.play(3000);
  });
  assertEquals(firstDifference(sounds[0], sounds[1]), -1);
  assertEquals(scheduled.engine.node("filter")!.params.cutoff.value, 800);
  const events = new Uint32Array(scheduled.engine.shared.memory.buffer)[HEADER.EVENT_COUNT / 4];
  assertEquals(events, 0);
});

Deno.test("load() at a frame lets happen what was scheduled before it", () => {
  const { engine, rig } = engineWith(voice);
  rig.play(100);
  const { cutoff } = engine.node("filter")!.params;
  const wanted = snapshot(engine);
  wanted.nodes[1].params.cutoff = { value: 300, events: [{ in: 500, value: 90, frames: 0 }] };
  cutoff.set(5000, { at: 1000, ramp: 0 });
  cutoff.set(7000, { at: 2500, ramp: 0 });
  load(engine, wanted, { types, at: 2000 });
  const heard = [1500, 2450, 2600, 3000].map((frame) => {
    rig.play(frame - engine.now);
    return cutoff.value;
  });
  // Back to what the snapshot says, smoothed over 240 frames; its change counts from frame 2000.
  assertEquals(heard, [5000, 300, 90, 90]);
  assertEquals(snapshot(engine).nodes[1].params.cutoff, 90);
});

Deno.test("load() that fails calls nothing off", () => {
  const { engine, rig } = engineWith(voice);
  rig.play(100);
  const { cutoff } = engine.node("filter")!.params;
  cutoff.set(5000, { at: 1000, ramp: 0 });
  const before = snapshot(engine, { state: true });
  const loop = { ...before, edges: [{ ...before.edges[0], from: "filter", fade: 0.1 }] };
  assertThrows(() => load(engine, loop, { types }), SchemaError, "edges[0]: Cannot connect");
  assertEquals(snapshot(engine, { state: true }), before);
  rig.play(2000);
  assertEquals(cutoff.value, 5000);
});

Deno.test("load() refuses more changes than the command ring has room for", () => {
  const capacity = { ...CAPACITY, events: 8192 };
  const engine = new Engine({ capacity });
  voice(engine);
  const before = snapshot(engine);
  const events = Array.from({ length: 5000 }, (_, i) => ({ in: i + 1, value: 200, frames: 0 }));
  const busy = { ...before.nodes[0], name: "busy", params: { frequency: { value: 100, events } } };
  const crowded = { ...before, nodes: [...before.nodes, busy] };
  assertThrows(() => load(engine, crowded, { types }), SchemaError, "room for 4092");
  assertEquals(snapshot(engine).nodes, before.nodes);
  new Rig(engine).play(100);
});

Deno.test("load() of what is there changes nothing, also while it moves", () => {
  const { engine, rig } = engineWith(voice);
  rig.play(100);
  engine.node("filter")!.params.cutoff.rampTo(1000, 0.1);
  engine.connections[1].gain!.rampTo(0.1, 0.1);
  rig.play(100);
  const wanted = snapshot(engine);
  wanted.nodes[1].params.cutoff = 1000;
  wanted.outputs[0].gain = Math.fround(0.1);
  assertEquals(load(engine, wanted, { types }).size, 0);
});

Deno.test("load() at a frame takes effect on it, and its edit can be undone", () => {
  const { engine, rig } = engineWith(voice);
  rig.play(100);
  const before = snapshot(engine);
  const [output] = before.outputs;
  const edit = load(engine, { ...before, outputs: [{ ...output, fade: 0, gain: 0 }] }, {
    types,
    at: 200,
  });
  const sound = rig.play(200);
  assert(sound[2 * 99] !== 0);
  edit.undo();
  rig.play(1000);
  assertEquals(essence({ ...snapshot(engine), frame: 0 }), essence({ ...before, frame: 0 }));
});

Deno.test("load() turns any random graph into any other", () => {
  fc.assert(
    fc.property(graphs, graphs, (a, b) => {
      const engine = restore(a, { types, capacity: CAPACITY });
      const rig = new Rig(engine);
      rig.play(100);
      load(engine, b, { types });
      const rest = (g: GraphSnapshot) =>
        [...g.nodes.map(({ name, type, channels }) => `${name} ${type} ${channels}`)].sort();
      const now = snapshot(engine);
      assertEquals(rest(now), rest(b));
      for (const list of ["edges", "modulations", "outputs"] as const) {
        const text = (g: GraphSnapshot) => g[list].map(wireKey).sort();
        assertEquals(text(now), text(b));
      }
      assert(rig.play(500).every(Number.isFinite));
    }),
    { numRuns: 40 },
  );
});

Deno.test("wide ports and single channels keep their ends", () => {
  const { engine } = engineWith((e) => {
    const a = e.add(saw, {}, { name: "a", channels: 2 });
    const w = e.add(wide, {}, { name: "w" });
    a.outputs.out.connect(w.inputs.left);
    a.outputs.out.channel(1).connect(w.inputs.side);
    w.outputs.out.channel(0).connect(w.inputs.left.channel(1), { feedback: true });
    w.outputs.sum.connect(w.params.width, { amount: 0.1, rate: "control", feedback: true });
    w.outputs.out.connect(e.output);
    w.outputs.sum.connect(e.output.channel(1));
  });
  const graph = snapshot(engine);
  const common = { fade: 0.005, curve: "linear" as const };
  assertEquals(graph.edges, [
    { from: "a", to: "w", ...common },
    { from: "a", outputChannel: 1, to: "w", input: "side", ...common },
    { from: "w", outputChannel: 0, to: "w", inputChannel: 1, feedback: "block", ...common },
  ]);
  assertEquals(graph.modulations, [
    {
      from: "w",
      output: "sum",
      to: "w",
      param: "width",
      amount: 0.1,
      rate: "control",
      feedback: "block",
      ...common,
    },
  ]);
  assertEquals(graph.outputs, [
    { from: "w", ...common },
    { from: "w", output: "sum", channel: 1, ...common },
  ]);
  assertEquals(essence(snapshot(restore(graph, { types }))), essence(graph));
});

Deno.test("snapshot() with exact waits for fades and edits, and then goes on with the same bits", () => {
  const { engine, rig } = engineWith(voice);
  const exactly = { state: true, exact: true };
  rig.play(100);
  engine.add(saw, { frequency: 330 }, { name: "more" }).connect(engine.output);
  engine.node("osc")!.remove();
  engine.node("filter")!.params.cutoff.rampTo(9000, 0.05);
  engine.node("filter")!.params.level.set(0.1, { at: 1500 });
  assertThrows(() => snapshot(engine, exactly), Error, "a connection fades");
  rig.play(100);
  assertThrows(() => snapshot(engine, exactly), Error, "a connection fades");
  rig.play(250);
  // The ramp and the change to come are in the snapshot.
  const again = new Rig(restore(snapshot(engine, exactly), { types }));
  assertEquals(firstDifference(again.play(4000), rig.play(4000)), -1);

  engine.edit(() => engine.node("more")!.remove(), { at: engine.now + 1000 });
  rig.play(900);
  assertThrows(() => snapshot(engine, exactly), Error, "an edit waits for the audio side");
  rig.play(400);
  engine.replace(engine.node("filter")!, smooth);
  assertThrows(() => snapshot(engine, exactly), Error, "an edit waits for the audio side");
  rig.play(400);
  assertEquals(snapshot(engine, exactly).nodes.map(({ type }) => type), ["smooth"]);
});
