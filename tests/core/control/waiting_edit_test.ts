import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Engine } from "@aether/dsp";
import { snapshot } from "@aether/dsp/snapshot";
import { openNullAudio } from "@aether/dsp/realtime-null";
import { HEADER, METER } from "../../../core/layout.ts";
import { ParallelPlayer } from "../../support/parallel_player.ts";
import { Player } from "../../support/player.ts";
import { until } from "../../support/sound_servers.ts";
import { dc, playing, saw, smoother, steps } from "./scheduled_edit_rig.ts";

Deno.test("a withdrawn plan is withdrawn before its turn or not at all, whatever the step", () => {
  // The audio side renders one frame between the steps of control.
  for (let lead = 0; lead <= 8; lead++) {
    const { player, engine, add } = playing({ blockFrames: 8 });
    const frame = engine.now + 4;
    add(1, frame);
    player.scheduler.process(lead);
    add(2, frame - 1);
    const heard = player.play(64);
    const comes = Math.max(frame - 1, 64 + lead);
    const sound = Array.from(heard, (x, t) => [64 + lead + t, x]);
    for (const [t, x] of sound) assertEquals(x, (t >= frame ? 1 : 0) + (t >= comes ? 2 : 0));
    assertEquals(engine.stats().late, 0);
  }
});

Deno.test("a stalled audio side keeps edits waiting, which come on their frames when it goes on", () => {
  const { player, engine, add } = playing();
  for (let k = 0; k < 20; k++) {
    add(1, 20_000 - 900 * k);
    add(100).edit.undo();
    engine.pump();
  }
  const sound = player.play(21_000);
  assertEquals(
    steps(sound, 64),
    Array.from({ length: 20 }, (_, k) => [20_000 - 900 * 19 + 900 * k, k + 1]),
  );
  assertEquals(engine.stats().late, 0);
});

Deno.test("snapshot() has what is scheduled, explainSilence() says what sounds", () => {
  const player = new Player({ outputs: 1 });
  const { engine } = player;
  player.play(64);
  engine.edit(() => void engine.add(dc).connect(engine.output), { at: 1000 });
  assertEquals(snapshot(engine).nodes.length, 1);
  assertEquals(engine.connections.length, 1);
  assertEquals(engine.explainSilence().length, 2);
  player.play(1000);
  assertEquals(engine.explainSilence(), []);
});

/** Everything in memory is free again once nothing is left. */
function checkFree(engine: Engine, player: Player, nodes: number): void {
  for (const node of engine.nodes) node.remove();
  player.play(2000);
  assertEquals(engine.freeMemory.nodes, nodes);
}

