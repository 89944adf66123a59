import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { defineNode } from "@aether/dsp";
import { Player } from "../../support/player.ts";

const dc = defineNode({
  name: "dc",
  outputs: ["out"],
  params: { level: { min: -10, max: 10, default: 1, smooth: 0 } },
  tick: (_inputs, { level }) => level,
});

/** Changes of three nodes, and where they are called off. */
const change = fc.record({
  node: fc.nat(2),
  at: fc.integer({ min: 1, max: 1500 }),
  value: fc.integer({ min: -10, max: 10 }),
  frames: fc.integer({ min: 0, max: 200 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Nodes side by side, rendered for 100 frames. */
function playing() {
  const player = new Player({ outputs: 3 });
  const { engine } = player;
  const nodes = [0, 1, 2].map((c) => {
    const node = engine.add(dc, { level: c });
    engine.connect(node, engine.output.channel(c), { fade: 0 });
    return node;
  });
  player.play(100);
  const schedule = ({ node, at, value, frames }: Change) =>
    nodes[node].params.level.set(value, { at: 100 + at, ramp: frames / 48_000 });
  return { engine, player, nodes, schedule };
}

Deno.test("edit() with cancel calls off the changes of its frame and later ones, and no others", () => {
  const plans = fc.tuple(
    fc.array(change, { maxLength: 40 }),
    fc.option(fc.integer({ min: 1, max: 1500 }), { nil: 0 }),
    fc.array(change, { maxLength: 10 }),
  );
  fc.assert(
    fc.property(plans, ([before, at, after]) => {
      const cancelled = playing();
      before.forEach(cancelled.schedule);
      cancelled.engine.edit(() => {}, { at: at && 100 + at, cancel: true });
      after.forEach(cancelled.schedule);

      const never = playing();
      before.filter((c) => at > 0 && c.at < at).forEach(never.schedule);
      after.forEach(never.schedule);

      assertEquals(cancelled.player.play(2000), never.player.play(2000));
      const values = ({ nodes }: typeof never) => nodes.map(({ params }) => params.level.value);
      assertEquals(values(cancelled), values(never));
    }),
    { numRuns: 150 },
  );
});

Deno.test("edit() with cancel makes room for as many changes as before", () => {
  const player = new Player({ capacity: { events: 16 } });
  const { engine } = player;
  const node = engine.add(dc);
  node.connect(engine.output);
  player.play(64);
  const fill = () => {
    for (let i = 0; i < 16; i++) node.params.level.set(i / 16, { at: 10_000 + i });
  };
  for (const _ of [1, 2, 3, 4, 5]) {
    fill();
    assertThrows(() => node.params.level.set(0, { at: 20_000 }), RangeError, "capacity.events");
    engine.edit(() => {}, { cancel: true });
    player.play(64);
  }
  fill();
  player.play(10_100);
  assertEquals(node.params.level.value, 15 / 16);
});

Deno.test("edit() with cancel that throws calls nothing off", () => {
  const { engine, player, nodes } = playing();
  nodes[0].params.level.set(5, { at: 1000 });
  const broken = () => {
    throw new Error("no");
  };
  assertThrows(() => engine.edit(broken, { cancel: true }), Error, "no");
  player.play(1000);
  assertEquals(nodes[0].params.level.value, 5);
});
