import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { defineNode, delayLine, Engine } from "@aether/dsp";
import { type GraphSnapshot, load, restore, SchemaError, snapshot } from "@aether/dsp/snapshot";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";
import { graphs } from "./arbitrary_graph.ts";
import { CAPACITY, engineWith, voice } from "./engines.ts";
import { fuzzLoading } from "./fuzz_load.ts";
import { saw, smooth, types } from "./nodes.ts";

Deno.test("restore() of a random graph with state goes on with the same bits", () => {
  fc.assert(
    fc.property(graphs, fc.integer({ min: 1, max: 3000 }), (graph, frames) => {
      const engine = restore(graph, { types, capacity: CAPACITY });
      const rig = new EnginePlayer(engine);
      rig.play(frames);
      const taken = snapshot(engine, { state: true });
      assertEquals(taken.frame, graph.frame + frames);
      const expected = rig.play(2000);
      const again = new EnginePlayer(restore(taken, { types, blockFrames: 128 }));
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
      assertEquals(firstDifference(new EnginePlayer(again).play(300), rig.play(300)), -1);
      assertEquals(snapshot(again).edges, taken.edges);
    }),
    { numRuns: 20 },
  );
});

Deno.test("restore() goes on within ramps of parameters and gains", () => {
  const { engine, rig } = engineWith(voice);
  rig.play(100);
  engine.node("filter")!.params.cutoff.rampTo(9000, 0.05);
  engine.node("osc")!.params.frequency.set(700, { at: 200, ramp: 0.02 });
  engine.connections[1].gain!.rampTo(-1, 0.04);
  engine.connections[1].gain!.set(0.1, { at: 3000, ramp: 0.001 });
  rig.play(701);
  const again = new EnginePlayer(restore(snapshot(engine, { state: true }), { types }));
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
  const again = new EnginePlayer(restore(taken, { types }));
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
  new EnginePlayer(engine).play(2400);
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

Deno.test("restore() and load() survive damaged snapshots with state", () => {
  fuzzLoading({ runs: 40 });
});
