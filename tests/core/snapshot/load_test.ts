import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { defineNode, Engine } from "@aether/dsp";
import { type GraphSnapshot, load, restore, SchemaError, snapshot } from "@aether/dsp/snapshot";
import { HEADER } from "../../../core/layout.ts";
import { wireKey } from "../../../core/snapshot/wires.ts";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";
import { graphs } from "./arbitrary_graph.ts";
import { CAPACITY, engineWith, essence, voice } from "./engines.ts";
import { saw, smooth, types } from "./nodes.ts";

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
  new EnginePlayer(engine).play(100);
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
      const rig = new EnginePlayer(engine);
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
