import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type GraphSnapshot, restore, snapshot } from "@aether/dsp/snapshot";
import { Engine as ParallelEngine } from "@aether/dsp/parallel";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";
import { graphs } from "./arbitrary_graph.ts";
import { CAPACITY, engineWith, essence, voice } from "./engines.ts";
import { saw, smooth, types, wide } from "./nodes.ts";

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

Deno.test("snapshot() keeps the places of a sum of which much has gone, blocks and all", () => {
  const { engine, rig } = engineWith((e) => {
    const hub = e.add(smooth, {}, { name: "hub" });
    hub.connect(e.output);
    for (let i = 0; i < 60; i++) {
      e.add(saw, { frequency: 50 * Math.PI * (i + 1) }, { name: `s${i}` }).connect(hub);
    }
  });
  for (const { from } of engine.connections.slice(1, 38)) engine.node(from.node!)!.remove();
  rig.play(1000);
  const taken = snapshot(engine, { state: true });
  const places = Array.from({ length: 23 }, (_, k) => 37 + k);
  assertEquals(taken.edges.map(({ position }) => position), places);
  const again = new EnginePlayer(restore(taken, { types }));
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
  const again = new EnginePlayer(restore(snapshot(engine, exactly), { types }));
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

Deno.test("settled() waits for fades and edits, and then an exact snapshot goes on with the same bits", async () => {
  const { engine, rig } = engineWith(voice);
  rig.play(100);
  await engine.settled(); // nothing is under way
  engine.add(saw, { frequency: 330 }, { name: "more" }).connect(engine.output, { fade: 0.05 });
  engine.edit(() => engine.node("osc")!.remove(), { at: engine.now + 1000 });
  let isSettled = false;
  const settled = engine.settled().then(() => isSettled = true);
  const also = engine.settled();
  let frames = 0;
  while (!isSettled && frames < 20_000) {
    rig.play(64);
    frames += 64;
    await Promise.resolve().then(() => {});
  }
  await Promise.all([settled, also]);
  // The fade of 2400 frames, and the edit after 1000 with a fade of 240.
  assert(frames >= 2400 && frames < 4000, `${frames} frames`);
  const taken = snapshot(engine, { state: true, exact: true });
  const again = new EnginePlayer(restore(taken, { types }));
  assertEquals(firstDifference(again.play(4000), rig.play(4000)), -1);
});

Deno.test("snapshot() of an engine with helpers has the sizes that were asked for", () => {
  const engine = new ParallelEngine({
    workers: 2,
    capacity: { buffers: 2048, planBytes: 2 ** 20 },
  });
  const { capacity } = snapshot(engine).engine;
  assertEquals(capacity, { buffers: 2048, planBytes: 2 ** 20 });
  assertEquals(snapshot(new ParallelEngine({ workers: 2 })).engine.capacity, undefined);
});