Deno.test("random scheduled edits and undos leave no memory behind", () => {
  const step = fc.record({
    kind: fc.constantFrom("add", "add", "feedback", "remove", "undo", "redo", "play", "transient"),
    ahead: fc.constantFrom(0, 0, 30, 300, 3000, 60_000),
    pick: fc.nat(100),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (list) => {
      const player = new Player({ outputs: 1, fade: 0.002 });
      const { engine } = player;
      player.play(64);
      engine.add(smoother).remove();
      const { nodes } = engine.freeMemory;
      for (const { kind, ahead, pick } of list) {
        try {
          if (kind === "undo") engine.undo();
          else if (kind === "redo") engine.redo();
          else if (kind === "play") player.play(ahead % 1000);
          else {
            engine.edit(() => {
              const all = engine.nodes;
              const one = all[pick % all.length];
              if (kind === "remove") one?.remove();
              else {
                const node = engine.add(smoother);
                if (one && kind === "feedback") node.connect(node, { feedback: true, gain: 0.5 });
                one?.connect(node);
                node.connect(engine.output);
                if (kind === "transient") node.remove();
              }
            }, { at: ahead && engine.now + ahead });
          }
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
      }
      player.play(62_000);
      checkFree(engine, player, nodes);
    }),
    { numRuns: 60 },
  );
});

Deno.test("edits of an engine with helpers land on their frames in any order", async () => {
  const make = (player: { readonly engine: Engine; play(frames: number): Float32Array }) => {
    const { engine } = player;
    const heard: number[] = [...player.play(500)];
    const at = (frame: number, frequency: number) =>
      engine.edit(() => {
        for (let k = 0; k < 20; k++) {
          engine.add(saw, { frequency: frequency + k }).connect(engine.output);
        }
      }, { at: frame });
    at(8000, 100);
    heard.push(...player.play(1000));
    at(2111, 200);
    at(0, 300);
    heard.push(...player.play(1000));
    const last = at(2900, 400);
    engine.undo();
    last.redo();
    at(2777, 500);
    heard.push(...player.play(6000));
    assertEquals(engine.stats().late, 0);
    return heard;
  };
  const parallel = new ParallelPlayer({ workers: 1, outputs: 1 });
  try {
    await parallel.ready();
    const [heard, expected] = [make(parallel), make(new Player({ outputs: 1 }))];
    assert(parallel.tasks > 1);
    assertEquals(heard.findIndex((x, t) => !Object.is(x, expected[t])), -1);
  } finally {
    await parallel.close();
  }
});

Deno.test(
  "edits of an engine that plays land on their frames in any order",
  { sanitizeOps: false, sanitizeResources: false },
  async () => {
    const engine = new Engine({ outputs: 1, fade: 0 });
    engine.add(dc, { level: 0 }).connect(engine.output);
    await using _audio = await openNullAudio(engine);
    await until("sound", () => engine.now > 0);
    // The kernel is known, so that no edit takes long.
    const begin = engine.now + 24_000;
    const add = (level: number, at: number) =>
      engine.edit(() => engine.add(dc, { level }).connect(engine.output), { at: begin + at });
    add(8, 3001);
    add(1, 1000);
    add(2, 2003);
    add(1000, 4000).undo();
    // The first plans wait with the audio side by now.
    await until("half a second ahead", () => engine.now > begin - 12_000);
    add(4, 1500);
    engine.edit(() => engine.connections.forEach((connection) => connection.remove()), {
      at: begin + 5000,
    });
    engine.edit(() => void engine.add(dc, { level: 0 }).connect(engine.output));
    await until("the end", () => engine.now > begin + 5100);
    const words = new DataView(engine.shared.memory.buffer);
    const squares = words.getFloat64(HEADER.METERS + METER.SQUARES, true);
    assertEquals(engine.stats().late, 0);
    assertEquals(squares, 500 * 1 + 503 * 25 + 998 * 49 + 1999 * 225);
  },
);

Deno.test("a plan without a loop that is withdrawn leaves the loop as it was until its frame", () => {
  const run = (isDisturbed: boolean) => {
    const { player, engine, add } = playing();
    const mix = engine.add(smoother, { speed: 1 });
    add(1).node.connect(mix);
    mix.connect(engine.output);
    const loop = engine.connect(mix, mix, { feedback: true, gain: 0.5 });
    player.play(200);
    engine.edit(() => loop.remove(), { at: 1000 });
    const heard = [...player.play(100)];
    if (isDisturbed) add(0);
    heard.push(...player.play(2000));
    return heard;
  };
  assertEquals(run(true), run(false));
});

Deno.test("a connection to a node that an edit to come removes is refused, and the node goes on its frame", () => {
  const { player, engine, add } = playing();
  const { node } = add(1, undefined, "one");
  const filter = engine.add(smoother, { speed: 1 }, { name: "filter" });
  filter.connect(engine.output);
  engine.edit(() => engine.remove(node), { at: 5000 });
  player.play(64);
  assertThrows(
    () => engine.edit(() => node.connect(filter), { at: 4000 }),
    RangeError,
    'the edit scheduled for frame 5000 would not be possible any more (Cannot remove node "one": it is connected)',
  );
  const from = engine.now;
  assertEquals(steps(player.play(6000), from), [[from, 1], [5000, 0]]);
});

Deno.test("a fade that began while a later edit waited ends also when that edit is undone", () => {
  const { player, engine, add } = playing({ fade: 0.002 });
  const { node } = add(1);
  player.play(64 * 10);
  const { nodes } = engine.freeMemory;
  engine.remove(node);
  const { edit } = add(1, engine.now + 2000);
  player.play(64);
  edit.undo();
  player.play(64 * 10);
  assertGreater(engine.freeMemory.nodes, nodes);
});
